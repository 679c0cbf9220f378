// SPDX-License-Identifier: Apache-2.0
// What to do when operations come faster than they can be written.
package org.sysinspector.recorder.command;

import java.util.Locale;

/** What to do when operations come faster than they can be written. */
public enum OnPressure {
    /** Every operation has a row, and what finds its ring full is lost and counted. */
    DROP,
    /** From a half-full ring on, consecutive operations of a thread on a descriptor share a row. */
    COALESCE;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
