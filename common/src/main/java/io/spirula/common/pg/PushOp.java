package io.spirula.common.pg;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.IntervalSet;
import io.spirula.common.types.ObjectId;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** A part of an object on its way to where it is missing. Ceph: PushOp. */
public record PushOp(
        ObjectId object,
        EVersion version,
        Bytes data,
        IntervalSet dataIncluded,
        Bytes omapHeader,
        Map<Bytes, Bytes> omapEntries,
        Map<Bytes, Bytes> attributes,
        RecoveryInfo recoveryInfo,
        RecoveryProgress afterProgress,
        RecoveryProgress beforeProgress) {
    public static final Codec<PushOp> CODEC = Codec.of(PushOp::encode, PushOp::decode);

    public PushOp {
        omapEntries = Collections.unmodifiableMap(new TreeMap<>(omapEntries));
        attributes = Collections.unmodifiableMap(new TreeMap<>(attributes));
    }

    private void encode(Encoder out) {
        out.struct(
                1,
                1,
                o -> o.put(ObjectId.CODEC, object)
                        .put(EVersion.CODEC, version)
                        .bytes(data)
                        .put(IntervalSet.CODEC, dataIncluded)
                        .bytes(omapHeader)
                        .map(omapEntries, (k, m) -> m.bytes(k), (v, m) -> m.bytes(v))
                        .map(attributes, (k, m) -> m.bytes(k), (v, m) -> m.bytes(v))
                        .put(RecoveryInfo.CODEC, recoveryInfo)
                        .put(RecoveryProgress.CODEC, afterProgress)
                        .put(RecoveryProgress.CODEC, beforeProgress));
    }

    private static PushOp decode(Decoder in) {
        return in.struct(
                1,
                (b, v) -> new PushOp(
                        b.get(ObjectId.CODEC),
                        b.get(EVersion.CODEC),
                        b.bytes(),
                        b.get(IntervalSet.CODEC),
                        b.bytes(),
                        b.map(Decoder::name, Decoder::bytes),
                        b.map(Decoder::name, Decoder::bytes),
                        b.get(RecoveryInfo.CODEC),
                        b.get(RecoveryProgress.CODEC),
                        b.get(RecoveryProgress.CODEC)));
    }
}
