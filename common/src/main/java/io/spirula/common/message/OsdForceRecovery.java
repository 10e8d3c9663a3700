package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.types.ShardPgId;
import io.spirula.common.types.Uuid;
import java.util.List;

/** Asks an OSD to put recovery or backfill of groups before that of others, or takes that back. Ceph: MOSDForceRecovery. */
public record OsdForceRecovery(Uuid fsid, List<ShardPgId> pgs, int options) implements Message {
    /** Ceph: OFR_RECOVERY; the others follow its names too. */
    public static final int RECOVERY = 1;

    public static final int BACKFILL = 2;
    public static final int CANCEL = 4;

    public static final MessageType<OsdForceRecovery> TYPE = new MessageType<>(
            151, "MOSDForceRecovery", 2, 2, OsdForceRecovery.class, OsdForceRecovery::encode, OsdForceRecovery::decode);

    public OsdForceRecovery {
        pgs = List.copyOf(pgs);
    }

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        front.put(Uuid.CODEC, fsid)
                .list(pgs, (v, o) -> o.put(ShardPgId.CODEC, v))
                .u8(options);
    }

    private static OsdForceRecovery decode(Payload.In in) {
        Decoder front = in.front();
        return new OsdForceRecovery(front.get(Uuid.CODEC), front.list(d -> d.get(ShardPgId.CODEC)), front.u8());
    }

    @Override
    public MessageType<OsdForceRecovery> type() {
        return TYPE;
    }
}
