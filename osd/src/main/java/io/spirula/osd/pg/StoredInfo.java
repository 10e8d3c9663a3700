package io.spirula.osd.pg;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.pg.PgInfo;
import io.spirula.common.types.EVersion;
import io.spirula.osd.backend.PgCounters;
import io.spirula.osd.pglog.PgMeta;
import io.spirula.osd.store.ObjectStore;
import java.util.List;
import java.util.SortedMap;

/**
 * A group's info as its own object keeps it: whole, written when peering changes it, and the part that every write changes by itself. Ceph: _info and _fastinfo.
 */
record StoredInfo(PgInfo info, EVersion lastUpdate, EVersion lastComplete, long lastUserVersion, PgCounters counters) {
    static final Bytes INFO_KEY = Bytes.of("_info");
    static final Bytes FAST_KEY = Bytes.of("_fastinfo");

    static Bytes fast(EVersion lastUpdate, EVersion lastComplete, long lastUserVersion, PgCounters counters) {
        return new Encoder(96)
                .u8(1)
                .put(EVersion.CODEC, lastUpdate)
                .put(EVersion.CODEC, lastComplete)
                .u64(lastUserVersion)
                .bytes(counters.encode())
                .toBytes();
    }

    /** Throws MalformedInput where the group's object has no info or a damaged one. */
    static StoredInfo load(ObjectStore store, PgMeta meta) {
        SortedMap<Bytes, Bytes> found = store.omapValues(meta.collection(), meta.object(), List.of(INFO_KEY, FAST_KEY));
        Bytes whole = found.get(INFO_KEY);
        Bytes fast = found.get(FAST_KEY);
        if (whole == null || fast == null) {
            throw new MalformedInput("the placement group " + meta.collection() + " has no info");
        }
        Decoder in = new Decoder(fast);
        int version = in.u8();
        if (version != 1) {
            throw new MalformedInput("a placement group's info of version " + version);
        }
        return new StoredInfo(
                PgInfo.CODEC.fromBytes(whole),
                in.get(EVersion.CODEC),
                in.get(EVersion.CODEC),
                in.u64(),
                PgCounters.decode(in.bytes()));
    }
}
