package io.spirula.common.pg;

import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.IntervalSet;
import io.spirula.common.types.ObjectId;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is to be copied of an object in recovery. Ceph: ObjectRecoveryInfo.
 *
 * @param size of the object
 * @param copySubset the byte ranges to copy
 * @param cloneSubset ranges that can be had from other clones at the target
 * @param objectExists whether the target has a version whose clean parts may stay
 */
public record RecoveryInfo(
        ObjectId object,
        EVersion version,
        long size,
        ObjectInfo info,
        SnapSet snapSet,
        IntervalSet copySubset,
        Map<ObjectId, IntervalSet> cloneSubset,
        boolean objectExists) {
    public static final Codec<RecoveryInfo> CODEC = Codec.of(RecoveryInfo::encode, RecoveryInfo::decode);

    public RecoveryInfo {
        cloneSubset = Collections.unmodifiableMap(new TreeMap<>(cloneSubset));
    }

    private void encode(Encoder out) {
        out.struct(
                3,
                1,
                o -> o.put(ObjectId.CODEC, object)
                        .put(EVersion.CODEC, version)
                        .u64(size)
                        .put(ObjectInfo.CODEC, info)
                        .put(SnapSet.CODEC, snapSet)
                        .put(IntervalSet.CODEC, copySubset)
                        .map(cloneSubset, (id, m) -> m.put(ObjectId.CODEC, id), (s, m) -> m.put(IntervalSet.CODEC, s))
                        .bool(objectExists));
    }

    private static RecoveryInfo decode(Decoder in) {
        return in.struct(
                3,
                (b, v) -> new RecoveryInfo(
                        b.get(ObjectId.CODEC),
                        b.get(EVersion.CODEC),
                        b.u64(),
                        b.get(ObjectInfo.CODEC),
                        b.get(SnapSet.CODEC),
                        b.get(IntervalSet.CODEC),
                        b.map(d -> d.get(ObjectId.CODEC), d -> d.get(IntervalSet.CODEC)),
                        v >= 3 && b.bool()));
    }
}
