package io.spirula.common.message;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;

/** The monitors' keys and values under a prefix, for a subscriber; a missing value is a removal. Ceph: MKVData. */
public record KvData(long version, String prefix, boolean incremental, Bytes data) implements Message {
    public static final MessageType<KvData> TYPE =
            new MessageType<>(54, "MKVData", 1, 1, KvData.class, KvData::encode, KvData::decode);

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        front.u64(version).string(prefix).bool(incremental).raw(data);
    }

    private static KvData decode(Payload.In in) {
        Decoder front = in.front();
        return new KvData(front.u64(), front.string(), front.bool(), front.rest());
    }

    @Override
    public MessageType<KvData> type() {
        return TYPE;
    }
}
