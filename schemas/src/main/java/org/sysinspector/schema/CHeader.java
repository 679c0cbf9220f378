// SPDX-License-Identifier: Apache-2.0
// The C header of the raw records that the BPF programs include.
package org.sysinspector.schema;

import java.util.Locale;

/** The C header {@code events.h}: one struct a raw record, one enum a set of codes. */
final class CHeader {
    private CHeader() {}

    /** Returns the text of the header. */
    static String of(SchemaCatalog catalog) {
        StringBuilder out = new StringBuilder();
        out.append("/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */\n");
        out.append("/* Raw records and codes. Generated from schemas/: edit those. */\n");
        out.append("#ifndef SI_EVENTS_H\n#define SI_EVENTS_H\n");
        for (EnumSchema schema : catalog.enums()) {
            out.append("\n/* ").append(schema.doc()).append(" */\n");
            out.append("enum si_").append(schema.name()).append("_code {\n");
            schema.values().forEach((name, code) -> constant(out, schema.name() + "_" + name, code));
            constant(out, schema.name() + "_codes", schema.names().length);
            out.append("};\n");
        }
        out.append("\nenum si_record_type {\n");
        for (RecordSchema schema : catalog.records()) {
            constant(out, "type_" + schema.name(), schema.type());
        }
        out.append("};\n");
        for (RecordSchema schema : catalog.records()) {
            struct(out, schema);
        }
        out.append("\n/* All of them, so that one mention brings every layout into the object's type information. */\n");
        out.append("union si_records {\n");
        for (RecordSchema schema : catalog.records()) {
            out.append("\tstruct si_").append(schema.name()).append(' ').append(schema.name()).append(";\n");
        }
        return out.append("};\n\n#endif\n").toString();
    }

    private static void struct(StringBuilder out, RecordSchema schema) {
        out.append("\n/* ").append(schema.doc()).append(" */\nstruct si_").append(schema.name()).append(" {\n");
        for (FieldSchema field : schema.fields()) {
            String ctype = field.ctype();
            boolean array = ctype.startsWith("char");
            out.append('\t').append(array ? "char" : "__" + ctype).append(' ').append(field.name());
            out.append(array ? ctype.substring("char".length()) : "").append("; /* ");
            out.append(field.doc()).append(field.unit().isEmpty() ? "" : ", " + field.unit()).append(" */\n");
        }
        out.append("};\n");
    }

    private static void constant(StringBuilder out, String name, int value) {
        out.append("\tSI_").append(name.toUpperCase(Locale.ROOT)).append(" = ").append(value).append(",\n");
    }
}
