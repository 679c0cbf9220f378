// SPDX-License-Identifier: Apache-2.0
// A copy of what the build made, as it is installed elsewhere.
package org.sysinspector.recorder.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/** A copy of what the build made: launcher, scripts and the recorder's jars, for everybody to read and run. */
final class BuiltTree {
    private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();

    private BuiltTree() {}

    /** Makes a copy below a directory that is there; returns its root. */
    static Path copy(Path directory) throws IOException {
        Path tree = directory.resolve("tree");
        for (String file : List.of("sys-inspector", "packaging/archive.sh", "packaging/setup.sh")) {
            copy(REPOSITORY.resolve(file), tree.resolve(file));
        }
        Path target = REPOSITORY.resolve("recorder/target");
        try (Stream<Path> built = Files.walk(target)) {
            for (Path file : built.filter(f -> f.toString().matches(".*/target/(lib/.*|[^/]*)\\.(jar|so)")).toList()) {
                copy(file, tree.resolve(REPOSITORY.relativize(file)));
            }
        }
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.toList()) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
        return tree;
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
    }
}
