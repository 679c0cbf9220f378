// SPDX-License-Identifier: Apache-2.0
// Does the launcher start the right JVM with the right class path, and say in one line what is missing?
package org.sysinspector.recorder.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs a copy of the launcher in a tree laid out like the real one, with JVMs that print what they were given. */
class LauncherTest {
    private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    private Path directory;

    private Path tree;

    private record Result(int status, List<String> out, String err) {}

    @BeforeEach
    void layOutATreeWithASpaceInItsName() throws IOException {
        tree = Files.createDirectories(directory.toRealPath().resolve("source tree"));
        Files.copy(REPOSITORY.resolve("sys-inspector"), tree.resolve("sys-inspector"));
        for (String module : List.of("recorder", "analyzer")) {
            Files.createDirectories(tree.resolve(module + "/target/lib"));
            Files.createFile(tree.resolve(module + "/target/" + module + "-1.2.jar"));
        }
        Files.createFile(Files.createDirectories(tree.resolve("recorder/target/lib/native/linux/amd64")).resolve("libzstd-jni-1.so"));
    }

    /** A JVM that prints its name and its arguments, each ended by NUL, and exits with 7. */
    private Path jvm(String name, String version) throws IOException {
        Path home = directory.resolve(name);
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(
                home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\nJAVA_VERSION_DATE=\"2021\"\n");
        script(home.resolve("bin/java"), "printf '%s\\0' " + name + " \"$@\"\nexit 7\n");
        return home;
    }

    private static void script(Path file, String text) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Result launch(Map<String, String> environment, String... arguments) throws Exception {
        return run(tree.resolve("sys-inspector"), environment, arguments);
    }

    private Result run(Path launcher, Map<String, String> environment, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(Arrays.asList(arguments));
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        for (String name : List.of("JAVA_HOME", "SYS_INSPECTOR_JAVA_HOME", "SYS_INSPECTOR_OPTS")) {
            builder.environment().remove(name);
        }
        builder.environment().putAll(environment);
        int status = builder.start().waitFor();
        String text = Files.readString(out, StandardCharsets.UTF_8);
        return new Result(status, text.isEmpty() ? List.of() : List.of(text.substring(0, text.length() - 1).split("\0", -1)),
                Files.readString(err));
    }

    private static String classPath(Result result) {
        return result.out().get(result.out().indexOf("-cp") + 1);
    }

    @Test
    void theVariableOfOurOwnComesBeforeJavaHomeAndThatBeforeThePath() throws Exception {
        String ours = jvm("ours", "17.0.1").toString();
        String general = jvm("general", "21").toString();
        String path = jvm("onpath", "21.0.2") + "/bin:" + System.getenv("PATH");

        assertEquals("ours", launch(Map.of("SYS_INSPECTOR_JAVA_HOME", ours, "JAVA_HOME", general, "PATH", path)).out().get(0));
        assertEquals("general", launch(Map.of("JAVA_HOME", general, "PATH", path)).out().get(0));
        assertEquals("onpath", launch(Map.of("PATH", path)).out().get(0));
    }

    @Test
    void aJvmThatIsTooOldIsPassedOver() throws Exception {
        String old = jvm("old", "1.8.0_402").toString();
        String path = jvm("onpath", "25.0.1") + "/bin:" + System.getenv("PATH");

        assertEquals("onpath", launch(Map.of("JAVA_HOME", old, "PATH", path)).out().get(0));
    }

    @Test
    void aJvmOnThePathIsFoundThroughItsSymbolicLinks() throws Exception {
        Path java = jvm("linked", "17").resolve("bin/java");
        Path bin = Files.createDirectory(directory.resolve("somebin"));
        Files.createSymbolicLink(bin.resolve("java"), Path.of("alias"));
        Files.createSymbolicLink(bin.resolve("alias"), java);

        assertEquals("linked", launch(Map.of("PATH", bin + ":" + System.getenv("PATH"))).out().get(0));
    }

    @Test
    void theJvmOfTheSystemIsFoundWithoutStartingAnythingElse() throws Exception {
        Path bin = Files.createDirectory(directory.resolve("nothing-else"));
        Path link = Files.createSymbolicLink(bin.resolve("java"), Path.of(System.getProperty("java.home"), "bin", "java"));

        Result result = launch(Map.of("PATH", bin.toString(), "SYS_INSPECTOR_OPTS", "--version"));

        Files.delete(link);
        assertEquals("", result.err());
        assertEquals(0, result.status());
    }

