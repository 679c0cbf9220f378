// SPDX-License-Identifier: Apache-2.0
// Why something could not be read or written, in words.
package org.sysinspector.analyzer.output;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Why something could not be read or written, in words: never the name of a class. */
public final class IoProblem {
    private IoProblem() {}

    /** Returns the reason. */
    public static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "no such file or directory";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "file exists";
        }
        if (e instanceof DirectoryNotEmptyException) {
            return "directory not empty";
        }
        if (e instanceof NotDirectoryException) {
            return "not a directory";
        }
        if (e instanceof CharacterCodingException) {
            return "not UTF-8";
        }
        String reason = e instanceof FileSystemException file ? file.getReason() : e.getMessage();
        return reason == null ? "not known" : reason;
    }

    /** Returns the reason with the file, where it is known. */
    public static String facts(IOException e) {
        return e instanceof FileSystemException file && file.getFile() != null ? reason(e) + ": file=" + file.getFile() : "cannot read or write: " + reason(e);
    }
}
