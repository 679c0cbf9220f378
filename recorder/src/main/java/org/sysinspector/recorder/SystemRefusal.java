// SPDX-License-Identifier: Apache-2.0
// What the system cannot do, said in one line with its remedy.
package org.sysinspector.recorder;

/** Something that the system cannot do (exit code 3). The message is one line: problem, facts, remedy. */
public final class SystemRefusal extends Exception {
    private static final long serialVersionUID = 1L;

    /** Makes one with the line that the user reads. */
    public SystemRefusal(String message) {
        super(message);
    }

    /** Makes one with the line that the user reads and what caused it. */
    public SystemRefusal(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * Explains a library that comes with the recorder and could not be unpacked and loaded.
     *
     * @param error what the loader said
     */
    public static SystemRefusal cannotUnpack(LinkageError error) {
        return new SystemRefusal("cannot unpack a native library: java.io.tmpdir=" + System.getProperty("java.io.tmpdir")
                + "; point it to a directory with room that is not mounted noexec: SYS_INSPECTOR_OPTS=-Djava.io.tmpdir=DIR",
                error);
    }
}
