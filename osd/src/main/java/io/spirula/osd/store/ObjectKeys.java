package io.spirula.osd.store;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.types.ObjectId;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Objects as keys whose order as bytes is Ceph's object order: the collection's number, pool with its sign flipped, bit-reversed hash, then namespace and effective key escaped (a zero byte becomes 0, 1; the end
 * is 0, 0), how the name compares to the effective key with the name where it differs, and the snapshot. After the manner of BlueStore's get_object_key.
 */
final class ObjectKeys {
    private ObjectKeys() {}

    static byte[] key(int collection, ObjectId object) {
        Bytes effective = object.effectiveKey();
        int names = object.namespace().size() + effective.size() + object.name().size();
        byte[] out = new byte[4 + 8 + 4 + 2 * names + 2 * 3 + 1 + 8];
        ByteBuffer head = ByteBuffer.wrap(out);
        head.putInt(collection).putLong(object.pool() ^ Long.MIN_VALUE).putInt(Integer.reverse(object.hash()));
        int at = escape(object.namespace(), out, 16);
        at = escape(effective, out, at);
        int order = object.name().compareTo(effective);
        out[at++] = (byte) (order < 0 ? '<' : order == 0 ? '=' : '>');
        if (order != 0) {
            at = escape(object.name(), out, at);
        }
        ByteBuffer.wrap(out, at, 8).putLong(object.snap());
        return Arrays.copyOf(out, at + 8);
    }

    /** Where the objects from {@code bound} on begin in a collection. */
    static byte[] bound(int collection, ObjectId bound) {
        return bound.max() ? prefix(collection + 1) : key(collection, bound);
    }

    static byte[] prefix(int collection) {
        return ByteBuffer.allocate(4).putInt(collection).array();
    }

    static ObjectId object(byte[] key) {
        try {
            ByteBuffer in = ByteBuffer.wrap(key, 4, key.length - 4);
            long pool = in.getLong() ^ Long.MIN_VALUE;
            int hash = Integer.reverse(in.getInt());
            Bytes namespace = unescape(in);
            Bytes effective = unescape(in);
            boolean same = in.get() == '=';
            Bytes name = same ? effective : unescape(in);
            return new ObjectId(pool, namespace, same ? Bytes.EMPTY : effective, name, in.getLong(), hash, false);
        } catch (RuntimeException e) {
            throw new MalformedInput("an object's key cannot be read", e);
        }
    }

    private static int escape(Bytes name, byte[] out, int start) {
        int at = start;
        for (int i = 0; i < name.size(); i++) {
            byte b = name.get(i);
            out[at++] = b;
            if (b == 0) {
                out[at++] = 1;
            }
        }
        return at + 2;
    }

    private static Bytes unescape(ByteBuffer in) {
        ByteArrayOutputStream name = new ByteArrayOutputStream(32);
        while (true) {
            byte b = in.get();
            if (b == 0 && in.get() == 0) {
                return Bytes.wrap(name.toByteArray());
            }
            name.write(b);
        }
    }
}
