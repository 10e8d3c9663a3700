package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.types.ShardPgId;
import io.spirula.common.types.Uuid;
import java.util.List;

/** Asks an OSD to scrub groups that it is primary of. Ceph: MOSDScrub2. */
public record OsdScrub2(Uuid fsid, int epoch, List<ShardPgId> pgs, boolean repair, boolean deep) implements Message {
    public static final MessageType<OsdScrub2> TYPE =
            new MessageType<>(121, "MOSDScrub2", 1, 1, OsdScrub2.class, OsdScrub2::encode, OsdScrub2::decode);

    public OsdScrub2 {
        pgs = List.copyOf(pgs);
    }

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        front.put(Uuid.CODEC, fsid)
                .u32(epoch)
                .list(pgs, (v, o) -> o.put(ShardPgId.CODEC, v))
                .bool(repair)
                .bool(deep);
    }

    private static OsdScrub2 decode(Payload.In in) {
        Decoder front = in.front();
        return new OsdScrub2(
                front.get(Uuid.CODEC),
                front.i32(),
                front.list(d -> d.get(ShardPgId.CODEC)),
                front.bool(),
                front.bool());
    }

    @Override
    public MessageType<OsdScrub2> type() {
        return TYPE;
    }
}