    @Test
    void aJvmNamedOnPurposeThatIsTooOldOrNotThereIsRefusedInOneLine() throws Exception {
        for (String home : List.of(jvm("eleven", "11.0.2").toString(), "/nowhere")) {
            Result result = launch(Map.of("SYS_INSPECTOR_JAVA_HOME", home), "record");

            assertEquals(3, result.status());
            assertEquals(List.of(), result.out());
            assertTrue(
                    result.err().matches("sys-inspector: no usable JVM: SYS_INSPECTOR_JAVA_HOME=" + home
                            + " version=(11|0) needed>=17; correct or unset SYS_INSPECTOR_JAVA_HOME\n"),
                    result.err());
        }
    }

    @Test
    void aTreeThatIsNotBuiltIsSaidInOneLineWithTheRemedy() throws Exception {
        Files.delete(tree.resolve("analyzer/target/analyzer-1.2.jar"));

        Result result = launch(Map.of(), "analyze", "report", "x");

        assertEquals(3, result.status());
        assertEquals(
                "sys-inspector: not built yet: missing=" + tree + "/analyzer/target/analyzer-*.jar; run: make -C '" + tree + "' build\n",
                result.err());
    }

    @Test
    void analyzeGoesToTheAnalyzerAndEverythingElseToTheRecorder() throws Exception {
        Map<String, String> environment = Map.of("SYS_INSPECTOR_JAVA_HOME", jvm("any", "17").toString());

        Result analyze = launch(environment, "analyze", "tables", "x");
        assertTrue(analyze.out().contains("org.sysinspector.analyzer.Main"));
        assertEquals(tree + "/analyzer/target/analyzer-1.2.jar:" + tree + "/analyzer/target/lib/*", classPath(analyze));
        for (String[] arguments : new String[][] {{}, {"record"}, {"roll", "x"}, {"--help"}, {"--version"}, {"nonsense"}}) {
            Result other = launch(environment, arguments);
            assertTrue(other.out().contains("org.sysinspector.recorder.Main"), other.toString());
            assertEquals(tree + "/recorder/target/recorder-1.2.jar:" + tree + "/recorder/target/lib/*", classPath(other));
        }
    }

    @Test
    void argumentsArriveAsTheyWereAndTheExitStatusIsJavas() throws Exception {
        String[] arguments = {"record", "", " two  words ", "new\nline", "*", "-cp", "\"quoted\" 'twice' $HOME \\", "--", "sh"};

        Result result = launch(Map.of("SYS_INSPECTOR_JAVA_HOME", jvm("any", "17").toString()), arguments);

        assertEquals(7, result.status());
        int main = result.out().indexOf("org.sysinspector.recorder.Main");
        assertEquals(Arrays.asList(arguments), result.out().subList(main + 1, result.out().size()));
    }

    @Test
    void theUsersOptionsComeLastOfTheJvmsAndInOrder() throws Exception {
        Result result = launch(Map.of(
                "SYS_INSPECTOR_JAVA_HOME", jvm("any", "17").toString(), "SYS_INSPECTOR_OPTS", " -Xmx1g  --add-opens a/b=c * "));

        int own = result.out().indexOf("-XX:+UseSerialGC");
        int first = result.out().indexOf("-Xmx1g");
        assertTrue(own > 0 && own < first, result.toString());
        assertEquals(List.of("-Xmx1g", "--add-opens", "a/b=c", "*", "-cp"), result.out().subList(first, first + 5));
    }

    @Test
    void optionsThatOnlyNewerJvmsKnowAreGivenToThoseAlone() throws Exception {
        Map<String, List<Boolean>> expected = Map.of(
                "17.0.15", List.of(false, false), "22", List.of(true, false), "24.0.1", List.of(true, true));
        for (Map.Entry<String, List<Boolean>> entry : expected.entrySet()) {
            String version = entry.getKey();
            List<String> out = launch(Map.of("SYS_INSPECTOR_JAVA_HOME", jvm("v" + version, version).toString())).out();
            boolean access = out.contains("--enable-native-access=ALL-UNNAMED");
            boolean unsafe = out.contains("--sun-misc-unsafe-memory-access=allow");
            assertEquals(entry.getValue(), List.of(access, unsafe), version);
        }
    }

