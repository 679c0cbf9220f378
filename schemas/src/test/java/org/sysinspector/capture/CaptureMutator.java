// SPDX-License-Identifier: Apache-2.0
// Damages a capture in one way that a seed chooses.
package org.sysinspector.capture;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Damages a capture in one way that a seed chooses: flipped bits, lost or added bytes, files that are gone, swapped, empty,
 * doubled or of something else, links, directories and pipes in place of files, fields of the manifest with another value,
 * sealed anew or not. The same seed does the same to the same capture.
 */
public final class CaptureMutator {
    private static final List<String> VALUES = List.of("null", "0", "-1", "1", "9223372036854775807", "-9223372036854775808",
            "1e999", "\"\"", "\"x\"", "\"../../etc/passwd\"", "[]", "{}", "true", "\"\\u001b[31m\"", "[null]", "99999999999999999999");

    private final Path capture;
    private final Random random;

    private CaptureMutator(Path capture, long seed) {
        this.capture = capture;
        this.random = new Random(seed);
    }

    /** Returns seeds that are far from each other: of close ones, the first that Random draws is the same. */
    public static List<Long> seeds(long from, int count) {
        return LongStream.range(from, from + count).map(n -> new SplittableRandom(n).nextLong()).boxed().toList();
    }

    /** Damages a capture; returns what was done, for people. */
    public static String mutate(Path capture, long seed) throws IOException {
        return new CaptureMutator(capture, seed).mutate();
    }

    /** Copies a capture. */
    public static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> walk = Files.walk(from)) {
            for (Path file : walk.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    private String mutate() throws IOException {
        Path file = any(files());
        byte[] bytes = Files.readAllBytes(file);
        String name = capture.relativize(file).toString();
        switch (random.nextInt(14)) {
            case 0, 1, 2 -> {
                int flips = 1 + random.nextInt(4);
                for (int i = 0; i < flips && bytes.length > 0; i++) {
                    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                }
                Files.write(file, bytes);
                return "bits flipped in " + name;
            }
            case 3 -> {
                Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length == 0 ? 0 : random.nextInt(bytes.length)));
                return "cut off: " + name;
            }
            case 4 -> {
                Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(100)));
                return "zeros after " + name;
            }
            case 5 -> {
                Files.delete(file);
                return "gone: " + name;
            }
            case 6 -> {
                Path other = any(files());
                byte[] others = Files.readAllBytes(other);
                Files.write(other, bytes);
                Files.write(file, others);
                return "swapped: " + name + " and " + capture.relativize(other);
            }
            case 7 -> {
                byte[] noise = new byte[bytes.length];
                random.nextBytes(noise);
                Files.write(file, noise);
                return "noise in place of " + name;
            }
            case 8 -> {
                int from = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
                java.util.Arrays.fill(bytes, from, Math.min(bytes.length, from + 1 + random.nextInt(64)), (byte) random.nextInt(256));
                Files.write(file, bytes);
                return "a run of one byte in " + name;
            }
            case 9 -> {
                Path moved = Files.move(file, capture.resolveSibling(capture.getFileName() + "-moved-" + random.nextInt(1 << 30)));
                Files.createSymbolicLink(file, moved);
                return "a link in place of " + name;
            }
            case 10 -> {
                Files.delete(file);
                Files.createDirectory(file);
                return "a directory in place of " + name;
            }
            case 11 -> {
                Path beside = file.resolveSibling(random.nextBoolean() ? "000099.parquet" : "foreign");
                Files.write(beside, bytes);
                return "a file that nobody knows beside " + name;
            }
            default -> {
                return field(random.nextInt(3) > 0);
            }
        }
    }

    /** Gives a field of the manifest another value, or takes or doubles an entry of a list. */
    private String field(boolean sealed) throws IOException {
        Path manifest = new CaptureDirectory(capture).manifest();
        List<String> lines = new ArrayList<>(Files.readAllLines(manifest, StandardCharsets.UTF_8));
        int at = random.nextInt(lines.size());
        String line = lines.get(at);
        String did;
        int colon = line.indexOf(" : ");
        if (colon > 0 && random.nextInt(4) > 0) {
            String value = VALUES.get(random.nextInt(VALUES.size()));
            lines.set(at, line.substring(0, colon + 3) + value + (line.endsWith(",") ? "," : ""));
            did = line.strip() + " is now " + value;
        } else if (random.nextBoolean()) {
            lines.remove(at);
            did = "line taken: " + line.strip();
        } else {
            lines.add(at, line);
            did = "line doubled: " + line.strip();
        }
        String text = String.join("\n", lines) + "\n";
        Files.write(manifest, sealed && text.contains("}") ? ManifestFile.sealed(text) : text.getBytes(StandardCharsets.UTF_8));
        return "manifest" + (sealed ? ", sealed anew: " : ": ") + did;
    }

    private Path any(List<Path> of) {
        return of.get(random.nextInt(of.size()));
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> walk = Files.walk(capture)) {
            List<Path> files = new ArrayList<>(walk.filter(f -> Files.isRegularFile(f, LinkOption.NOFOLLOW_LINKS)).toList());
            Collections.sort(files);
            return files;
        }
    }
}
