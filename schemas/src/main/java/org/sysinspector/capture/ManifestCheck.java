// SPDX-License-Identifier: Apache-2.0
// Says which field of a manifest cannot be.
package org.sysinspector.capture;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.sysinspector.schema.SchemaCatalog;

/** Says which field of a manifest cannot be: nothing is null that may not be, numbers are in their range and add up. */
final class ManifestCheck {
    /** What can end a window. */
    private static final Set<String> ENDED_BY =
            Set.of("duration", "signal", "command", "error", "killed", "disk_full", "max_size");
    private static final Set<String> CLASSES = Set.of(SchemaCatalog.get().enumeration("ring_class").names());
    private static final Set<String> REASONS = Set.of(SchemaCatalog.get().enumeration("loss_reason").names());
    private static final Pattern CAPTURE_ID = Pattern.compile("[0-9a-f]{32}");
    private static final Pattern CRC = Pattern.compile("[0-9a-f]{8}");
    private static final Pattern TABLE = Pattern.compile("[a-z_]{1,64}");
    /** 31 years in nanoseconds: no machine is up for longer. */
    private static final long MAX_BOOTTIME_NS = 1_000_000_000_000_000_000L;
    private static final long MAX_COUNT = 1L << 56;
    private static final int MAX_CPUS = 1 << 16;
    private static final int MAX_LINE = 1 << 10;
    private static final int MAX_TEXT = 256 << 10;
    private static final int MAX_DAMAGE_TEXT = 16 << 10;

    private final String problem;
    private int number;
    private final Set<String> tablesOfSegment = new HashSet<>();
    private int segmentOfTables;

    private ManifestCheck(String problem) {
        this.problem = problem;
    }

    /** Checks a whole manifest. */
    static void check(Manifest manifest, String file) throws CaptureException {
        ManifestCheck check = new ManifestCheck("manifest is damaged: file=" + file + " field=");
        check.head(manifest);
        check.rolled(manifest.segments(), manifest.tables());
    }

    /** Checks what follows in the list of rolled segments, after so many in the manifest itself. */
    static ManifestCheck list(String file, int before) {
        ManifestCheck check = new ManifestCheck("list of rolled segments is damaged: file=" + file + " field=");
        check.number = before;
        return check;
    }

    private void head(Manifest manifest) throws CaptureException {
        match("capture_id", manifest.captureId(), CAPTURE_ID);
        text("tool_version", manifest.toolVersion(), MAX_LINE);
        present("state", manifest.state());
        Manifest.Host host = present("host", manifest.host());
        text("host.name", host.name(), MAX_LINE);
        text("host.kernel", host.kernel(), MAX_LINE);
        text("host.arch", host.arch(), MAX_LINE);
        range("host.cpus", host.cpus(), 1, MAX_CPUS);
        text("host.boot_id", host.bootId(), MAX_LINE);
        text("host.os", host.os(), MAX_LINE);
        window(manifest);
        int i = 0;
        for (Manifest.Probe probe : present("probes", manifest.probes())) {
            String at = "probes[" + i++ + "]";
            present(at, probe);
            text(at + ".name", probe.name(), MAX_LINE);
            text(at + ".hook", probe.hook(), MAX_LINE);
        }
        Manifest.Filter filter = present("filter", manifest.filter());
        i = 0;
        for (String argument : present("filter.command", filter.command())) {
            text("filter.command[" + i++ + "]", argument, MAX_TEXT);
        }
        range("filter.excluded_pid", filter.excludedPid(), 0, Integer.MAX_VALUE);
        rings(manifest);
        i = 0;
        for (Manifest.Anchor anchor : present("clock", manifest.clock())) {
            String at = "clock[" + i++ + "]";
            present(at, anchor);
            range(at + ".boottime_ns", anchor.boottimeNs(), 0, MAX_BOOTTIME_NS);
            range(at + ".realtime_ns", anchor.realtimeNs(), 0, Long.MAX_VALUE);
        }
        if (manifest.counts() != null) {
            counts("counts", manifest.counts());
        }
        losses("losses", present("losses", manifest.losses()));
        if (manifest.cost() != null) {
            range("cost.cpu_ns", manifest.cost().cpuNs(), 0, Long.MAX_VALUE);
            range("cost.max_rss_anon_bytes", manifest.cost().maxRssAnonBytes(), 0, Long.MAX_VALUE);
            range("cost.log_bytes", manifest.cost().logBytes(), 0, MAX_COUNT);
            range("cost.attach_ns", manifest.cost().attachNs(), 0, MAX_BOOTTIME_NS);
        }
    }

    private void window(Manifest manifest) throws CaptureException {
        Manifest.Window window = present("window", manifest.window());
        range("window.start_ns", window.startNs(), 0, MAX_BOOTTIME_NS);
        if (window.endNs() != 0 || manifest.state() == Manifest.State.COMPLETE) {
            range("window.end_ns", window.endNs(), window.startNs(), MAX_BOOTTIME_NS);
            known("window.ended_by", window.endedBy(), ENDED_BY);
        }
    }

