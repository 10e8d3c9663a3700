package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.ShardPgId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** A primary has a backfill target remove objects of some versions. Ceph: MOSDPGBackfillRemove. */
public record OsdPgBackfillRemove(ShardPgId pg, int epoch, Map<ObjectId, EVersion> objects) implements Message {
    public static final MessageType<OsdPgBackfillRemove> TYPE = new MessageType<>(
            96,
            "MOSDPGBackfillRemove",
            1,
            1,
            OsdPgBackfillRemove.class,
            OsdPgBackfillRemove::encode,
            OsdPgBackfillRemove::decode);

    public OsdPgBackfillRemove {
        objects = Collections.unmodifiableMap(new LinkedHashMap<>(objects));
    }

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        front.put(ShardPgId.CODEC, pg)
                .u32(epoch)
                .map(objects, (k, o) -> o.put(ObjectId.CODEC, k), (v, o) -> o.put(EVersion.CODEC, v));
    }

    private static OsdPgBackfillRemove decode(Payload.In in) {
        Decoder front = in.front();
        return new OsdPgBackfillRemove(
                front.get(ShardPgId.CODEC),
                front.i32(),
                front.map(d -> d.get(ObjectId.CODEC), d -> d.get(EVersion.CODEC)));
    }

    @Override
    public MessageType<OsdPgBackfillRemove> type() {
        return TYPE;
    }
}
