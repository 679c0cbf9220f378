// SPDX-License-Identifier: Apache-2.0
// The version of this build.
package org.sysinspector.text;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of this build, from a resource that Maven fills in. */
public final class Version {
    /** The version, such as {@code 0.1.0}. */
    public static final String TEXT = text();

    /** The line that {@code --version} prints. */
    public static final String LINE = "sys-inspector " + TEXT;

    private Version() {}

    private static String text() {
        Properties properties = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("/version.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("version.properties", e);
        }
        return properties.getProperty("version");
    }
}
