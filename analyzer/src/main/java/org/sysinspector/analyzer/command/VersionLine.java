// SPDX-License-Identifier: Apache-2.0
// What --version prints.
package org.sysinspector.analyzer.command;

import org.sysinspector.text.Version;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
public final class VersionLine implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {Version.LINE};
    }
}
