// SPDX-License-Identifier: Apache-2.0
// sys-inspector verify: is a capture what it says it is?
package org.sysinspector.recorder.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.sysinspector.capture.CaptureDirectory;
import org.sysinspector.capture.CaptureException;
import org.sysinspector.recorder.verify.CaptureVerifier;
import org.sysinspector.recorder.verify.Findings;
import org.sysinspector.text.Escape;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sys-inspector verify CAPTURE}. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        header = "Check that a capture is whole.",
        description = {
            "",
            "Compares the manifest with what is there, and prints a line for each thing checked:",
            "",
            "  OK   WHAT  facts",
            "  ERR  WHAT  expected=... found=...",
            "",
            "Checked are the mode of the directory (0700), each segment of the log (checksum of every block),",
            "each Parquet file (size, checksum, footer, rows), files that nothing lists, and the counts",
            "(seen = recorded + lost). It changes nothing and needs no root, only to be able to read the files.",
            "Blocks that the manifest already says were damaged are told, and are no error.",
            ""
        },
        footer = {
            "",
            "Exit status: 0 all is well, 1 something is not, 2 wrong usage.",
            "",
            "Examples:",
            "  sys-inspector verify capture-web1-20261121T120301Z",
            "  sys-inspector verify --quiet capture-* && echo all is well"
        })
public final class VerifyCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "CAPTURE", arity = "1..*", description = "The directory of a capture.")
    private Path[] captures;

    @Option(names = {"-q", "--quiet"}, description = "Print the errors only.")
    private boolean quiet;

    /** Makes a command for picocli to fill in. */
    public VerifyCommand() {}

    /** Verifies; returns the exit status. */
    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Findings findings = new Findings(out, quiet);
        boolean unreadable = false;
        for (Path capture : captures) {
            try {
                new CaptureVerifier(new CaptureDirectory(capture), findings).verify();
            } catch (CaptureException e) {
                unreadable = true;
                err.println(Escape.terminal("sys-inspector verify: " + e.getMessage()));
            } catch (IOException | UncheckedIOException e) {
                unreadable = true;
                err.println(Escape.terminal("sys-inspector verify: cannot read the capture: " + capture + ": " + e));
            }
        }
        out.flush();
        err.flush();
        return unreadable || findings.errors() > 0 ? 1 : 0;
    }
}
