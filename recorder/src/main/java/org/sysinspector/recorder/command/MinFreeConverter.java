// SPDX-License-Identifier: Apache-2.0
// Reads how much of a file system is to be left free: a size or a share in percent.
package org.sysinspector.recorder.command;

import org.sysinspector.recorder.window.MinFree;
import org.sysinspector.text.Sizes;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads how much of a file system is to be left free: a size, such as 2GiB, or a share of it, 0% to 100%. */
public final class MinFreeConverter implements ITypeConverter<MinFree> {
    @Override
    public MinFree convert(String value) {
        if (value.matches("[0-9]{1,2}(\\.[0-9]{1,3})?%|100%")) {
            return MinFree.ofShare(Double.parseDouble(value.substring(0, value.length() - 1)) / 100);
        }
        if (value.endsWith("%")) {
            throw new TypeConversionException("share out of range: '" + value + "'; give 0% to 100%, such as 5%");
        }
        try {
            return MinFree.ofBytes(Sizes.parse(value, 1, Sizes.MOST));
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage() + ", or a share such as 5%");
        }
    }
}
