package io.spirula.osd.op;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.maps.PgLineage;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.PgId;

/** Where a placement group lies in the order of objects: from {@code begin} up to, not including, {@code end}. Ceph: pg_t::get_hobj_start, get_hobj_end. */
public record GroupRange(ObjectId begin, ObjectId end) {
    /** @param pgNum how many groups the pool has */
    public static GroupRange of(PgId pg, int pgNum) {
        int bits = PgLineage.bits(pg.seed(), pgNum);
        long reversed = Integer.reverse(pg.seed()) & 0xffffffffL;
        long after = (reversed | (bits == 32 ? 0 : 0xffffffffL >>> bits)) + 1;
        ObjectId end = after > 0xffffffffL ? ObjectId.MAX : at(pg, ObjectId.HEAD, Integer.reverse((int) after));
        return new GroupRange(at(pg, 0, pg.seed()), end);
    }

    private static ObjectId at(PgId pg, long snap, int hash) {
        return new ObjectId(pg.pool(), Bytes.EMPTY, Bytes.EMPTY, Bytes.EMPTY, snap, hash, false);
    }
}
