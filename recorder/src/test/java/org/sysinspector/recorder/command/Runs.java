// SPDX-License-Identifier: Apache-2.0
// Runs the recorder, in namespaces and under tools where asked, and keeps its two outputs apart.
package org.sysinspector.recorder.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.sysinspector.recorder.window.RecorderProcess;

/** Runs the recorder, in namespaces and under tools where asked, and keeps its two outputs apart. */
final class Runs {
    private static final long DEADLINE_S = 120;
    private static final Path BEHAVIOUR = Path.of("src/test/c/behaviour.c");

    private Runs() {}

    /** What came of a run. */
    record Result(int status, List<String> out, List<String> err) {}

    /** A run under way; its outputs go to files. */
    record Running(Process process, Path out, Path err) {
        /** Waits for its end. */
        Result finish() throws IOException, InterruptedException {
            if (!process.waitFor(DEADLINE_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("still running after " + DEADLINE_S + " s: " + process.info());
            }
            Result result = new Result(process.exitValue(), lines(out), lines(err));
            Files.delete(out);
            Files.delete(err);
            return result;
        }

        /** Waits until a line of its standard error begins with a text. */
        void awaitLine(String beginning) throws IOException, InterruptedException {
            await(() -> lines(err).stream().anyMatch(l -> l.startsWith(beginning)), beginning);
        }

        /** Waits until something holds. */
        void await(Condition condition, String what) throws IOException, InterruptedException {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_S);
            while (!condition.holds()) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    process.destroyForcibly();
                    throw new IllegalStateException("never came: " + what + "; it says " + lines(err));
                }
                Thread.sleep(5);
            }
        }

        private static List<String> lines(Path file) throws IOException {
            return Files.readString(file, StandardCharsets.ISO_8859_1).lines().toList();
        }
    }

    /** Something to wait for. */
    interface Condition {
        boolean holds() throws IOException;
    }

    /** Returns the command line of a command of the recorder. */
    static List<String> recorder(String... arguments) {
        return RecorderProcess.builder(arguments).command();
    }

    /** Returns the command line of a command of the recorder on some JVM. */
    static List<String> recorderOn(Path javaHome, List<String> arguments) {
        return withVariable("SYS_INSPECTOR_JAVA_HOME=" + javaHome, recorder(arguments.toArray(String[]::new)));
    }

    /** Returns a command line of the recorder with another variable in its environment. */
    static List<String> withVariable(String variable, List<String> line) {
        List<String> all = new ArrayList<>(line);
        all.add(all.indexOf(RecorderProcess.LAUNCHER.toString()), variable);
        return all;
    }

    /** Returns a command line that runs another in a mount namespace of its own, after a setup in shell. */
    static List<String> afterMounts(String setup, List<String> line) {
        List<String> all = new ArrayList<>(List.of("unshare", "-m", "sh", "-ec", setup + "\nexec \"$@\"", "sh"));
        all.addAll(line);
        return all;
    }

    /** Returns a command line that begins with a prefix. */
    static List<String> under(List<String> prefix, List<String> line) {
        List<String> all = new ArrayList<>(prefix);
        all.addAll(line);
        return all;
    }

    /** Starts a process. */
    static Running start(ProcessBuilder builder) throws IOException {
        Path out = Files.createTempFile("run", ".out");
        Path err = Files.createTempFile("run", ".err");
        // Whoever started the tests may ignore SIGINT, as a shell does for what runs behind it.
        List<String> line = under(List.of("env", "--default-signal=INT"), builder.command());
        return new Running(builder.command(line).redirectInput(Path.of("/dev/null").toFile()).redirectOutput(out.toFile())
                .redirectError(err.toFile()).start(), out, err);
    }

    /** Runs a command line to its end. */
    static Result run(List<String> line) throws IOException, InterruptedException {
        return start(new ProcessBuilder(line)).finish();
    }

    /** Runs a command of the recorder to its end. */
    static Result run(String... arguments) throws IOException, InterruptedException {
        return run(recorder(arguments));
    }

    /** Compiles src/test/c/behaviour.c into a directory. */
    static Path behaviour(Path directory) throws IOException, InterruptedException {
        return program(BEHAVIOUR, directory);
    }

    /** Compiles a program into a directory. */
    static Path program(Path source, Path directory, String... options) throws IOException, InterruptedException {
        String name = source.getFileName().toString();
        Path program = directory.toRealPath().resolve(name.substring(0, name.lastIndexOf('.')));
        List<String> compiler = under(List.of("clang", "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-D_GNU_SOURCE", "-pthread"),
                List.of(options));
        Result result = run(under(compiler, List.of("-o", program.toString(), source.toAbsolutePath().toString())));
        if (result.status() != 0) {
            throw new IllegalStateException("clang: " + result.err());
        }
        return program;
    }
}
