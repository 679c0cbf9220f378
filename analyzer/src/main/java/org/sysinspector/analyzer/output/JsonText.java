// SPDX-License-Identifier: Apache-2.0
// JSON in US-ASCII.
package org.sysinspector.analyzer.output;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** JSON in US-ASCII: whatever is not printable becomes a {@code \\u} escape. Records get lower_snake names. */
public final class JsonText {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .defaultPropertyInclusion(JsonInclude.Value.construct(JsonInclude.Include.ALWAYS, null))
            .build();

    private JsonText() {}

    /** Returns a value, a list, a map or a record in one line. */
    public static String of(Object value) {
        try {
            // Jackson leaves DEL as it is, being ASCII; a terminal would not.
            return JSON.writeValueAsString(value).replace("\u007f", "\\u007f");
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be written as JSON: " + value.getClass(), e);
        }
    }

    /** Returns the same over several lines, indented. */
    public static String pretty(Object value) {
        try {
            return JSON.writer(SerializationFeature.INDENT_OUTPUT).writeValueAsString(value)
                    .replace("\u007f", "\\u007f") + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be written as JSON: " + value.getClass(), e);
        }
    }
}
