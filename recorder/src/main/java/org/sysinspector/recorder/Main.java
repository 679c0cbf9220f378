// SPDX-License-Identifier: Apache-2.0
// The command line of the recorder.
package org.sysinspector.recorder;

import java.io.IOException;
import org.sysinspector.capture.CaptureException;
import org.sysinspector.recorder.command.RecordCommand;
import org.sysinspector.recorder.command.RollCommand;
import org.sysinspector.recorder.command.VerifyCommand;
import org.sysinspector.recorder.window.Version;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;

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
        versionProvider = Main.Provider.class,
        subcommands = {RecordCommand.class, RollCommand.class, VerifyCommand.class, HelpCommand.class})
public final class Main implements Runnable {
    private static final int FAILED = 1;
    private static final int USAGE = 2;
    private static final int SYSTEM = 3;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    private boolean help;

    @Option(names = {"-V", "--version"}, versionHelp = true, description = "Show the version.")
    private boolean version;

    private final CommandLine line = new CommandLine(this);

    private Main() {}

    /** Runs a command and exits with its status. */
    public static void main(String[] args) {
        System.exit(run(args));
    }

    static int run(String... args) {
        CommandLine line = new Main().line;
        line.setParameterExceptionHandler((e, given) -> {
            e.getCommandLine().getErr().println(e.getCommandLine().getCommandSpec().qualifiedName() + ": "
                    + oneLine(e.getMessage()) + "; see " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
            return USAGE;
        });
        line.setExecutionExceptionHandler((e, at, given) -> {
            at.getErr().println(at.getCommandSpec().qualifiedName() + ": " + oneLine(text(e)));
            if (e instanceof RuntimeException) {
                e.printStackTrace(at.getErr()); // a mistake of ours, not of the user
            }
            return e instanceof SystemRefusal ? SYSTEM : FAILED;
        });
        return line.execute(args);
    }

    private static String text(Exception e) {
        if (e instanceof SystemRefusal || e instanceof CaptureException || e instanceof IOException) {
            return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        }
        return "unexpected error, please report it: " + e;
    }

    private static String oneLine(String message) {
        return String.valueOf(message).lines().findFirst().orElse("");
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
            return new String[] {"sys-inspector " + Version.TEXT};
        }
    }
}
