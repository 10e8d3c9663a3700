package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.pg.PastIntervals;
import io.spirula.common.pg.PgInfo;
import io.spirula.common.pg.PgLease;
import io.spirula.common.pg.PgLogRecord;
import io.spirula.common.pg.PgMissing;
import org.jspecify.annotations.Nullable;

/** A stretch of a group's log with its info: a replica's answer, or what a primary activates a replica with. {@code to} and {@code from} are shards. Ceph: MOSDPGLog. */
public record OsdPgLog(
        int epoch,
        PgInfo info,
        PgLogRecord log,
        PgMissing missing,
        int queryEpoch,
        PastIntervals pastIntervals,
        int to,
        int from,
        @Nullable PgLease lease)
        implements Message {
    public static final MessageType<OsdPgLog> TYPE =
            new MessageType<>(83, "MOSDPGLog", 6, 5, OsdPgLog.class, OsdPgLog::encode, OsdPgLog::decode);

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        front.u32(epoch)
                .put(PgInfo.CODEC, info)
                .put(PgLogRecord.CODEC, log)
                .put(PgMissing.CODEC, missing)
                .u32(queryEpoch)
                .put(PastIntervals.CODEC, pastIntervals)
                .u8(to)
                .u8(from);
        front.bool(lease != null);
        if (lease != null) {
            front.put(PgLease.CODEC, lease);
        }
    }

    private static OsdPgLog decode(Payload.In in) {
        Decoder front = in.front();
        return new OsdPgLog(
                front.i32(),
                front.get(PgInfo.CODEC),
                front.get(PgLogRecord.CODEC),
                front.get(PgMissing.CODEC),
                front.i32(),
                front.get(PastIntervals.CODEC),
                (byte) front.u8(),
                (byte) front.u8(),
                front.bool() ? front.get(PgLease.CODEC) : null);
    }

    @Override
    public int priority() {
        return PRIO_HIGH;
    }

    @Override
    public MessageType<OsdPgLog> type() {
        return TYPE;
    }
}
