// SPDX-License-Identifier: Apache-2.0
// Reads manifest.json, and says clearly what is wrong with one that cannot be read.
package org.sysinspector.capture;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads and formats {@code manifest.json}. */
public final class ManifestFile {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private ManifestFile() {}

    /** Returns the manifest as JSON text, US-ASCII, ending in a line feed. */
    public static byte[] format(Manifest manifest) throws IOException {
        byte[] json = JSON.writeValueAsBytes(manifest);
        byte[] text = java.util.Arrays.copyOf(json, json.length + 1);
        text[json.length] = '\n';
        return text;
    }

    /**
     * Reads a manifest.
     *
     * @throws CaptureException if it is missing, damaged or of a newer format
     */
    public static Manifest read(Path file) throws CaptureException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new CaptureException("cannot read " + file + ": " + e.getClass().getSimpleName(), e);
        }
        try {
            JsonNode root = JSON.readTree(bytes);
            JsonNode version = root == null ? null : root.get("format_version");
            if (version == null || !version.isInt()) {
                throw new CaptureException("not a sys-inspector manifest: " + file + " has no format_version");
            }
            if (version.intValue() > Manifest.FORMAT_VERSION) {
                throw new CaptureException("capture is of a newer format: " + file + " format_version="
                        + version.intValue() + " known=" + Manifest.FORMAT_VERSION + "; use a newer sys-inspector");
            }
            Manifest manifest = JSON.treeToValue(root, Manifest.class);
            if (manifest.captureId() == null || manifest.state() == null || manifest.host() == null
                    || manifest.window() == null || manifest.segments() == null || manifest.tables() == null) {
                throw new CaptureException("manifest is incomplete: " + file);
            }
            return manifest;
        } catch (JsonProcessingException e) {
            throw new CaptureException("manifest is damaged: " + file + " line="
                    + (e.getLocation() == null ? "?" : e.getLocation().getLineNr()), e);
        } catch (IOException e) {
            throw new CaptureException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}
