// SPDX-License-Identifier: Apache-2.0
// Is told how a window goes.
package org.sysinspector.recorder.window;

/** Is told how a window goes, by the main thread. */
public interface WindowListener {
    /**
     * How far a window is.
     *
     * @param elapsedNs time since its start
     * @param records records in the log, as many as the operations they stand for
     * @param lost events lost
     * @param logBytes bytes of log
     * @param rolledSegments segments that are Parquet
     * @param segments segments begun
     */
    record Progress(long elapsedNs, long records, long lost, long logBytes, int rolledSegments, int segments) {}

    /** The probes are attached and what was there before is written; the command, if any, is about to start. */
    void started();

    /** Once a second. */
    void progress(Progress progress);

    /**
     * The window ended otherwise than it was to: a bound of its size, or the disk.
     *
     * @param why with the figures
     * @param commandGoesOn whether the command goes on, unrecorded
     */
    void ended(String why, boolean commandGoesOn);

    /** The window is over; the rest of the log is being rolled. */
    void rolling();
}
