package io.spirula.common.pg;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ObjectId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One write in a placement group's log. Ceph: pg_log_entry_t.
 *
 * @param revertingTo for {@link Op#LOST_REVERT} the version that the object goes back to, otherwise zero
 * @param snaps the encoded snapshots of a clone
 * @param rollback how to undo the entry locally: an encoded ObjectModDesc, see {@link #NO_ROLLBACK}
 * @param extraReqIds requests that the entry also stands for, each with its user version and result
 */
public record PgLogEntry(
        Op op,
        ObjectId object,
        EVersion version,
        EVersion priorVersion,
        EVersion revertingTo,
        ReqId reqId,
        Instant mtime,
        Bytes snaps,
        long userVersion,
        Bytes rollback,
        List<ExtraReqId> extraReqIds,
        CleanRegions cleanRegions,
        int returnCode,
        List<OpReturn> opReturns) {
    /** What a write did. Ceph: pg_log_entry_t's enum. */
    public enum Op {
        MODIFY(1, "modify"),
        CLONE(2, "clone"),
        DELETE(3, "delete"),
        BACKLOG(4, "backlog"),
        LOST_REVERT(5, "l_revert"),
        LOST_DELETE(6, "l_delete"),
        LOST_MARK(7, "l_mark"),
        PROMOTE(8, "promote"),
        CLEAN(9, "clean"),
        ERROR(10, "error");

        private final int code;
        private final String label;

        Op(int code, String label) {
            this.code = code;
            this.label = label;
        }

        static Op of(int code) {
            if (code < 1 || code > 10) {
                throw new MalformedInput("no log entry of kind " + code);
            }
            return values()[code - 1];
        }

        @Override
        public String toString() {
            return label;
        }
    }

    /** A request that an entry also stands for. */
    public record ExtraReqId(ReqId reqId, long userVersion, int returnCode) {}

    /** The rollback of an entry that can't be undone, as of every write to a replicated pool: no local rollback, nothing recorded. */
    public static final Bytes NO_ROLLBACK = rollback(false, false, Bytes.EMPTY);

    public static final Codec<PgLogEntry> CODEC = Codec.of(PgLogEntry::encode, PgLogEntry::decode);

    public PgLogEntry {
        extraReqIds = List.copyOf(extraReqIds);
        opReturns = List.copyOf(opReturns);
    }

    public boolean isDelete() {
        return op == Op.DELETE || op == Op.LOST_DELETE;
    }

    /** Whether an operator has given the object's newer versions up. */
    public boolean isLost() {
        return op == Op.LOST_REVERT || op == Op.LOST_DELETE;
    }

    public boolean isError() {
        return op == Op.ERROR;
    }

    public boolean isClone() {
        return op == Op.CLONE;
    }

    /** Whether the entry changed its object, other than by deleting it. Ceph: is_update. */
    public boolean isUpdate() {
        return op == Op.MODIFY
                || op == Op.CLONE
                || op == Op.BACKLOG
                || op == Op.PROMOTE
                || op == Op.CLEAN
                || op == Op.LOST_REVERT
                || op == Op.LOST_MARK;
    }

    private static Bytes rollback(boolean local, boolean completed, Bytes operations) {
        Encoder out = new Encoder();
        out.struct(1, 1, o -> o.bool(local).bool(completed).bytes(operations));
        return out.toBytes();
    }

    private void encode(Encoder out) {
        out.struct(14, 4, o -> {
            o.u32(op.code).put(ObjectId.CODEC, object).put(EVersion.CODEC, version);
            // Old readers take what is reverted to for the prior version. Source: pg_log_entry_t::encode.
            o.put(EVersion.CODEC, op == Op.LOST_REVERT ? revertingTo : priorVersion);
            o.put(ReqId.CODEC, reqId).time(mtime);
            if (op == Op.LOST_REVERT) {
                o.put(EVersion.CODEC, priorVersion);
            }
            o.bytes(snaps).u64(userVersion).raw(rollback);
            o.list(extraReqIds, (r, l) -> l.put(ReqId.CODEC, r.reqId).u64(r.userVersion));
            if (op == Op.ERROR) {
                o.u32(returnCode);
            }
            if (!extraReqIds.isEmpty()) {
                encodeExtraReturnCodes(o);
            }
            o.put(CleanRegions.CODEC, cleanRegions);
            if (op != Op.ERROR) {
                o.u32(returnCode);
            }
            o.list(opReturns, (r, l) -> l.put(OpReturn.CODEC, r));
        });
    }

    private void encodeExtraReturnCodes(Encoder out) {
        Map<Integer, Integer> codes = new LinkedHashMap<>();
        for (int i = 0; i < extraReqIds.size(); i++) {
            if (extraReqIds.get(i).returnCode != 0) {
                codes.put(i, extraReqIds.get(i).returnCode);
            }
        }
        out.map(codes, (i, o) -> o.u32(i), (code, o) -> o.u32(code));
    }

    private static PgLogEntry decode(Decoder in) {
        return in.struct(14, (b, structVersion) -> {
            Op op = Op.of(b.i32());
            ObjectId object = b.get(ObjectId.CODEC);
            EVersion version = b.get(EVersion.CODEC);
            EVersion prior = b.get(EVersion.CODEC);
            ReqId reqId = b.get(ReqId.CODEC);
            Instant mtime = b.time();
            EVersion revertingTo = EVersion.ZERO;
            if (op == Op.LOST_REVERT) {
                revertingTo = prior;
                prior = b.get(EVersion.CODEC);
            }
            Bytes snaps = b.bytes().compact();
            long userVersion = b.u64();
            Bytes rollback = b.structBytes();
            rollback = rollback.equals(NO_ROLLBACK) ? NO_ROLLBACK : rollback.compact();
            List<ExtraReqId> extra = b.list(d -> new ExtraReqId(d.get(ReqId.CODEC), d.u64(), 0));
            int returnCode = op == Op.ERROR ? b.i32() : 0;
            if (!extra.isEmpty() && structVersion >= 11) {
                extra = withReturnCodes(extra, b.map(Decoder::i32, Decoder::i32));
            }
            CleanRegions clean = structVersion >= 13 ? b.get(CleanRegions.CODEC) : CleanRegions.DIRTY;
            List<OpReturn> returns = List.of();
            if (structVersion >= 14) {
                returnCode = op == Op.ERROR ? returnCode : b.i32();
                returns = b.list(d -> d.get(OpReturn.CODEC));
            }
            return new PgLogEntry(
                    op,
                    object,
                    version,
                    prior,
                    revertingTo,
                    reqId,
                    mtime,
                    snaps,
                    userVersion,
                    rollback,
                    extra,
                    clean,
                    returnCode,
                    returns);
        });
    }

    private static List<ExtraReqId> withReturnCodes(List<ExtraReqId> extra, Map<Integer, Integer> codes) {
        List<ExtraReqId> result = new ArrayList<>(extra);
        codes.forEach((i, code) -> {
            if (i >= 0 && i < result.size()) {
                ExtraReqId r = result.get(i);
                result.set(i, new ExtraReqId(r.reqId, r.userVersion, code));
            }
        });
        return result;
    }
}
