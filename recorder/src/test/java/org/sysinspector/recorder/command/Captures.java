// SPDX-License-Identifier: Apache-2.0
// Checks a finished capture as a whole.
package org.sysinspector.recorder.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.sysinspector.capture.CaptureDirectory;
import org.sysinspector.capture.Manifest;
import org.sysinspector.recorder.verify.CaptureVerifier;
import org.sysinspector.recorder.verify.Findings;
import org.sysinspector.recorder.window.CaptureQueries;

/** Checks a finished capture as a whole. */
final class Captures {
    private Captures() {}

    /** Fails unless a capture is complete and verifies; returns its manifest. */
    static Manifest complete(Path capture) throws Exception {
        StringWriter errors = new StringWriter();
        new CaptureVerifier(new CaptureDirectory(capture), new Findings(new PrintWriter(errors, true), true)).verify();
        assertEquals("", errors.toString());
        Manifest manifest = new CaptureDirectory(capture).readManifest();
        assertEquals(Manifest.State.COMPLETE, manifest.state());
        return manifest;
    }

    /** Returns how many events of a class were lost. */
    static long lost(Manifest manifest) {
        return manifest.counts().stream().mapToLong(Manifest.Count::lost).sum();
    }

    /** Asks a capture one question. */
    static List<String> ask(Path capture, String query) throws Exception {
        try (CaptureQueries queries = new CaptureQueries(capture)) {
            return queries.rows(query);
        }
    }
}
