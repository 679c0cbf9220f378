// SPDX-License-Identifier: Apache-2.0
// The command line of the recorder.
package org.sysinspector.recorder;

import java.nio.file.Path;
import java.util.List;
import org.sysinspector.recorder.bpf.ProbeSet;
import org.sysinspector.recorder.command.RecordCommand;
import org.sysinspector.recorder.command.RollCommand;
import org.sysinspector.recorder.command.VerifyCommand;
import org.sysinspector.recorder.parquet.TableWriter;
import org.sysinspector.schema.SchemaCatalog;
import org.sysinspector.text.Escape;
import org.sysinspector.text.RawArguments;
import org.sysinspector.text.Version;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line of the recorder; the launcher sends {@code analyze} to the analyzer. */
@Command(
        name = "sys-inspector",
        header = "Records what a Linux machine does with eBPF, and explains it with SQL.",
        description = {
            "",
            "Who started whom, who touched which file, when the disk was hit: everything, not samples.",
        },
        synopsisHeading = "%nUsage: ",
        customSynopsis = "sys-inspector COMMAND [OPTIONS]",
        commandListHeading = "%nCommands:%n",
        footer = {
            "  analyze  Explain a capture: report, sql, tables, tree, files, spikes (no root needed).",
            "",
            "Start here:",
            "  sudo sys-inspector record --duration 30s -o CAPTURE",
            "  sys-inspector analyze report CAPTURE",
            "  sys-inspector analyze sql CAPTURE \"SELECT path, ret FROM open WHERE ret < 0\"",
            "",
            "More: sys-inspector COMMAND --help",
        },
        versionProvider = Main.Provider.class)
public final class Main implements Runnable {
    private static final int FAILED = 1;
    private static final int USAGE = 2;
    private static final String RECORD = "record";
    private static final List<String> NAMES = List.of(RECORD, "roll", "verify", "help");
    private static final List<Class<?>> COMMANDS =
            List.of(RecordCommand.class, RollCommand.class, VerifyCommand.class, HelpCommand.class);

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    private boolean help;

    @Option(names = {"-V", "--version"}, versionHelp = true, description = "Show the version.")
    private boolean version;

    private final CommandLine line = new CommandLine(this).setCaseInsensitiveEnumValuesAllowed(true);

    private Main() {}

    /** Runs a command and exits with its status. */
    public static void main(String[] args) throws InterruptedException {
        Thread preparing = new Thread(Main::prepareRecording, "prepare");
        if (args.length > 0 && args[0].equals(RECORD)) {
            preparing.start();
        }
        int status;
        try {
            status = RawArguments.isDirectoryNamed() ? run(RawArguments.of(args)) : refuseDirectory();
        } catch (Throwable e) { // an Error: no memory, no descriptor for a class of ours
            System.err.println("sys-inspector: " + Problem.line(e));
            status = FAILED;
        }
        preparing.join(); // it may have files that it has unpacked
        System.exit(status);
    }

    /** Loads what a recording needs while the command line is read, which takes as long. */
    private static void prepareRecording() {
        try {
            ProbeSet.loadLibraries();
            TableWriter.requireCompression();
            SchemaCatalog.get();
        } catch (SystemRefusal | LinkageError e) {
            // Whoever needs the library finds so too, and says it.
        }
    }

    static int run(String... args) {
        CommandLine line = new Main().line;
        // To make a command takes its time: where one is named, it alone is made.
        int named = args.length == 0 ? -1 : NAMES.indexOf(args[0]);
        boolean needsAll = named < 0 || COMMANDS.get(named) == HelpCommand.class;
        for (int i = 0; i < NAMES.size(); i++) {
            if (needsAll || i == named) {
                line.addSubcommand(COMMANDS.get(i));
            }
        }
        // What follows the first word of a command to record is the command's: record make -j2
        line.getSubcommands().values().stream().filter(c -> c.getCommandName().equals(RECORD))
                .forEach(c -> c.setStopAtPositional(true));
        line.registerConverter(Path.class, Main::path);
        line.setExpandAtFiles(false); // an argument that begins with @ is that argument
        line.setParameterExceptionHandler((e, given) -> {
            String command = e.getCommandLine().getCommandSpec().qualifiedName();
            e.getCommandLine().getErr().println(Escape.terminal(command + ": " + wrong(e) + "; see " + command + " --help"));
            return USAGE;
        });
        line.setExecutionExceptionHandler((e, at, given) -> {
            at.getErr().println(at.getCommandSpec().qualifiedName() + ": " + Problem.line(e));
            return Problem.status(e);
        });
        return line.execute(args);
    }

    private static int refuseDirectory() {
        System.err.println("sys-inspector: the working directory is gone, or its name is not UTF-8; start it elsewhere: cd /");
        return Problem.status(new SystemRefusal(""));
    }

    /** Reads the name of a file or directory. */
    private static Path path(String text) {
        if (!RawArguments.isUtf8(text)) {
            throw new CommandLine.TypeConversionException("its name is not UTF-8: '" + text + "'; rename it or give another");
        }
        return RawArguments.path(text);
    }

    /** What is wrong with a command line, in one line. */
    private static String wrong(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched && e.getCommandLine().getParent() == null
                && !unmatched.isUnknownOption()) {
            return "no such command: " + unmatched.getUnmatched().get(0);
        }
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    /** Shows help: sys-inspector alone does nothing else. */
    @Override
    public void run() {
        line.usage(line.getOut());
    }

    /** Tells the version. */
    static final class Provider implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {Version.LINE};
        }
    }
}
