package io.spirula.common.pg;

import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.types.EVersion;
import java.util.List;

/** A stretch of a placement group's log as it travels: entries after {@code tail} up to {@code head}, oldest first. Ceph: pg_log_t. */
public record PgLogRecord(
        EVersion head,
        EVersion tail,
        List<PgLogEntry> entries,
        EVersion canRollbackTo,
        EVersion rollbackInfoTrimmedTo,
        List<PgLogDup> dups) {
    public static final PgLogRecord EMPTY =
            new PgLogRecord(EVersion.ZERO, EVersion.ZERO, List.of(), EVersion.ZERO, EVersion.ZERO, List.of());
    public static final Codec<PgLogRecord> CODEC = Codec.of(PgLogRecord::encode, PgLogRecord::decode);

    public PgLogRecord {
        entries = List.copyOf(entries);
        dups = List.copyOf(dups);
    }

    private void encode(Encoder out) {
        out.struct(
                7,
                3,
                o -> o.put(EVersion.CODEC, head)
                        .put(EVersion.CODEC, tail)
                        .list(entries, (e, l) -> l.put(PgLogEntry.CODEC, e))
                        .put(EVersion.CODEC, canRollbackTo)
                        .put(EVersion.CODEC, rollbackInfoTrimmedTo)
                        .list(dups, (d, l) -> l.put(PgLogDup.CODEC, d)));
    }

    private static PgLogRecord decode(Decoder in) {
        return in.struct(
                7,
                (b, version) -> new PgLogRecord(
                        b.get(EVersion.CODEC),
                        b.get(EVersion.CODEC),
                        b.list(d -> d.get(PgLogEntry.CODEC)),
                        b.get(EVersion.CODEC),
                        b.get(EVersion.CODEC),
                        b.list(d -> d.get(PgLogDup.CODEC))));
    }
}
