// SPDX-License-Identifier: Apache-2.0
// Reads JSON that may come from anywhere: no field unknown, missing, twice or of another type; bounded.
package org.sysinspector.capture;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.sysinspector.text.Escape;

/** Reads JSON that may come from anywhere. Has no state, so any thread may use it. */
final class StrictJson {
    /** An argument of a command may have 128 KiB. */
    private static final int MAX_TEXT = 256 << 10;
    private static final int MAX_DEPTH = 8;
    private static final int MAX_NUMBER = 20;
    private static final int MAX_NAME = 64;
    private static final int SHOWN = 80;

    static final JsonMapper MAPPER = mapper();

    private StrictJson() {}

    private static JsonMapper mapper() {
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder().maxStringLength(MAX_TEXT).maxNestingDepth(MAX_DEPTH)
                        .maxNumberLength(MAX_NUMBER).maxNameLength(MAX_NAME).build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        JsonMapper.Builder builder = JsonMapper.builder(factory)
                .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS);
        for (CoercionInputShape shape :
                List.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean)) {
            builder.withCoercionConfig(LogicalType.Textual, c -> c.setCoercion(shape, CoercionAction.Fail));
        }
        return builder.build();
    }

    /**
     * Reads a value.
     *
     * @param problem begins the message if it is not as it should be
     * @throws CaptureException if it is not as it should be; names the field
     * @throws IOException if the stream cannot be read
     */
    static <T> T read(InputStream in, Class<T> type, String problem) throws CaptureException, IOException {
        try (JsonParser parser = MAPPER.createParser(in)) {
            parser.disable(JsonParser.Feature.AUTO_CLOSE_SOURCE);
            T value = MAPPER.readValue(parser, type);
            if (value == null) {
                throw new CaptureException(problem + " is null");
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new CaptureException(problem + reason(e), e);
        }
    }

    /** Returns a text as it may stand in a message. */
    static String shown(String text) {
        return Escape.terminal(text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text);
    }

    private static String reason(JsonProcessingException e) {
        if (e instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()) {
            StringBuilder field = new StringBuilder();
            for (JsonMappingException.Reference step : mapping.getPath()) {
                field.append(step.getFieldName() == null ? "[" + step.getIndex() + "]"
                        : (field.length() == 0 ? "" : ".") + step.getFieldName());
            }
            return " field=" + shown(field.toString()) + " is " + problem(e);
        }
        return " line=" + (e.getLocation() == null ? "?" : e.getLocation().getLineNr()) + " is " + problem(e);
    }

    private static String problem(Throwable e) {
        if (e instanceof StreamConstraintsException) {
            return "too long or too deep";
        }
        if (e instanceof UnrecognizedPropertyException) {
            return "not known";
        }
        if (e instanceof JsonParseException) {
            return e.getMessage().startsWith("Duplicate") ? "not right: a field in it is there twice" : "not JSON";
        }
        return e.getCause() instanceof JsonProcessingException ? problem(e.getCause())
                : "missing, out of range or of another type";
    }
}
