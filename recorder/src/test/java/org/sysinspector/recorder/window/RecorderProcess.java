// SPDX-License-Identifier: Apache-2.0
// Runs the recorder as its users do: by its launcher.
package org.sysinspector.recorder.window;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the recorder as its users do: by its launcher, with the options that ship, from the jars that the build has just made. */
public final class RecorderProcess {
    /** The launcher; tests run once the jars beside it are made (phase integration-test). */
    public static final Path LAUNCHER = Path.of("..", "sys-inspector").toAbsolutePath().normalize();

    private static final long DEADLINE_S = 120;

    private RecorderProcess() {}

    /**
     * What came of a run.
     *
     * @param status exit status
     * @param output standard output and error together
     */
    public record Result(int status, String output) {}

    /** Starts a command of the recorder. */
    public static Process start(String... arguments) throws IOException {
        return builder(arguments).redirectErrorStream(true).start();
    }

    /** Starts record and returns once it says that it records. */
    public static Process startRecording(String... arguments) throws IOException {
        Process process = start(arguments);
        StringBuilder said = new StringBuilder();
        for (int c = process.getInputStream().read(); c != '\n'; c = process.getInputStream().read()) {
            if (c < 0) {
                throw new IllegalStateException("the recorder ended: " + said);
            }
            said.append((char) c);
        }
        if (said.indexOf("recording to ") < 0) {
            process.destroyForcibly();
            throw new IllegalStateException("the recorder says: " + said);
        }
        return process;
    }

    /** Runs a command of the recorder to its end. */
    public static Result run(String... arguments) throws IOException, InterruptedException {
        return finish(start(arguments));
    }

    /** Waits for a command to end. */
    public static Result finish(Process process) throws IOException, InterruptedException {
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (!process.waitFor(DEADLINE_S, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("still running after " + DEADLINE_S + " s: " + process.info());
        }
        return new Result(process.exitValue(), output);
    }

    /** Returns what starts a command of the recorder: the launcher as it ships, which picks options, jars and (told by us) the JVM. */
    public static ProcessBuilder builder(String... arguments) {
        List<String> line = new ArrayList<>(List.of("env", "-u", "SYS_INSPECTOR_OPTS", "-u", "JAVA_TOOL_OPTIONS", "-u", "JDK_JAVA_OPTIONS",
                "SYS_INSPECTOR_JAVA_HOME=" + System.getProperty("java.home"), LAUNCHER.toString()));
        line.addAll(List.of(arguments));
        return new ProcessBuilder(line);
    }
}
