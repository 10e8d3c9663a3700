package io.spirula.common.maps;

import io.spirula.common.encoding.Bytes;

/** The hash that spreads objects over placement groups. Source: common/ceph_hash.cc (Robert Jenkins' hash, public domain, 1996) and include/rados.h. */
public final class ObjectHash {
    static final int LINUX = 1;
    static final int RJENKINS = 2;
    /** Stands between a namespace and a name in what is hashed. */
    private static final byte SEPARATOR = 0x1f;

    private ObjectHash() {}

    static int of(int kind, Bytes keyOrName, Bytes namespace) {
        Bytes hashed = namespace.isEmpty()
                ? keyOrName
                : Bytes.concat(java.util.List.of(namespace, Bytes.wrap(new byte[] {SEPARATOR}), keyOrName));
        return kind == LINUX ? linux(hashed) : rjenkins(hashed);
    }

    /** Ceph: ceph_str_hash_rjenkins. */
    public static int rjenkins(Bytes text) {
        byte[] k = text.backingArray();
        int at = text.backingOffset();
        int left = text.size();
        int a = 0x9e3779b9;
        int b = 0x9e3779b9;
        int c = 0;
        boolean last = false;
        while (!last) {
            if (left >= 12) {
                a += word(k, at, 4);
                b += word(k, at + 4, 4);
                c += word(k, at + 8, 4);
                at += 12;
                left -= 12;
            } else {
                a += word(k, at, Math.min(left, 4));
                b += word(k, at + 4, Math.min(Math.max(left - 4, 0), 4));
                // The lowest byte of c is kept for the length.
                c += (word(k, at + 8, Math.max(left - 8, 0)) << 8) + text.size();
                last = true;
            }
            a = a - b - c ^ c >>> 13;
            b = b - c - a ^ a << 8;
            c = c - a - b ^ b >>> 13;
            a = a - b - c ^ c >>> 12;
            b = b - c - a ^ a << 16;
            c = c - a - b ^ b >>> 5;
            a = a - b - c ^ c >>> 3;
            b = b - c - a ^ a << 10;
            c = c - a - b ^ b >>> 15;
        }
        return c;
    }

    private static int word(byte[] k, int at, int count) {
        int w = 0;
        for (int i = 0; i < count; i++) {
            w |= (k[at + i] & 0xff) << 8 * i;
        }
        return w;
    }

    /** Ceph: ceph_str_hash_linux, of the 64-bit unsigned long. */
    static int linux(Bytes text) {
        long hash = 0;
        for (int i = 0; i < text.size(); i++) {
            int c = text.get(i) & 0xff;
            hash = (hash + ((long) c << 4) + (c >>> 4)) * 11;
        }
        return (int) hash;
    }

    /** A number below {@code count} that few values change when the count grows. Ceph: ceph_stable_mod. */
    static int stableMod(int x, int count, int mask) {
        int full = x & mask;
        return Integer.compareUnsigned(full, count) < 0 ? full : x & mask >>> 1;
    }
}
