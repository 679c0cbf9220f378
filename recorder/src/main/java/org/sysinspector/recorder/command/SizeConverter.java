// SPDX-License-Identifier: Apache-2.0
// Reads the sizes that options take, such as 64MiB.
package org.sysinspector.recorder.command;

import org.sysinspector.text.Sizes;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads sizes in bytes: from 64 KiB to 16 GiB. */
public final class SizeConverter implements ITypeConverter<Long> {
    @Override
    public Long convert(String value) {
        try {
            return Sizes.parse(value, 64L << 10, 16L << 30);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
