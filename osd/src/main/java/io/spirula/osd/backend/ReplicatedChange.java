package io.spirula.osd.backend;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.pg.LastReport;
import io.spirula.common.pg.PgLogEntry;
import io.spirula.common.types.ShardPgId;
import io.spirula.osd.store.Transaction;
import java.util.List;

/**
 * One write as a replica gets it: the log's entries, what changes, and what the group's statistics are after it.
 *
 * @param statistics {@link PgCounters}, encoded
 * @param report the newest of the group
 */
public record ReplicatedChange(
        List<PgLogEntry> entries, List<Transaction.Op> changes, Bytes statistics, LastReport report) {
    /** Both parts as they travel: what to do, and the written data. */
    record Parts(Bytes head, Bytes data) {}

    ReplicatedChange withoutChanges() {
        return new ReplicatedChange(entries, List.of(), statistics, report);
    }

    Parts encode() {
        TransactionCodec.Parts transaction = TransactionCodec.encode(changes);
        Encoder out = new Encoder(512 + transaction.changes().size());
        out.list(entries, (e, o) -> o.put(PgLogEntry.CODEC, e))
                .bytes(statistics)
                .put(LastReport.CODEC, report)
                .bytes(transaction.changes());
        return new Parts(out.toBytes(), Bytes.concat(transaction.data()));
    }

    static ReplicatedChange decode(ShardPgId pg, Bytes head, Bytes data) {
        Decoder in = new Decoder(head);
        List<PgLogEntry> entries = in.list(d -> d.get(PgLogEntry.CODEC));
        Bytes statistics = in.bytes().compact();
        LastReport report = in.get(LastReport.CODEC);
        return new ReplicatedChange(entries, TransactionCodec.decode(pg, in.bytes(), data), statistics, report);
    }
}
