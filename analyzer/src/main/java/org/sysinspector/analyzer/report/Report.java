// SPDX-License-Identifier: Apache-2.0
// What a report says, as figures: what text, HTML and JSON are made from.
package org.sysinspector.analyzer.report;

import java.util.List;

/**
 * What a report says, as figures. Times are boot clock ns; those named {@code wall} are UTC text.
 *
 * @param window what was recorded
 * @param loss what was lost, as far as it touches what is looked at
 * @param pressure what is told less finely, because operations were put together; null where none were
 * @param happenings what stands out, the most important first
 * @param processes the process tree by birth
 * @param files the busiest files
 * @param shortLived processes that lived under 100 ms
 * @param failures what failed
 * @param coverage what was not seen
 * @param recorder the recorder's own cost
 */
public record Report(Window window, Loss loss, Pressure pressure, List<Happening> happenings, List<Node> processes,
        List<BusyFile> files, ShortLived shortLived, Failures failures, Coverage coverage, RecorderCost recorder) {

    /**
     * What was recorded.
     *
     * @param captureId id of the capture
     * @param host name of the machine
     * @param kernel release of its kernel
     * @param os name of its distribution
     * @param arch its architecture
     * @param cpus its CPUs online
     * @param state recording, recorded or complete
     * @param fromNs start of what is looked at
     * @param toNs its end
     * @param fromWall its start, UTC to the second
     * @param cut whether --from or --to leave something out
     * @param bucketNs length of a bucket
     * @param buckets buckets of the search for spikes; fewer than ten have no normal
     * @param events events in the capture
     * @param lost events lost in the whole capture
     * @param probesRefused probes that could not be attached
     */
    public record Window(String captureId, String host, String kernel, String os, String arch, int cpus,
            String state, long fromNs, long toNs, String fromWall, boolean cut, long bucketNs, long buckets,
            long events, long lost, List<String> probesRefused) {}

    /**
     * A spike with its cause.
     *
     * @param spikeNo its number in view spike
     * @param metric figure
     * @param unit bytes, ns or count
     * @param fromNs its start
     * @param toNs its end
     * @param wall its start, UTC time of day
     * @param value all of it
     * @param ratio mean over the window's median, null where that is 0
     * @param score how far it stands out, more than 1
     * @param lost at most so many events of its kind were lost meanwhile, the figure is a lower bound then; 0 if none,
     *     null if it is not known how many
     * @param ancestor chain of names down to the process that explains most; empty if there is none
     * @param ancestorCommand its command
     * @param ancestorPid its pid, null if there is none
     * @param ancestorShare its part with its descendants, 0 to 1
     * @param path file with the largest part, null if there is none
     * @param pathShare its part, 0 to 1
     * @param op kind of call with the largest part
     * @param ops calls on that file
     * @param pathValue part of that file
     * @param longestNs longest call on that file, null if not known
     * @param command execution with the largest part (for process starts the command started most often)
     * @param commandCount processes behind that command
     * @param medianLifetimeNs how long those lived, null if not known
     * @param alike further spikes like this one, left out
     * @param also other spikes at the same time of the same ancestor
     */
    public record Happening(long spikeNo, String metric, String unit, long fromNs, long toNs, String wall, long value,
            Double ratio, double score, Long lost, List<String> ancestor, String ancestorCommand, Integer ancestorPid,
            double ancestorShare, String path, double pathShare, String op, long ops, long pathValue, Long longestNs,
            String command, long commandCount, Long medianLifetimeNs, int alike, List<Happening> also) {}

    /** One row of view {@code busy_file}. */
    public record BusyFile(String path, String fileType, Long dev, Long ino, long readBytes, long writtenBytes,
            long ops, long processes, String users, Long lost) {}

    /**
     * Processes that lived under 100 ms.
     *
     * @param processes how many
     * @param polled how many of them polling once a second would have seen
     * @param born all processes born in the window
     * @param most the names seen most often among them
     */
    public record ShortLived(long processes, long polled, long born, List<Command> most) {}

    /** A name, how many processes had it, and their median lifetime. */
    public record Command(String command, long processes, long medianLifetimeNs) {}

    /** Failed calls: how many in all, and the most frequent kinds. */
    public record Failures(long execs, long opens, List<Failure> mostExecs, List<Failure> mostOpens) {}

    /**
     * Failed calls that are alike, from view {@code failure}: opens in one directory, execs of one name.
     *
     * @param errno name of the error
     * @param path the name that failed; what several have in common, with dots
     * @param names how many names
     * @param comm names of the callers, the first three of them
     * @param failures how often
     */
    public record Failure(String errno, String path, long names, String comm, long failures) {}

    /**
     * Bytes counted by the kernel against bytes seen, for processes that lived within the window.
     *
     * @param missedBytes counted and not seen
     * @param unexplainedBytes those of them beyond the 4 KiB an exec that the kernel may have read itself of a program
     * @param countedBytes counted
     * @param execs execs of these processes (the kernel reads a little at each)
     * @param mostly names of those with the most of it
     */
    public record Coverage(long missedBytes, long unexplainedBytes, long countedBytes, long execs, List<String> mostly) {
        /** Returns the part that was seen, 0 to 1; 1 where nothing was counted. */
        public double explained() {
            return countedBytes == 0 ? 1 : 1 - (double) missedBytes / countedBytes;
        }
    }

    /**
     * The recorder's own cost.
     *
     * @param cpuNs CPU time of its process
     * @param rssBytes largest anonymous memory of its process
     * @param logBytes bytes of log written
     * @param programs its BPF programs, null where their runs were not counted
     */
    public record RecorderCost(long cpuNs, long rssBytes, long logBytes, ProgramCost programs) {}

    /**
     * What the recorder's BPF programs took, estimated from slices of time in which their runs were counted.
     *
     * @param slices slices
     * @param countedNs their length together
     * @param cpuShare part of one CPU, 0 to the number of CPUs
     * @param nsPerEvent nanoseconds per event of the capture
     */
    public record ProgramCost(long slices, long countedNs, double cpuShare, double nsPerEvent) {}
}
