// SPDX-License-Identifier: Apache-2.0
// The maps of a recorder, kept beyond its end.
package org.sysinspector.recorder.bpf;

import com.sun.jna.Memory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.sysinspector.recorder.system.LibC;
import org.sysinspector.schema.RingSchema;
import org.sysinspector.schema.SchemaCatalog;

/** The maps of a recorder, kept beyond its end: all that says what it had seen and not yet written. For one thread. */
final class PinnedMaps implements BpfMaps, AutoCloseable {
    private static final List<String> NAMES = Stream.concat(SchemaCatalog.get().rings().stream().map(RingSchema::map),
            Stream.of("counters", "slots", "late_totals", "runs", "told")).toList();
    private static final String CAPTURE = "capture";
    private static final String INODE = "inode";
    private static final String RECORDER = "recorder";
    /** struct bpf_map_info of the kernel's interface, as far as it is needed. */
    private static final int INFO_BYTES = 88;
    private static final int INFO_VALUE_BYTES = 12;
    private static final int INFO_ENTRIES = 16;
    private static final int NO_ENTRY = 2;

    private final PinDirectory directory;
    private final Map<String, Integer> descriptors = new HashMap<>();

    private PinnedMaps(PinDirectory directory) {
        this.directory = directory;
    }

    /**
     * Pins the maps of an object.
     *
     * @param capture the capture's directory
     * @return where they are
     * @throws IOException if there is no place to
     */
    static PinDirectory pin(BpfMaps maps, String captureId, Path capture) throws IOException {
        PinDirectory directory = PinDirectory.make(captureId);
        try {
            directory.note(CAPTURE, capture.toAbsolutePath().toString());
            directory.note(INODE, inode(capture));
            directory.note(RECORDER, OwnStart.of(ProcessHandle.current().pid()));
            for (String name : NAMES) {
                int result = LibBpf.bpf_obj_pin(maps.mapFd(name), directory.pin(name));
                if (result < 0) {
                    throw new IOException("cannot pin a BPF map: map=" + name + " errno=" + -result);
                }
            }
            return directory;
        } catch (IOException | RuntimeException e) {
            directory.remove();
            throw e;
        }
    }

    /**
     * Opens the maps that a dead recorder left.
     *
     * @return null if one is not there
     * @throws IOException if one cannot be opened
     */
    static PinnedMaps open(PinDirectory directory) throws IOException {
        PinnedMaps maps = new PinnedMaps(directory);
        for (String name : NAMES) {
            int fd = LibBpf.bpf_obj_get(directory.pin(name));
            if (fd < 0) {
                maps.close();
                if (fd == -NO_ENTRY) {
                    return null;
                }
                throw new IOException("cannot open a pinned BPF map: path=" + directory.pin(name) + " errno=" + -fd);
            }
            maps.descriptors.put(name, fd);
        }
        return maps;
    }

    /** Returns whether the pins are of the capture in a directory, and not of another that says it has its id. */
    static boolean isOf(PinDirectory directory, Path capture) {
        try {
            return inode(capture).equals(directory.fact(INODE));
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns the directory of the capture as it was then; null if that is not known. */
    static Path capture(PinDirectory directory) {
        String path = directory.fact(CAPTURE);
        return path == null ? null : Path.of(path);
    }

    /** Returns the recorder's pid and start; null if that is not known. */
    static String recorder(PinDirectory directory) {
        return directory.fact(RECORDER);
    }

    /** Returns whether the recorder is still there. */
    static boolean isAlive(PinDirectory directory) {
        String recorder = recorder(directory);
        if (recorder == null) {
            return directory.isNew(); // it is being made
        }
        return recorder.equals(OwnStart.of(Long.parseLong(recorder.split("-")[0])));
    }

    private static String inode(Path capture) throws IOException {
        Map<String, Object> facts = Files.readAttributes(capture, "unix:dev,ino");
        return facts.get("dev") + "-" + facts.get("ino");
    }

    @Override
    public int mapFd(String map) {
        return descriptors.get(map);
    }

    /** Returns how many entries a map has. */
    int entries(String map) {
        return info(map, INFO_ENTRIES);
    }

    /** Returns the bytes of each value of a map. */
    int valueBytes(String map) {
        return info(map, INFO_VALUE_BYTES);
    }

    private int info(String map, int at) {
        try (Memory info = new Memory(INFO_BYTES); Memory length = new Memory(Integer.BYTES)) {
            info.clear();
            length.setInt(0, INFO_BYTES);
            LibBpf.bpf_obj_get_info_by_fd(mapFd(map), info, length);
            return info.getInt(at);
        }
    }

    /** Takes the pins away. */
    void remove() {
        directory.remove();
    }

    @Override
    public void close() {
        descriptors.values().forEach(LibC::close);
        descriptors.clear();
    }
}
