// SPDX-License-Identifier: Apache-2.0
// Reads how large a capture may be.
package org.sysinspector.recorder.command;

import org.sysinspector.text.Sizes;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads how large a capture may be: from 1 MiB. */
public final class MaxSizeConverter implements ITypeConverter<Long> {
    @Override
    public Long convert(String value) {
        try {
            return Sizes.parse(value, 1 << 20, Sizes.MOST);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
