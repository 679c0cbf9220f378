// SPDX-License-Identifier: Apache-2.0
// The streams a command writes to.
package org.sysinspector.analyzer.command;

import java.io.PrintStream;
import picocli.CommandLine;

/**
 * The streams a command writes to.
 *
 * @param out standard output
 * @param err standard error
 */
record Streams(PrintStream out, PrintStream err) {

    /** Makes the commands, handing the streams to those that want them. */
    record Factory(Streams streams) implements CommandLine.IFactory {
        @Override
        public <K> K create(Class<K> type) throws Exception {
            try {
                return type.getDeclaredConstructor(Streams.class).newInstance(streams);
            } catch (NoSuchMethodException e) {
                return CommandLine.defaultFactory().create(type);
            }
        }
    }
}
