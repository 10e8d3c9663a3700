package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.types.Uuid;

/** How full the cluster is, in kibibytes. Ceph: MStatfsReply. */
public record StatfsReply(
        long tid, Uuid fsid, long version, long totalKib, long usedKib, long availableKib, long objects)
        implements Message {
    public static final MessageType<StatfsReply> TYPE =
            new MessageType<>(14, "MStatfsReply", 1, 1, StatfsReply.class, StatfsReply::encode, StatfsReply::decode);

    private void encode(Payload.Out out) {
        out.front()
                .put(Uuid.CODEC, fsid)
                .u64(version)
                .u64(totalKib)
                .u64(usedKib)
                .u64(availableKib)
                .u64(objects);
    }

    private static StatfsReply decode(Payload.In in) {
        Decoder front = in.front();
        return new StatfsReply(
                in.tid(), front.get(Uuid.CODEC), front.u64(), front.u64(), front.u64(), front.u64(), front.u64());
    }

    @Override
    public MessageType<StatfsReply> type() {
        return TYPE;
    }
}
