// SPDX-License-Identifier: Apache-2.0
// Why something could not be read or written, in words.
package org.sysinspector.text;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Why something could not be read or written, in the words of the system: never the name of a class. Has no state. */
public final class IoProblem {
    private IoProblem() {}

    /** Returns the reason. */
    public static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "No such file or directory";
        }
        if (e instanceof AccessDeniedException) {
            return "Permission denied";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "File exists";
        }
        if (e instanceof DirectoryNotEmptyException) {
            return "Directory not empty";
        }
        if (e instanceof NotDirectoryException) {
            return "Not a directory";
        }
        if (e instanceof CharacterCodingException) {
            return "not UTF-8";
        }
        String reason = e instanceof FileSystemException file && file.getReason() != null ? file.getReason() : e.getMessage();
        return reason == null ? Unexpected.line(e) : reason;
    }

    /** Returns what failed, and on which file where that is known. */
    public static String facts(IOException e) {
        return e instanceof FileSystemException file && file.getFile() != null
                ? "file=" + file.getFile() + " cause=" + reason(file) : reason(e);
    }
}
