// SPDX-License-Identifier: Apache-2.0
// The version of this program.
package org.sysinspector.recorder.window;

/** The version of this program, as of its jar. */
public final class Version {
    /** The version, or "development" where it runs from class files. */
    public static final String TEXT = text();

    private Version() {}

    private static String text() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
