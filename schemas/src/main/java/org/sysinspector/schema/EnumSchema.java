// SPDX-License-Identifier: Apache-2.0
// Codes that the BPF programs and the recorder share.
package org.sysinspector.schema;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Codes that the BPF programs and the recorder share.
 *
 * @param name lower_snake name
 * @param doc what the codes stand for
 * @param values code by name, in order of definition
 */
public record EnumSchema(String name, String doc, Map<String, Integer> values) {

    /** Makes codes that cannot be changed. */
    public EnumSchema {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /**
     * Returns the code of a name.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public int code(String value) {
        Integer code = values.get(value);
        if (code == null) {
            throw new IllegalArgumentException("enum " + name + " has no value " + value);
        }
        return code;
    }

    /** Returns the names by code; codes that stand for nothing are null. */
    public String[] names() {
        int size = values.values().stream().mapToInt(Integer::intValue).max().orElse(-1) + 1;
        String[] names = new String[size];
        values.forEach((name, code) -> names[code] = name);
        return names;
    }
}
