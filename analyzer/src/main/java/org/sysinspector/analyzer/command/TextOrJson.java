// SPDX-License-Identifier: Apache-2.0
// The two forms of the small subcommands.
package org.sysinspector.analyzer.command;

/** The two forms of the small subcommands. */
enum TextOrJson {
    /** For people. */
    TEXT,
    /** For programs. */
    JSON
}
