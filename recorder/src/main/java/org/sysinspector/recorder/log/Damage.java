// SPDX-License-Identifier: Apache-2.0
// One place of a segment that could not be read.
package org.sysinspector.recorder.log;

/**
 * One place of a segment that could not be read.
 *
 * @param kind what is wrong
 * @param file name of the segment's file
 * @param offset where in the file it starts, in bytes
 * @param bytes how much of the file it takes; 0 where blocks are missing altogether
 * @param events events that it held, -1 if not known (possible only at the end of a segment without its end mark)
 * @param ringClass code of enum ring_class, -1 if not known
 * @param cpu CPU of the ring, -1 where all share it or it is not known
 * @param firstNs smallest time of the events; where not known a time of the whole block before, 0 without one
 * @param lastNs largest time of the events; where not known a time of a whole block after, or else before
 * @param detail expected and found, as {@code key=value} facts
 */
public record Damage(
        Kind kind,
        String file,
        long offset,
        long bytes,
        long events,
        int ringClass,
        int cpu,
        long firstNs,
        long lastNs,
        String detail) {

    /** What is wrong. */
    public enum Kind {
        /** A block's header is fine, its records are not. */
        CORRUPT_PAYLOAD("payload corrupt"),
        /** Bytes that are no block. */
        CORRUPT_HEADER("header corrupt"),
        /** Blocks are not there, though nothing else is in their place. */
        MISSING("blocks missing"),
        /** The file ends within a block. */
        CUT_OFF("cut off"),
        /** More places than are listed one by one, taken together. */
        MANY("more damage");

        private final String text;

        Kind(String text) {
            this.text = text;
        }
    }

    /** Returns one line for people: file, place, what and how much. */
    public String describe() {
        return file + " offset=" + offset + " bytes=" + bytes + " events=" + (events < 0 ? "unknown" : events) + " "
                + kind.text + (detail.isEmpty() ? "" : ": " + detail);
    }

    /** Returns this and another place, later in the file, as one. */
    Damage and(Damage other) {
        return new Damage(
                Kind.MANY,
                file,
                offset,
                other.offset + other.bytes - offset,
                events < 0 || other.events < 0 ? -1 : events + other.events,
                ringClass == other.ringClass ? ringClass : -1,
                cpu == other.cpu ? cpu : -1,
                Math.min(firstNs, other.firstNs),
                Math.max(lastNs, other.lastNs),
                "");
    }
}