    @Test
    void theLauncherFindsItsTreeThroughChainsOfSymbolicLinks() throws Exception {
        Path bin = Files.createDirectory(directory.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("hop"), Path.of("../source tree/sys-inspector"));
        Path link = Files.createSymbolicLink(bin.resolve("sys-inspector"), Path.of("hop"));

        Result result = run(link, Map.of("SYS_INSPECTOR_JAVA_HOME", jvm("any", "17").toString()));

        assertEquals(
                tree.resolve("recorder/target/recorder-1.2.jar").toRealPath(),
                Path.of(classPath(result).split(":")[0]).toRealPath());
    }

    @Test
    void anArchiveIsUsedByTheJvmOfItsVersion() throws Exception {
        Path archive = Files.writeString(tree.resolve("recorder/target/recorder-17.0.9.jsa"), "abc");
        Map<String, String> same = Map.of("SYS_INSPECTOR_JAVA_HOME", jvm("same", "17.0.9").toString(), "SYS_INSPECTOR_OPTS", "-Own");
        String option = "-XX:SharedArchiveFile=" + archive;

        List<String> used = launch(same, "record").out();
        assertTrue(used.contains(option) && used.indexOf(option) < used.indexOf("-Own"), used.toString());
        assertFalse(launch(same, "analyze").out().contains(option));
        assertFalse(launch(Map.of("SYS_INSPECTOR_JAVA_HOME", jvm("other", "17.0.10").toString())).out().contains(option));
    }

    @Test
    void whatTheEnvironmentSaysToShellsChangesNothing() throws Exception {
        Path script = directory.resolve("environment");
        Files.writeString(script, "echo BASH_ENV was read\nexit 9\n");
        Path other = Files.createDirectories(directory.resolve("other/source tree"));
        Map<String, String> hostile = Map.of("SYS_INSPECTOR_JAVA_HOME", jvm("any", "17").toString(), "BASH_ENV", script.toString(),
                "ENV", script.toString(), "CDPATH", other.getParent() + ":/", "IFS", "/s", "GLOBIGNORE", "*.jar", "SHELLOPTS", "noglob",
                "BASHOPTS", "failglob", "BASH_FUNC_resolve%%", "() { echo a function was taken; exit 9; }");

        Result result = run(directory.relativize(directory.resolve("source tree/sys-inspector").toRealPath()), hostile, "record");

        assertEquals(7, result.status(), result.err());
        assertEquals("", result.err());
        assertEquals("any", result.out().get(0));
        assertEquals(tree + "/recorder/target/recorder-1.2.jar:" + tree + "/recorder/target/lib/*", classPath(result));
    }

    @Test
    void aRelativeNameGivesTheSameClassPathAsTheAbsoluteOne() throws Exception {
        Map<String, String> environment = Map.of("SYS_INSPECTOR_JAVA_HOME", jvm("any", "17").toString());
        Path aside = Files.createSymbolicLink(directory.resolve("aside"), Files.createDirectories(directory.resolve("x/y")));
        for (String name : List.of("source tree/sys-inspector", "./source tree/./sys-inspector", "source tree/../source tree/sys-inspector",
                aside + "/../../source tree/sys-inspector")) {
            String classPath = classPath(run(Path.of("/bin/bash"), environment, "-c", "exec \"$0\" roll x", name));
            Path jar = Path.of(classPath.split(":")[0]);
            assertEquals(tree.resolve("recorder/target/recorder-1.2.jar"), jar.toRealPath(), name);
            assertTrue(jar.isAbsolute(), name);
            assertEquals(name.startsWith("/"), classPath.contains("/../"), "only where a link leads elsewhere: " + classPath);
        }
    }

    @Test
    void thousandsOfArgumentsArePassedOnInTheTimeOfAFew() throws Exception {
        Map<String, String> environment = Map.of("SYS_INSPECTOR_JAVA_HOME", jvm("any", "17").toString());
        String[] many = IntStream.range(0, 20_000).mapToObj(i -> "argument " + i).toArray(String[]::new);
        many[0] = "record";

        // Taking them one by one from a list that is copied each time took minutes.
        Result result = launch(environment, many);

        assertEquals(7, result.status());
        assertEquals(Arrays.asList(many), result.out().subList(result.out().size() - many.length, result.out().size()));
    }

