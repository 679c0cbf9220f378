// SPDX-License-Identifier: Apache-2.0
// Compiles and runs the truth workload.
package org.sysinspector.recorder.truth;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The truth workload (src/test/c/truth.c), compiled and laid out in a directory of its own. One of these is for one run.
 *
 * <pre>
 * BASE/truth        the program
 * BASE/work         where it works; nobody else touches this
 * BASE/inherited    what it has open as descriptor 9 from the start
 * BASE/truth.json   what it did
 * </pre>
 */
public final class TruthWorkload {
    private static final Path SOURCE = Path.of("src/test/c/truth.c");
    private static final long DEADLINE_S = 60;
    private static final ObjectMapper JSON =
            JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

    private final Path base;

    private TruthWorkload(Path base) {
        this.base = base;
    }

    /**
     * Compiles the workload and lays out its files.
     *
     * @param directory an empty directory
     */
    public static TruthWorkload prepare(Path directory) throws IOException, InterruptedException {
        TruthWorkload workload = new TruthWorkload(directory.toRealPath());
        finish(new ProcessBuilder(
                        "clang", "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-D_GNU_SOURCE", "-pthread", "-o",
                        workload.program().toString(), SOURCE.toAbsolutePath().toString())
                .inheritIO()
                .start());
        Files.createDirectory(workload.work());
        Files.writeString(workload.inherited(), "0123456789".repeat(10));
        finish(new ProcessBuilder(workload.program().toString(), "prepare", workload.work().toString())
                .inheritIO()
                .start());
        return workload;
    }

    /** Returns the program. */
    public Path program() {
        return base.resolve("truth");
    }

    /** Returns the directory that it works in. */
    public Path work() {
        return base.resolve("work");
    }

    /** Returns the file that it has open as descriptor 9, of which it reads 19 single bytes. */
    public Path inherited() {
        return base.resolve("inherited");
    }

    /**
     * Returns a command that runs the workload, for {@code record -- COMMAND}. A shell opens descriptor 9 and the report, then executes
     * the workload in the same process.
     */
    public List<String> command() {
        return shell("exec \"$0\" \"$1\" 9<\"$2\" >\"$3\"");
    }

    /** Starts the workload, which then waits for {@link Held#release()} with descriptor 9 open: a process alive before the recording. */
    public Held hold() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(shell("exec \"$0\" hold \"$1\" 9<\"$2\" >\"$3\""))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Path exe = Path.of("/proc/" + process.pid() + "/exe");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_S);
        while (!Files.readSymbolicLink(exe).equals(program())) {
            if (System.nanoTime() > deadline) {
                process.destroyForcibly();
                throw new IllegalStateException("the workload did not start: " + exe);
            }
            Thread.sleep(1);
        }
        return new Held(process);
    }

    /** Returns what the run did. Call it when the workload has ended. */
    public Truth report() throws IOException {
        return JSON.readValue(base.resolve("truth.json").toFile(), Truth.class);
    }

    private List<String> shell(String line) {
        return List.of("sh", "-c", line, program().toString(), work().toString(), inherited().toString(),
                base.resolve("truth.json").toString());
    }

    private static void finish(Process process) throws InterruptedException {
        if (!process.waitFor(DEADLINE_S, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("still running after " + DEADLINE_S + " s: " + process.info());
        }
        if (process.exitValue() != 0) {
            throw new IllegalStateException("exit status " + process.exitValue() + ": see standard error");
        }
    }

    /** A workload that has started and waits. */
    public final class Held implements AutoCloseable {
        private final Process process;

        private Held(Process process) {
            this.process = process;
        }

        /** Returns its pid, which is the root pid of the report too. */
        public long pid() {
            return process.pid();
        }

        /** Lets it run, waits for its end and returns what it did. */
        public Truth release() throws IOException, InterruptedException {
            process.getOutputStream().write('\n');
            process.getOutputStream().close();
            finish(process);
            return report();
        }

        /** Ends it if it still runs. */
        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
