package io.spirula.common.pg;

import io.spirula.common.encoding.Codec;
import io.spirula.common.types.EntityId;

/** Which client sent which request: what makes a resent write recognizable. Ceph: osd_reqid_t. */
public record ReqId(EntityId name, long tid, int incarnation) implements Comparable<ReqId> {
    /** Ceph's default: nobody's request. */
    public static final ReqId NONE = new ReqId(EntityId.NONE, 0, 0);

    public static final Codec<ReqId> CODEC = Codec.of(
            (r, out) -> out.struct(
                    2, 2, o -> o.put(EntityId.CODEC, r.name).u64(r.tid).u32(r.incarnation)),
            in -> in.struct(2, (body, v) -> new ReqId(body.get(EntityId.CODEC), body.u64(), body.i32())));

    @Override
    public int compareTo(ReqId other) {
        int c = name.type().compareTo(other.name.type());
        c = c != 0 ? c : Long.compare(name.number(), other.name.number());
        c = c != 0 ? c : Integer.compare(incarnation, other.incarnation);
        return c != 0 ? c : Long.compareUnsigned(tid, other.tid);
    }

    // Written out, because every request is looked up by it several times.

    @Override
    public boolean equals(Object o) {
        return o instanceof ReqId r
                && tid == r.tid
                && incarnation == r.incarnation
                && name.number() == r.name.number()
                && name.type() == r.name.type();
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(name.number()) + Long.hashCode(tid) + incarnation;
    }

    /** {@code client.4123.0:17}. */
    @Override
    public String toString() {
        return name + "." + incarnation + ":" + Long.toUnsignedString(tid);
    }
}
