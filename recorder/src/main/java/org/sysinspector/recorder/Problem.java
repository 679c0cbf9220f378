// SPDX-License-Identifier: Apache-2.0
// What a failure is to its user: one line and an exit status.
package org.sysinspector.recorder;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.sysinspector.capture.CaptureException;
import org.sysinspector.text.Escape;
import org.sysinspector.text.Unexpected;

/** What a failure is to its user: one line and an exit status. Has no state, so any thread may use it. */
public final class Problem {
    private static final int FAILED = 1;
    private static final int SYSTEM = 3;

    private Problem() {}

    /** Returns the exit status for a failure: 3 where the system cannot do it, else 1. */
    public static int status(Exception e) {
        return e instanceof SystemRefusal ? SYSTEM : FAILED;
    }

    /** Returns one line of printable text on a failure. */
    public static String line(Throwable e) {
        if (e instanceof FileSystemException file) {
            return Escape.terminal("cannot read or write: " + facts(file)
                    + "; see that it may be read and written, and that there is room");
        }
        if (e instanceof SystemRefusal || e instanceof CaptureException || e instanceof IOException) {
            return Escape.terminal(e.getMessage() == null ? Unexpected.line(e) : e.getMessage());
        }
        return Escape.terminal(Unexpected.line(e));
    }

    /** Returns what failed, and on which file where that is known. */
    public static String facts(IOException e) {
        return e instanceof FileSystemException file ? "file=" + file.getFile() + " cause=" + reason(file) : reason(e);
    }

    /** Returns why a file could not be read or written, as short as the system says it. */
    public static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "Permission denied";
        }
        if (e instanceof NoSuchFileException) {
            return "No such file or directory";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "File exists";
        }
        if (e instanceof NotDirectoryException) {
            return "Not a directory";
        }
        if (e instanceof DirectoryNotEmptyException) {
            return "Directory not empty";
        }
        if (e instanceof FileSystemException file && file.getReason() != null) {
            return file.getReason();
        }
        return e.getMessage() == null ? Unexpected.line(e) : e.getMessage();
    }
}
