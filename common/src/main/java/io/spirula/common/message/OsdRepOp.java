package io.spirula.common.message;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.pg.HitSetHistory;
import io.spirula.common.pg.PgShard;
import io.spirula.common.pg.PgStats;
import io.spirula.common.pg.ReqId;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.ShardPgId;

/**
 * A primary has a replica apply a write. The transaction is data: in the stores' own encoding, and so between OSDs of one kind only. Ceph: MOSDRepOp.
 *
 * @param pgStats an encoded {@link PgStats}, {@link #NO_STATS} among our OSDs: they send what changes of it with the log's entries
 */
public record OsdRepOp(
        long tid,
        int epoch,
        int minEpoch,
        ReqId reqId,
        ShardPgId pg,
        ObjectId object,
        int acksWanted,
        EVersion version,
        Bytes logEntries,
        Bytes pgStats,
        EVersion trimTo,
        ObjectId newTemp,
        ObjectId discardTemp,
        PgShard from,
        boolean hitSetHistory,
        EVersion minLastCompleteOndisk,
        Bytes transaction)
        implements Message {
    public static final MessageType<OsdRepOp> TYPE =
            new MessageType<>(112, "MOSDRepOp", 3, 1, OsdRepOp.class, OsdRepOp::encode, OsdRepOp::decode);

    public static final Bytes NO_STATS = PgStats.CODEC.toBytes(PgStats.EMPTY).compact();

    private void encode(Payload.Out out) {
        Encoder front = out.front();
        front.u32(epoch).u32(minEpoch);
        TraceInfo.encode(front);
        front.put(ReqId.CODEC, reqId)
                .put(ShardPgId.CODEC, pg)
                .put(ObjectId.CODEC, object)
                .u8(acksWanted)
                .put(EVersion.CODEC, version)
                .bytes(logEntries)
                .raw(pgStats)
                .put(EVersion.CODEC, trimTo)
                .put(ObjectId.CODEC, newTemp)
                .put(ObjectId.CODEC, discardTemp)
                .put(PgShard.CODEC, from);
        front.bool(hitSetHistory);
        if (hitSetHistory) {
            HitSetHistory.encodeEmpty(front);
        }
        front.put(EVersion.CODEC, minLastCompleteOndisk);
        out.data(transaction);
    }

    private static OsdRepOp decode(Payload.In in) {
        Decoder front = in.front();
        long tid = in.tid();
        int epoch = front.i32();
        int minEpoch = front.i32();
        TraceInfo.decode(front);
        ReqId reqId = front.get(ReqId.CODEC);
        ShardPgId pg = front.get(ShardPgId.CODEC);
        ObjectId object = front.get(ObjectId.CODEC);
        int acksWanted = front.u8();
        EVersion version = front.get(EVersion.CODEC);
        Bytes logEntries = front.bytes();
        Bytes pgStats = front.structBytes();
        EVersion trimTo = front.get(EVersion.CODEC);
        ObjectId newTemp = front.get(ObjectId.CODEC);
        ObjectId discardTemp = front.get(ObjectId.CODEC);
        PgShard from = front.get(PgShard.CODEC);
        boolean hitSetHistory = hitSet(front);
        EVersion minLastCompleteOndisk = front.get(EVersion.CODEC);
        Bytes transaction = in.data();
        return new OsdRepOp(
                tid,
                epoch,
                minEpoch,
                reqId,
                pg,
                object,
                acksWanted,
                version,
                logEntries,
                pgStats,
                trimTo,
                newTemp,
                discardTemp,
                from,
                hitSetHistory,
                minLastCompleteOndisk,
                transaction);
    }

    private static boolean hitSet(Decoder front) {
        boolean there = front.bool();
        if (there) {
            HitSetHistory.skip(front);
        }
        return there;
    }

    @Override
    public MessageType<OsdRepOp> type() {
        return TYPE;
    }
}
