package io.spirula.common.types;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;

/**
 * An object wherever it lies: pool, namespace, name, locator key (empty where it equals the name), snapshot and placement hash. Sorted as Ceph sorts: by the bit-reversed hash, so that
 * a placement group is one contiguous range even after splits. Ceph: hobject_t (common/hobject.h).
 */
public record ObjectId(long pool, Bytes namespace, Bytes key, Bytes name, long snap, int hash, boolean max)
        implements Comparable<ObjectId> {
    /** The object's head: its current state. */
    public static final long HEAD = -2;

    public static final long SNAPDIR = -1;
    /** Ceph's smallest object, before any other. */
    public static final ObjectId MIN = new ObjectId(Long.MIN_VALUE, Bytes.EMPTY, Bytes.EMPTY, Bytes.EMPTY, 0, 0, false);
    /** After any other object. */
    public static final ObjectId MAX = new ObjectId(Long.MIN_VALUE, Bytes.EMPTY, Bytes.EMPTY, Bytes.EMPTY, 0, 0, true);

    public static final Codec<ObjectId> CODEC = Codec.of(ObjectId::encode, ObjectId::decode);

    public static ObjectId head(long pool, Bytes namespace, Bytes key, Bytes name, int hash) {
        return new ObjectId(pool, namespace, key.equals(name) ? Bytes.EMPTY : key, name, HEAD, hash, false);
    }

    public Bytes effectiveKey() {
        return key.isEmpty() ? name : key;
    }

    private void encode(Encoder out) {
        out.struct(
                4,
                3,
                o -> o.bytes(key)
                        .bytes(name)
                        .u64(snap)
                        .u32(hash)
                        .bool(max)
                        .bytes(namespace)
                        .u64(pool));
    }

    private static ObjectId decode(Decoder in) {
        return in.struct(4, (body, version) -> {
            Bytes key = body.name();
            Bytes name = body.name();
            long snap = body.u64();
            int hash = body.i32();
            boolean max = body.bool();
            Bytes namespace = body.name();
            long pool = body.u64();
            // Before infernalis the smallest object was spelled with pool -1. Source: hobject_t::decode.
            if (pool == -1 && snap == 0 && hash == 0 && !max && name.isEmpty()) {
                pool = Long.MIN_VALUE;
            }
            return new ObjectId(pool, namespace, key, name, snap, hash, max);
        });
    }

    // Written out, because each request asks many maps for its object, and a record's own methods are chains of method
    // handles until they are compiled.

    @Override
    public int compareTo(ObjectId other) {
        int c = Boolean.compare(max, other.max);
        c = c != 0 ? c : Long.compare(pool, other.pool);
        c = c != 0 ? c : Integer.compareUnsigned(Integer.reverse(hash), Integer.reverse(other.hash));
        c = c != 0 ? c : namespace.compareTo(other.namespace);
        c = c != 0 ? c : effectiveKey().compareTo(other.effectiveKey());
        c = c != 0 ? c : name.compareTo(other.name);
        return c != 0 ? c : Long.compareUnsigned(snap, other.snap);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof ObjectId other
                && hash == other.hash
                && pool == other.pool
                && snap == other.snap
                && max == other.max
                && name.equals(other.name)
                && key.equals(other.key)
                && namespace.equals(other.namespace);
    }

    /** The placement hash covers the namespace and the name; those that share a locator key, and so the hash, are told apart by their order. */
    @Override
    public int hashCode() {
        return 31 * (31 * hash + Long.hashCode(pool)) + Long.hashCode(snap);
    }

    /** As Ceph prints it: {@code pool:reversed-hash:namespace:key:name:snap}. */
    @Override
    public String toString() {
        if (max) {
            return "MAX";
        }
        if (equals(MIN)) {
            return "MIN";
        }
        String s = snap == HEAD ? "head" : snap == SNAPDIR ? "snapdir" : Long.toHexString(snap);
        return pool + ":" + String.format("%08x", Integer.reverse(hash)) + ":" + namespace + ":" + key + ":" + name
                + ":" + s;
    }
}
