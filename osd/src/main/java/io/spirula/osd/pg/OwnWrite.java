package io.spirula.osd.pg;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.pg.CleanRegions;
import io.spirula.common.pg.PgLogEntry;
import io.spirula.common.pg.ReqId;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.EntityAddr;
import io.spirula.osd.op.ObjectContext;
import io.spirula.osd.op.OpExecution;
import io.spirula.osd.op.OpSource;
import java.time.Instant;
import java.util.List;

/** A change of an object that no client has asked for. Whoever makes it holds the object. */
final class OwnWrite {
    private OwnWrite() {}

    /** What is to change of the object is added to this. */
    static OpExecution begin(PlacementGroup pg, ObjectContext context) {
        OpSource source = new OpSource(ReqId.NONE, EntityAddr.NONE, Instant.EPOCH);
        return new OpExecution(pg.ops().environment(), context, source, List.of());
    }

    /** Writes it; {@code done} is run when that is durable and the object is free again, and not where the interval ends before. */
    static void submit(PlacementGroup pg, PgHost host, OpExecution execution, Runnable done) {
        EVersion version = pg.nextVersion();
        OpExecution.Sealed sealed = execution.seal(version, pg.lastUserVersion());
        PgLogEntry entry = new PgLogEntry(
                PgLogEntry.Op.MODIFY,
                execution.context().id(),
                version,
                sealed.priorVersion(),
                EVersion.ZERO,
                ReqId.NONE,
                host.clock().now(),
                Bytes.EMPTY,
                sealed.userVersion(),
                PgLogEntry.NO_ROLLBACK,
                List.of(),
                CleanRegions.DIRTY,
                0,
                List.of());
        pg.writes().write(sealed.changes(), entry, () -> {
            execution.context().release();
            done.run();
        });
    }
}
