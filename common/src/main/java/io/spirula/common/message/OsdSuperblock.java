package io.spirula.common.message;

import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.types.Uuid;
import java.time.Instant;

/** Who an OSD is and which maps it has, as it tells the monitors when it boots. Ceph: OSDSuperblock. */
public record OsdSuperblock(
        Uuid clusterFsid,
        int whoami,
        int currentEpoch,
        int oldestMap,
        int newestMap,
        double weight,
        CompatSet compatFeatures,
        int cleanThru,
        int mounted,
        Uuid osdFsid,
        int purgedSnapsLast,
        Instant lastPurgedSnapsScrub,
        int clusterOsdmapTrimLowerBound) {
    public static final Codec<OsdSuperblock> CODEC = Codec.of(OsdSuperblock::encode, OsdSuperblock::decode);

    private void encode(Encoder out) {
        out.struct(
                10,
                5,
                o -> o.put(Uuid.CODEC, clusterFsid)
                        .u32(whoami)
                        .u32(currentEpoch)
                        .u32(oldestMap)
                        .u32(newestMap)
                        .f64(weight)
                        .put(CompatSet.CODEC, compatFeatures)
                        .u32(cleanThru)
                        .u32(mounted)
                        .put(Uuid.CODEC, osdFsid)
                        .u32(0) // when it was last marked full, and its pools, once
                        .u32(0)
                        .u32(purgedSnapsLast)
                        .time(lastPurgedSnapsScrub)
                        .u32(clusterOsdmapTrimLowerBound));
    }

    private static OsdSuperblock decode(Decoder in) {
        return in.struct(10, (b, version) -> {
            if (version < 9) {
                throw new MalformedInput("an OSD's superblock of version " + version + ", from before octopus");
            }
            Uuid clusterFsid = b.get(Uuid.CODEC);
            int whoami = b.i32();
            int currentEpoch = b.i32();
            int oldestMap = b.i32();
            int newestMap = b.i32();
            double weight = b.f64();
            CompatSet features = b.get(CompatSet.CODEC);
            int cleanThru = b.i32();
            int mounted = b.i32();
            Uuid osdFsid = b.get(Uuid.CODEC);
            b.skip(4).map(Decoder::u64, Decoder::i32);
            return new OsdSuperblock(
                    clusterFsid,
                    whoami,
                    currentEpoch,
                    oldestMap,
                    newestMap,
                    weight,
                    features,
                    cleanThru,
                    mounted,
                    osdFsid,
                    b.i32(),
                    b.time(),
                    version >= 10 ? b.i32() : 0);
        });
    }
}
