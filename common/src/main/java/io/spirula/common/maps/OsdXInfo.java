package io.spirula.common.maps;

import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import java.time.Instant;

/**
 * What the monitors keep about an OSD beyond what clients need. Ceph: osd_xinfo_t.
 *
 * @param laggyBits the probability that it is laggy when it seems down, as 32-bit fraction of one
 * @param laggyInterval seconds it took to recover from being laggy, on average
 * @param features the OSD's feature bits
 * @param oldWeight the weight before it was marked out automatically
 * @param deadEpoch the last epoch in which it was confirmed dead, not just down
 */
public record OsdXInfo(
        Instant downStamp,
        int laggyBits,
        int laggyInterval,
        long features,
        int oldWeight,
        Instant lastPurgedSnapsScrub,
        int deadEpoch) {
    public static final OsdXInfo NONE = new OsdXInfo(Instant.EPOCH, 0, 0, 0, 0, Instant.EPOCH, 0);
    public static final Codec<OsdXInfo> CODEC = Codec.of(OsdXInfo::encode, OsdXInfo::decode);

    private void encode(Encoder out) {
        out.struct(
                4,
                1,
                o -> o.time(downStamp)
                        .u32(laggyBits)
                        .u32(laggyInterval)
                        .u64(features)
                        .u32(oldWeight)
                        .time(lastPurgedSnapsScrub)
                        .u32(deadEpoch));
    }

    private static OsdXInfo decode(Decoder in) {
        return in.struct(
                4,
                (d, v) -> new OsdXInfo(
                        d.time(),
                        d.i32(),
                        d.i32(),
                        v >= 2 ? d.u64() : 0,
                        v >= 3 ? d.i32() : 0,
                        v >= 4 ? d.time() : Instant.EPOCH,
                        v >= 4 ? d.i32() : 0));
    }

    /** As a number from 0 to 1; single precision, as Ceph holds it. */
    public float laggyProbability() {
        return (float) Integer.toUnsignedLong(laggyBits) / (float) 0xffffffffL;
    }

    public OsdXInfo withLaggy(double probability, int intervalSeconds) {
        int bits = (int) (long) (Math.clamp(probability, 0.0, 1.0) * 0xffffffffL);
        return new OsdXInfo(downStamp, bits, intervalSeconds, features, oldWeight, lastPurgedSnapsScrub, deadEpoch);
    }

    public OsdXInfo withDownStamp(Instant stamp) {
        return new OsdXInfo(stamp, laggyBits, laggyInterval, features, oldWeight, lastPurgedSnapsScrub, deadEpoch);
    }

    public OsdXInfo withFeatures(long bits) {
        return new OsdXInfo(downStamp, laggyBits, laggyInterval, bits, oldWeight, lastPurgedSnapsScrub, deadEpoch);
    }

    public OsdXInfo withOldWeight(int weight) {
        return new OsdXInfo(downStamp, laggyBits, laggyInterval, features, weight, lastPurgedSnapsScrub, deadEpoch);
    }

    public OsdXInfo withLastPurgedSnapsScrub(Instant stamp) {
        return new OsdXInfo(downStamp, laggyBits, laggyInterval, features, oldWeight, stamp, deadEpoch);
    }

    public OsdXInfo withDeadEpoch(int epoch) {
        return new OsdXInfo(downStamp, laggyBits, laggyInterval, features, oldWeight, lastPurgedSnapsScrub, epoch);
    }
}
