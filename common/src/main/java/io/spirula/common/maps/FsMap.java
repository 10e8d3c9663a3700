package io.spirula.common.maps;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Encoder;
import java.util.Map;
import java.util.TreeMap;

/** The file systems of the cluster: none, which stock clients ask about all the same. Only the epoch of a decoded one is kept. Ceph: FSMap (mds/FSMap.cc), version 7. */
public record FsMap(int epoch) {
    public static final Codec<FsMap> CODEC =
            Codec.of(FsMap::encode, in -> in.struct(7, (d, version) -> new FsMap(d.i32())));

    private static final long FIRST_FILE_SYSTEM = 1;
    private static final int NO_LEGACY_CLIENT = -1;
    /** What a metadata server must know to read the default file system's format. Source: mds/mdstypes.h, MDS_FEATURE_INCOMPAT_*. */
    private static final Map<Long, String> INCOMPAT = new TreeMap<>(Map.of(
            1L, "base v0.20",
            2L, "client writeable ranges",
            3L, "default file layouts on dirs",
            4L, "dir inode in separate object",
            5L, "mds uses versioned encoding",
            6L, "dirfrag is stored in omap",
            8L, "no anchor table",
            9L, "file layout v2",
            10L, "snaprealm v2"));

    public Bytes encoded() {
        return CODEC.toBytes(this);
    }

    private void encode(Encoder out) {
        out.struct(7, 6, o -> {
            o.u32(epoch).u64(FIRST_FILE_SYSTEM).u32(NO_LEGACY_CLIENT);
            features(o, Map.of());
            features(o, Map.of());
            features(o, INCOMPAT);
            o.bool(true); // there may be several file systems
            o.u32(0).u32(0).u32(0).u32(0); // file systems, roles, standby daemons, their epochs
            o.bool(true); // ... and always could
        });
    }

    private static void features(Encoder out, Map<Long, String> names) {
        long mask = names.keySet().stream().mapToLong(bit -> 1L << bit).sum();
        out.u64(mask).map(names, (bit, o) -> o.u64(bit), (name, o) -> o.string(name));
    }
}
