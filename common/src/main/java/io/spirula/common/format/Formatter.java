package io.spirula.common.format;

/**
 * A receiver of structured output, value by value in order. Names are for objects' members; elements of arrays take one as well, which formats without names for elements
 * leave out. Ceph: Formatter (common/Formatter.h).
 */
public interface Formatter {
    Formatter openObject(String name);

    Formatter openArray(String name);

    /** Ends the innermost open object or array. */
    Formatter close();

    Formatter put(String name, String value);

    Formatter put(String name, long value);

    Formatter put(String name, boolean value);

    /** A floating point number, with enough digits to be read back exactly. */
    Formatter put(String name, double value);

    /** The bits of an unsigned 64-bit number. */
    Formatter putUnsigned(String name, long value);

    /** An unsigned 32-bit number, such as an epoch. */
    default Formatter putUnsigned(String name, int value) {
        return put(name, Integer.toUnsignedLong(value));
    }

    /** A value that is written as it stands, without quotes. */
    Formatter putRaw(String name, String text);

    /** An object whose members {@code body} writes. */
    default Formatter object(String name, Runnable body) {
        openObject(name);
        body.run();
        return close();
    }

    /** An array whose elements {@code body} writes. */
    default Formatter array(String name, Runnable body) {
        openArray(name);
        body.run();
        return close();
    }
}
