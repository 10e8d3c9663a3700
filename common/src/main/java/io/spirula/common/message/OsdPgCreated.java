package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.types.PgId;

/** A primary reports that it has created its group. Ceph: MOSDPGCreated. */
public record OsdPgCreated(long version, PgId pg) implements Message {
    public static final MessageType<OsdPgCreated> TYPE = new MessageType<>(
            116, "MOSDPGCreated", 1, 1, OsdPgCreated.class, OsdPgCreated::encode, OsdPgCreated::decode);

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        PaxosPrefix.encode(version, front);
        front.put(PgId.CODEC, pg);
    }

    private static OsdPgCreated decode(Payload.In in) {
        Decoder front = in.front();
        return new OsdPgCreated(PaxosPrefix.decode(front), front.get(PgId.CODEC));
    }

    @Override
    public MessageType<OsdPgCreated> type() {
        return TYPE;
    }
}
