// SPDX-License-Identifier: Apache-2.0
// Which of our BPF programs are in the kernel, and who holds them.
package org.sysinspector.recorder.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** Which of our BPF programs are in the kernel, and who holds them: other recorders may be at work meanwhile. */
final class Programs {
    private static final long DEADLINE_S = 10;

    private Programs() {}

    /** Returns the ids of our programs in the kernel. */
    static Set<Integer> loaded() throws IOException {
        ProcessBuilder builder = new ProcessBuilder("bpftool", "-j", "prog", "show");
        builder.environment().merge("PATH", ":/usr/sbin:/sbin", String::concat);
        Process process = builder.start();
        Set<Integer> ids = new TreeSet<>();
        for (JsonNode program : JsonMapper.builder().build().readTree(process.getInputStream())) {
            if (program.path("name").asText().startsWith("si_")) {
                ids.add(program.get("id").intValue());
            }
        }
        return ids;
    }

    /** Returns the ids of the programs that a process holds, by descriptors of programs or links. */
    static Set<Integer> heldBy(String pid) {
        Set<Integer> ids = new TreeSet<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc", pid, "fdinfo"))) {
            for (Path descriptor : descriptors) {
                for (String line : Files.readAllLines(descriptor)) {
                    if (line.startsWith("prog_id:")) {
                        ids.add(Integer.valueOf(line.substring("prog_id:".length()).strip()));
                    }
                }
            }
        } catch (IOException | RuntimeException e) {
            return ids; // the process is gone, or the descriptor
        }
        return ids;
    }

    /** Fails if our programs stay in the kernel that no process holds. */
    static void assertNoneLeft() throws IOException, InterruptedException {
        Set<Integer> left = loaded();
        for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_S); !left.isEmpty() && System.nanoTime() < end; ) {
            Set<Integer> held = new TreeSet<>();
            try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
                processes.forEach(p -> held.addAll(heldBy(p.getFileName().toString())));
            }
            left.removeAll(held);
            left.retainAll(loaded()); // those of a recorder that ended meanwhile are on their way out
        }
        assertEquals(Set.of(), left, "BPF programs that nobody holds");
    }

    /** Fails if programs stay in the kernel. */
    static void assertGone(Set<Integer> programs) throws IOException, InterruptedException {
        Set<Integer> left = new TreeSet<>(programs);
        for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_S); !left.isEmpty() && System.nanoTime() < end; ) {
            left.retainAll(loaded());
            Thread.sleep(5);
        }
        assertEquals(Set.of(), left, "BPF programs that outlive their recorder");
    }
}