    private void rings(Manifest manifest) throws CaptureException {
        int i = 0;
        for (Manifest.Ring ring : present("rings", manifest.rings())) {
            String at = "rings[" + i++ + "]";
            present(at, ring);
            known(at + ".class", ring.ringClass(), CLASSES);
            range(at + ".cpu", ring.cpu(), -1, MAX_CPUS);
            range(at + ".bytes", ring.bytes(), 0, MAX_COUNT);
            range(at + ".seen", ring.seen(), 0, MAX_COUNT);
        }
    }

    private void losses(String field, List<Manifest.Loss> losses) throws CaptureException {
        int i = 0;
        for (Manifest.Loss loss : losses) {
            String at = field + "[" + i++ + "]";
            present(at, loss);
            if (loss.ringClass() != null) {
                known(at + ".class", loss.ringClass(), CLASSES);
            }
            known(at + ".reason", loss.reason(), REASONS);
            range(at + ".at_least", loss.atLeast(), 0, MAX_COUNT);
            if (loss.atMost() != null) {
                range(at + ".at_most", loss.atMost(), loss.atLeast(), MAX_COUNT);
            }
        }
    }

    private void counts(String field, List<Manifest.Count> counts) throws CaptureException {
        Set<String> seen = new HashSet<>();
        int i = 0;
        for (Manifest.Count count : counts) {
            String at = field + "[" + i++ + "]";
            present(at, count);
            known(at + ".class", count.ringClass(), CLASSES);
            range(at + ".recorded", count.recorded(), 0, MAX_COUNT);
            range(at + ".lost", count.lost(), 0, MAX_COUNT);
            range(at + ".seen", count.seen(), count.recorded() + count.lost(), count.recorded() + count.lost());
            if (!seen.add(count.ringClass())) {
                throw bad(at + ".class", "there twice", count.ringClass());
            }
        }
    }

    /** Checks segments that are rolled, and the tables made from them. */
    void rolled(List<Manifest.Segment> segments, List<Manifest.TableFile> tables) throws CaptureException {
        for (Manifest.Segment segment : present("segments", segments)) {
            segment(number, segment);
            number++;
        }
        int i = 0;
        for (Manifest.TableFile table : present("tables", tables)) {
            table("tables[" + i++ + "]", table);
        }
    }

    private void segment(int index, Manifest.Segment segment) throws CaptureException {
        String at = "segments[" + index + "]";
        present(at, segment);
        range(at + ".number", segment.number(), index + 1, index + 1);
        range(at + ".bytes", segment.bytes(), 0, MAX_COUNT);
        range(at + ".blocks", segment.blocks(), 0, MAX_COUNT);
        range(at + ".events", segment.events(), 0, MAX_COUNT);
        range(at + ".damaged_blocks", segment.damagedBlocks(), 0, MAX_COUNT);
        if (segment.damage() != null) {
            text(at + ".damage", segment.damage(), MAX_DAMAGE_TEXT);
        }
        range(at + ".last_ns", segment.lastNs(), 0, Long.MAX_VALUE);
        range(at + ".lost", segment.lost(), 0, MAX_COUNT);
        counts(at + ".counts", present(at + ".counts", segment.counts()));
        losses(at + ".losses", present(at + ".losses", segment.losses()));
        range(at + ".events_end", segment.eventsEnd(), 0, MAX_COUNT);
        range(at + ".merged", segment.merged(), 0, segment.events());
    }

    private void table(String at, Manifest.TableFile table) throws CaptureException {
        present(at, table);
        match(at + ".table", table.table(), TABLE);
        // In the order of their segments, so that none is there twice unseen.
        range(at + ".segment", table.segment(), Math.max(1, segmentOfTables), number);
        if (table.segment() != segmentOfTables) {
            tablesOfSegment.clear();
            segmentOfTables = table.segment();
        }
        if (!tablesOfSegment.add(table.table())) {
            throw bad(at + ".table", "there twice", table.table());
        }
        String file = String.format(Locale.ROOT, "tables/%s/%06d.parquet", table.table(), table.segment());
        if (!file.equals(table.file())) {
            throw bad(at + ".file", file, table.file());
        }
        range(at + ".rows", table.rows(), 1, MAX_COUNT);
        range(at + ".bytes", table.bytes(), 0, MAX_COUNT);
        match(at + ".crc32c", table.crc32c(), CRC);
    }

    private <T> T present(String field, T value) throws CaptureException {
        if (value == null) {
            throw bad(field, "a value", null);
        }
        return value;
    }

    private void text(String field, String value, int most) throws CaptureException {
        if (value == null || value.length() > most) {
            throw bad(field, "a text of at most " + most + " characters", value);
        }
    }

    private void match(String field, String value, Pattern pattern) throws CaptureException {
        if (value == null || !pattern.matcher(value).matches()) {
            throw bad(field, pattern.pattern(), value);
        }
    }

    private void known(String field, String value, Set<String> names) throws CaptureException {
        if (value == null || !names.contains(value)) {
            throw bad(field, String.join("|", names.stream().sorted().toList()), value);
        }
    }

    private void range(String field, long value, long least, long most) throws CaptureException {
        if (value < least || value > most) {
            throw bad(field, least == most ? Long.toString(least) : least + ".." + most, Long.toString(value));
        }
    }

    private CaptureException bad(String field, String expected, String found) {
        return new CaptureException(problem + field + " expected=" + expected + " found="
                + (found == null ? "null" : StrictJson.shown(found)));
    }
}
