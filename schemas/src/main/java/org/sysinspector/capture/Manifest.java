// SPDX-License-Identifier: Apache-2.0
// What manifest.json says of a capture.
package org.sysinspector.capture;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * What {@code manifest.json} says of a capture: what was recorded, on which machine, how, and what came of it. Times
 * are CLOCK_BOOTTIME nanoseconds unless the name says realtime (CLOCK_REALTIME, since 1970-01-01 UTC). Until the capture is
 * complete, segments and tables are in a list of their own ({@link RolledList}).
 *
 * @param formatVersion version of the capture's layout, {@link #FORMAT_VERSION}
 * @param captureId 32 hex digits, drawn at the start; every segment carries it
 * @param toolVersion version of sys-inspector that recorded
 * @param state how far the capture is
 * @param host the machine
 * @param window the time recorded
 * @param probes what was attached, and what was refused
 * @param filter what was asked for
 * @param rings sizes of the rings
 * @param clock first and last anchor (boot clock, wall time)
 * @param counts events seen, recorded and lost by class; null until the window ended
 * @param losses what is missing, by class and reason; empty if nothing is
 * @param cost what the recorder itself used; null until the window ended
 * @param segments the log's segments, numbered from 1
 * @param tables the Parquet files, in the order of their segments
 */
public record Manifest(
        @JsonProperty("format_version") int formatVersion,
        @JsonProperty("capture_id") String captureId,
        @JsonProperty("tool_version") String toolVersion,
        @JsonProperty("state") State state,
        @JsonProperty("host") Host host,
        @JsonProperty("window") Window window,
        @JsonProperty("probes") List<Probe> probes,
        @JsonProperty("filter") Filter filter,
        @JsonProperty("rings") List<Ring> rings,
        @JsonProperty("clock") List<Anchor> clock,
        @JsonProperty("counts") List<Count> counts,
        @JsonProperty("losses") List<Loss> losses,
        @JsonProperty("cost") Cost cost,
        @JsonProperty("segments") List<Segment> segments,
        @JsonProperty("tables") List<TableFile> tables) {

    /** The layout written and read by this version. */
    public static final int FORMAT_VERSION = 2;

    /** Returns the events of all classes, and those of unknown class, that are certainly missing; 0 until the window ended. */
    public long lost() {
        return counts == null ? 0 : counts.stream().mapToLong(Count::lost).sum()
                + losses.stream().filter(l -> l.ringClass() == null).mapToLong(Loss::atLeast).sum();
    }

    /** Returns the same manifest at another stage. */
    public Manifest withState(State newState) {
        return new Manifest(formatVersion, captureId, toolVersion, newState, host, window, probes, filter, rings, clock,
                counts, losses, cost, segments, tables);
    }

    /** Returns the same manifest after the end of the window. */
    public Manifest withEnd(Window ended, List<Anchor> anchors, List<Count> totals, List<Loss> missing, Cost used) {
        return new Manifest(formatVersion, captureId, toolVersion, State.RECORDED, host, ended, probes, filter, rings,
                anchors, totals, missing, used, segments, tables);
    }

    /** Returns the same manifest with other rings. */
    public Manifest withRings(List<Ring> told) {
        return new Manifest(formatVersion, captureId, toolVersion, state, host, window, probes, filter, told, clock,
                counts, losses, cost, segments, tables);
    }

    /** Returns the same manifest with another cost. */
    public Manifest withCost(Cost used) {
        return new Manifest(formatVersion, captureId, toolVersion, state, host, window, probes, filter, rings, clock,
                counts, losses, used, segments, tables);
    }

    /** Returns the same manifest with other segments and tables. */
    public Manifest withRolled(List<Segment> rolled, List<TableFile> files) {
        return new Manifest(formatVersion, captureId, toolVersion, state, host, window, probes, filter, rings, clock,
                counts, losses, cost, rolled, files);
    }

    /** Returns the same manifest, complete, with the window, the counts and the losses that rolling found. */
    public Manifest withCompletion(Window ended, List<Count> totals, List<Loss> missing) {
        return new Manifest(formatVersion, captureId, toolVersion, State.COMPLETE, host, ended, probes, filter, rings,
                clock, totals, missing, cost, segments, tables);
    }

    /** How far a capture is. */
    public enum State {
        /** The window is open, or the recorder was killed in it. */
        @JsonProperty("recording")
        RECORDING,
        /** The window ended; segments wait to be rolled. */
        @JsonProperty("recorded")
        RECORDED,
        /** Every segment is rolled. */
        @JsonProperty("complete")
        COMPLETE
    }

    /**
     * The machine.
     *
     * @param name host name
     * @param kernel release of the kernel
     * @param arch architecture
     * @param cpus CPUs online
     * @param bootId id of this boot
     * @param os name of the distribution
     */
    public record Host(
            @JsonProperty("name") String name,
            @JsonProperty("kernel") String kernel,
            @JsonProperty("arch") String arch,
            @JsonProperty("cpus") int cpus,
            @JsonProperty("boot_id") String bootId,
            @JsonProperty("os") String os) {}

    /**
     * The time recorded.
     *
     * @param startNs first moment with all probes attached
     * @param endNs moment the probes were detached; 0 until then
     * @param endedBy duration, signal, command, error, disk_full, max_size; null until then; killed where only roll could
     *     tell
     */
    public record Window(
            @JsonProperty("start_ns") long startNs,
            @JsonProperty("end_ns") long endNs,
            @JsonProperty("ended_by") String endedBy) {}

    /**
     * One BPF program.
     *
     * @param name program
     * @param hook where it is attached
     * @param attached whether it is
     * @param note why not, or null
     */
    public record Probe(
            @JsonProperty("name") String name,
            @JsonProperty("hook") String hook,
            @JsonProperty("attached") boolean attached,
            @JsonProperty("note") String note) {}

    /**
     * What was asked for.
     *
     * @param command the command recorded, empty if none
     * @param wholeSystem whether processes outside the command's tree are recorded
     * @param excludedPid pid of the recorder, which is never recorded
     */
    public record Filter(
            @JsonProperty("command") List<String> command,
            @JsonProperty("whole_system") boolean wholeSystem,
            @JsonProperty("excluded_pid") int excludedPid) {}

    /**
     * One ring.
     *
     * @param ringClass lifecycle, names or io
     * @param cpu its CPU, -1 where all share it
     * @param bytes its size
     * @param seen events that came to it, lost ones included; 0 while recording
     */
    public record Ring(
            @JsonProperty("class") String ringClass,
            @JsonProperty("cpu") int cpu,
            @JsonProperty("bytes") long bytes,
            @JsonProperty("seen") long seen) {}

    /**
     * A moment on both clocks.
     *
     * @param boottimeNs CLOCK_BOOTTIME
     * @param realtimeNs CLOCK_REALTIME
     */
    public record Anchor(
            @JsonProperty("boottime_ns") long boottimeNs, @JsonProperty("realtime_ns") long realtimeNs) {}

    /**
     * Events of one class. seen = recorded + lost, always.
     *
     * @param ringClass lifecycle, names, io or sample (what the recorder itself wrote)
     * @param seen events that reached the point of being written, counted in the kernel
     * @param recorded events in the log
     * @param lost events dropped because a ring was full
     */
    public record Count(
            @JsonProperty("class") String ringClass,
            @JsonProperty("seen") long seen,
            @JsonProperty("recorded") long recorded,
            @JsonProperty("lost") long lost) {}

    /**
     * What is missing of one class for one reason. The known losses of a class add up to {@link Count#lost}.
     *
     * @param ringClass lifecycle, names, io or sample; null where it is not known
     * @param reason a name of enum loss_reason
     * @param atLeast events that are certainly missing
     * @param atMost events that may be missing; null if not known
     */
    public record Loss(
            @JsonProperty("class") String ringClass,
            @JsonProperty("reason") String reason,
            @JsonProperty("at_least") long atLeast,
            @JsonProperty("at_most") Long atMost) {}

    /**
     * What the recorder itself used.
     *
     * @param cpuNs CPU time of its process, rolling beside the capture included
     * @param maxRssAnonBytes its largest anonymous memory
     * @param logBytes bytes of log written
     * @param attachNs time from start of the process to all probes attached
     */
    public record Cost(
            @JsonProperty("cpu_ns") long cpuNs,
            @JsonProperty("max_rss_anon_bytes") long maxRssAnonBytes,
            @JsonProperty("log_bytes") long logBytes,
            @JsonProperty("attach_ns") long attachNs) {}

    /**
     * One segment of the log that is rolled.
     *
     * @param number from 1
     * @param bytes its size
     * @param blocks whole blocks
     * @param events events in them
     * @param damagedBlocks blocks that could not be read (cut off or corrupt)
     * @param damage what was damaged, where; null if nothing
     * @param kept whether the file is still there
     * @param lastNs time of its last event, 0 if it has none
     * @param lost events lost in its time, as far as it says so (rings that were full, blocks that are damaged)
     * @param counts events by class, lost ones as far as the class is known
     * @param losses what is missing in it or before it, by class and reason, as far as it says so
     * @param eventsEnd events in the log up to its end, missing ones included
     * @param merged events that share another one's row of table io: operations put together under pressure
     */
    public record Segment(
            @JsonProperty("number") int number,
            @JsonProperty("bytes") long bytes,
            @JsonProperty("blocks") long blocks,
            @JsonProperty("events") long events,
            @JsonProperty("damaged_blocks") long damagedBlocks,
            @JsonProperty("damage") String damage,
            @JsonProperty("kept") boolean kept,
            @JsonProperty("last_ns") long lastNs,
            @JsonProperty("lost") long lost,
            @JsonProperty("counts") List<Count> counts,
            @JsonProperty("losses") List<Loss> losses,
            @JsonProperty("events_end") long eventsEnd,
            @JsonProperty("merged") long merged) {

        /** Makes one without times, losses and counts by class. */
        public Segment(int number, long bytes, long blocks, long events, long damagedBlocks, String damage,
                boolean kept) {
            this(number, bytes, blocks, events, damagedBlocks, damage, kept, 0, 0, List.of(), List.of(), 0, 0);
        }
    }

    /**
     * One Parquet file.
     *
     * @param table its table
     * @param file path below the capture
     * @param segment the segment it was made from
     * @param rows rows in it
     * @param bytes its size
     * @param crc32c checksum of the whole file, eight hex digits
     */
    public record TableFile(
            @JsonProperty("table") String table,
            @JsonProperty("file") String file,
            @JsonProperty("segment") int segment,
            @JsonProperty("rows") long rows,
            @JsonProperty("bytes") long bytes,
            @JsonProperty("crc32c") String crc32c) {}
}
