// SPDX-License-Identifier: Apache-2.0
// The version of this build.
package org.sysinspector.analyzer.command;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version of this build, from a resource that Maven fills in. */
public final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("/version.properties")) {
            properties.load(in);
        }
        return new String[] {"sys-inspector " + properties.getProperty("version")};
    }
}
