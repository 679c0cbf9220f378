// SPDX-License-Identifier: Apache-2.0
// Checks the Parquet files of a capture.
package org.sysinspector.recorder.verify;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.LocalInputFile;
import org.sysinspector.capture.CaptureDirectory;
import org.sysinspector.capture.Manifest;
import org.sysinspector.recorder.capture.PrivateFiles;
import org.sysinspector.schema.SchemaCatalog;
import org.sysinspector.schema.TableSchema;

/**
 * Checks the Parquet files of a capture against the manifest: each is there, whole and its own, and there are no
 * others. Footers are read with Parquet's own file access: Hadoop's would start processes.
 */
final class TablesCheck {
    private final CaptureDirectory capture;
    private final Manifest manifest;
    private final Findings findings;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);

    TablesCheck(CaptureDirectory capture, Manifest manifest, Findings findings) {
        this.capture = capture;
        this.manifest = manifest;
        this.findings = findings;
    }

    void check() throws IOException {
        Set<String> tables = new HashSet<>();
        SchemaCatalog.get().tables().stream().map(TableSchema::name).forEach(tables::add);
        Set<Path> listed = new HashSet<>();
        for (Manifest.TableFile entry : manifest.tables()) {
            String what = entry.file();
            if (!tables.contains(entry.table())) {
                findings.error(what, "a table of the schema", "table:" + entry.table());
                continue;
            }
            Path file = capture.table(entry.table(), entry.segment());
            listed.add(file);
            file(what, file, entry);
        }
        unlisted(listed);
    }

    private void file(String what, Path file, Manifest.TableFile entry) {
        try {
            PrivateFiles.read(file, at -> {
                contents(what, at, entry);
                return at;
            });
        } catch (NoSuchFileException e) {
            findings.error(what, "a file", "no file");
        } catch (FileSystemException e) {
            findings.error(what, "a file", "something else");
        } catch (IOException e) {
            findings.error(what, "a readable file", e.getMessage());
        }
    }

    private void contents(String what, Path file, Manifest.TableFile entry) {
        try {
            boolean equal = findings.equal(what, "bytes:" + entry.bytes(), "bytes:" + Files.size(file))
                    && findings.equal(what, "crc32c:" + entry.crc32c(), "crc32c:" + crc32c(file))
                    && footer(what, file, entry);
            if (equal) {
                findings.ok(what, "rows=" + entry.rows() + " bytes=" + entry.bytes() + " crc32c=" + entry.crc32c());
            }
        } catch (IOException e) {
            findings.error(what, "a readable file", e.getMessage());
        }
    }

    private boolean footer(String what, Path file, Manifest.TableFile entry) throws IOException {
        ParquetReadOptions options = ParquetReadOptions.builder(new PlainParquetConfiguration()).build();
        try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file), options)) {
            Map<String, String> facts = reader.getFooter().getFileMetaData().getKeyValueMetaData();
            String captureId = facts.get("sysinspector.capture_id");
            return findings.equal(what, "rows:" + entry.rows(), "rows:" + reader.getRecordCount())
                    & findings.equal(what, "capture_id:" + manifest.captureId(), "capture_id:" + captureId)
                    & findings.equal(what, "table:" + entry.table(), "table:" + facts.get("sysinspector.table"));
        } catch (RuntimeException e) {
            // Parquet says so when the file is none, or its footer is not.
            findings.error(what, "a Parquet footer", e.getMessage());
            return false;
        }
    }

    private void unlisted(Set<Path> listed) throws IOException {
        if (!Files.isDirectory(capture.tables())) {
            return;
        }
        List<Path> others = PrivateFiles.in(capture.tables(), at -> {
            try (Stream<Path> files = Files.walk(at.resolve("."))) {
                return files.filter(f -> !Files.isDirectory(f, LinkOption.NOFOLLOW_LINKS))
                        .map(f -> capture.tables().resolve(at.resolve(".").relativize(f)))
                        .filter(f -> !listed.contains(f))
                        .sorted()
                        .toList();
            }
        });
        for (Path other : others) {
            String what = capture.root().relativize(other).toString();
            if (CaptureVerifier.complete(manifest)) {
                findings.error(what, "in the manifest", "not in it");
            } else {
                findings.ok(what, "not in the manifest yet, to be settled by: sys-inspector roll");
            }
        }
    }

    private String crc32c(Path file) throws IOException {
        CRC32C crc = new CRC32C();
        try (FileChannel channel = FileChannel.open(file)) {
            while (channel.read(buffer.clear()) >= 0) {
                crc.update(buffer.flip());
            }
        }
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }
}