    @Test
    void aCommandToRecordIsToFindItsCallersDescriptorsSignalsAndLocale() throws Exception {
        Map<String, String> environment = new HashMap<>(Map.of("SYS_INSPECTOR_JAVA_HOME", jvm("any", "17").toString(), "LC_ALL", "C"));
        List<String> out = run(Path.of("/bin/bash"), environment, "-c",
                "trap '' PIPE; exec 7</dev/null 9>/dev/null; exec \"$0\" record", tree + "/sys-inspector").out();

        assertTrue(out.contains("-Dsys-inspector.caller.descriptors=0,1,2,7,9"), out.toString());
        // Other signals may be ignored or blocked by whoever runs the tests.
        assertTrue(out.stream().anyMatch(o -> o.matches("-Dsys-inspector\\.caller\\.ignored=[0-9a-f]{12}[13579bdf][0-9a-f]{3}")), out.toString());
        assertTrue(out.stream().anyMatch(o -> o.matches("-Dsys-inspector\\.caller\\.blocked=[0-9a-f]{16}")), out.toString());
        assertTrue(out.contains("-Dsys-inspector.caller.lc_all=C"), out.toString());
        assertTrue(out.contains("-XX:-MaxFDLimit"), out.toString());

        environment.put("LC_ALL", "en_US.utf8");
        assertTrue(launch(environment, "record").out().stream().noneMatch(o -> o.contains("lc_all")));
    }

    @Test
    void tooFewDescriptorsForTheJvmItselfAreToldByTheLauncher() throws Exception {
        Map<String, String> environment = Map.of("SYS_INSPECTOR_JAVA_HOME", jvm("any", "17").toString());
        Result refused = run(Path.of("/bin/bash"), environment, "-c", "ulimit -n 20; exec \"$0\" record", tree + "/sys-inspector");

        assertEquals(new Result(3, List.of(), "sys-inspector: too few descriptors: limit=20 needed>=40; raise it: ulimit -n 1024\n"), refused);
        assertEquals(7, run(Path.of("/bin/bash"), environment, "-c", "ulimit -n 64; exec \"$0\" record", tree + "/sys-inspector").status());
    }

    @Test
    void everyInstalledJvmTakesTheOptionsWithoutAWarning() throws Exception {
        try (Stream<Path> homes = Files.list(Path.of(System.getProperty("java.home")).getParent())) {
            List<Path> modern = homes.filter(h -> Files.isExecutable(h.resolve("bin/java")) && Files.exists(h.resolve("release")))
                    .toList();
            assertFalse(modern.isEmpty());
            for (Path home : modern) {
                Result result = launch(Map.of("SYS_INSPECTOR_JAVA_HOME", home.toString(), "SYS_INSPECTOR_OPTS", "--version"));
                boolean tooOld = result.status() == 3 && result.err().contains("needed>=17");
                assertTrue(tooOld || result.status() == 0 && result.err().isEmpty(), home + ": " + result.err());
            }
        }
    }

    @Test
    void everyShellScriptParsesAndShellcheckHasNothingToSayWhereItIsInstalled() throws Exception {
        List<String> scripts = new ArrayList<>(List.of("sys-inspector", ".ci/run", "packaging/setup.sh", "packaging/archive.sh"));
        try (Stream<Path> demo = Files.list(REPOSITORY.resolve("examples/demo"))) {
            demo.map(f -> REPOSITORY.relativize(f).toString()).filter(f -> f.endsWith(".sh")).forEach(scripts::add);
        }
        boolean shellcheck = Stream.of(System.getenv("PATH").split(":")).anyMatch(d -> Files.isExecutable(Path.of(d, "shellcheck")));
        for (String script : scripts) {
            Path file = REPOSITORY.resolve(script);
            String shell = Files.readString(file).startsWith("#!/bin/sh") ? "/bin/sh" : "/bin/bash";
            Result parsed = run(Path.of(shell), Map.of(), "-n", file.toString());
            assertEquals(new Result(0, List.of(), ""), parsed, script);
            if (shellcheck) {
                Result checked = run(Path.of("/usr/bin/env"), Map.of(), "shellcheck", file.toString());
                assertEquals(new Result(0, List.of(), ""), checked, script);
            }
        }
    }
}
