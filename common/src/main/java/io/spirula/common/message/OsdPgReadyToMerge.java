package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.PgId;

/** A primary reports whether its group is ready to merge into another. Ceph: MOSDPGReadyToMerge. */
public record OsdPgReadyToMerge(
        long version,
        PgId pg,
        EVersion sourceVersion,
        EVersion targetVersion,
        int lastEpochStarted,
        int lastEpochClean,
        boolean ready)
        implements Message {
    public static final MessageType<OsdPgReadyToMerge> TYPE = new MessageType<>(
            122,
            "MOSDPGReadyToMerge",
            1,
            1,
            OsdPgReadyToMerge.class,
            OsdPgReadyToMerge::encode,
            OsdPgReadyToMerge::decode);

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        PaxosPrefix.encode(version, front);
        front.put(PgId.CODEC, pg)
                .put(EVersion.CODEC, sourceVersion)
                .put(EVersion.CODEC, targetVersion)
                .u32(lastEpochStarted)
                .u32(lastEpochClean)
                .bool(ready);
    }

    private static OsdPgReadyToMerge decode(Payload.In in) {
        Decoder front = in.front();
        return new OsdPgReadyToMerge(
                PaxosPrefix.decode(front),
                front.get(PgId.CODEC),
                front.get(EVersion.CODEC),
                front.get(EVersion.CODEC),
                front.i32(),
                front.i32(),
                front.bool());
    }

    @Override
    public MessageType<OsdPgReadyToMerge> type() {
        return TYPE;
    }
}
