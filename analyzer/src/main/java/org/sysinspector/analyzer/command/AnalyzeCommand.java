// SPDX-License-Identifier: Apache-2.0
// sys-inspector analyze: the subcommands, and how each of them fails.
package org.sysinspector.analyzer.command;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.sysinspector.analyzer.output.Sink;
import org.sysinspector.capture.CaptureException;
import org.sysinspector.text.Escape;
import org.sysinspector.text.IoProblem;
import org.sysinspector.text.RawArguments;
import org.sysinspector.text.Unexpected;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sys-inspector analyze}: the subcommands, and how each of them fails. */
@Command(
        name = "sys-inspector analyze",
        mixinStandardHelpOptions = true,
        versionProvider = VersionLine.class,
        description = "Answers questions about a capture. Needs no root and no network.",
        footer = {
            "",
            "Begin with the report; every figure in it is a query over the capture:",
            "  sys-inspector analyze report CAPTURE",
            "  sys-inspector analyze sql CAPTURE \"SELECT comm, execs, written_bytes FROM process\"",
            "  sys-inspector analyze tables CAPTURE process",
            "",
            "Exit codes: 0 fine, 1 failed, 2 wrong usage, 3 the system cannot do it."
        },
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ReportCommand.class, SqlCommand.class, TablesCommand.class, TreeCommand.class, FilesCommand.class,
            SpikesCommand.class
        })
public final class AnalyzeCommand implements Runnable {
    /** Exit code where the problem is the system's, not the capture's. */
    private static final int SYSTEM_CANNOT = 3;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** Runs one command; returns its exit code. */
    public static int run(PrintStream out, PrintStream err, String... args) {
        CommandLine line = new CommandLine(new AnalyzeCommand(), new Streams.Factory(new Streams(out, err)));
        line.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.registerConverter(Path.class, AnalyzeCommand::path);
        line.setExpandAtFiles(false); // an argument that begins with @ is that argument
        line.setParameterExceptionHandler(AnalyzeCommand::wrongUsage);
        line.setExecutionExceptionHandler(AnalyzeCommand::failed);
        try {
            // A query may begin with a SQL comment, which must not be taken for an option.
            return line.execute(java.util.Arrays.stream(args)
                    .map(a -> a.matches("(?s)--\\s.*") ? "\n" + a : a).toArray(String[]::new));
        } catch (OutOfMemoryError | StackOverflowError e) {
            complain(line, Unexpected.line(e));
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    /** Reads the name of a file or directory. */
    private static Path path(String text) {
        if (!RawArguments.isUtf8(text)) {
            throw new CommandLine.TypeConversionException("its name is not UTF-8: '" + text + "'; rename it or give another");
        }
        return RawArguments.path(text);
    }

    private static int wrongUsage(CommandLine.ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        complain(command, e.getMessage() + "; see: " + name + " --help");
        return CommandLine.ExitCode.USAGE;
    }

    private static int failed(Exception e, CommandLine command, CommandLine.ParseResult result) {
        if (e instanceof Sink.ClosedException) {
            return CommandLine.ExitCode.SOFTWARE;
        }
        if (e instanceof CaptureException) {
            complain(command, e.getMessage());
            if (e.getCause() instanceof LinkageError) {
                return SYSTEM_CANNOT;
            }
        } else if (e instanceof java.sql.SQLException) {
            complain(command, "the database cannot be set up: " + e.getMessage());
        } else if (e instanceof java.io.IOException file) {
            complain(command, "cannot read or write: " + IoProblem.facts(file));
        } else {
            complain(command, Unexpected.line(e));
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    private static void complain(CommandLine command, String problem) {
        command.getErr().println(Escape.terminal(command.getCommandSpec().qualifiedName() + ": " + problem));
    }
}
