package io.spirula.osd.pg;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.pg.CleanRegions;
import io.spirula.common.pg.PgLogEntry;
import io.spirula.common.pg.ReqId;
import io.spirula.common.types.EVersion;
import io.spirula.osd.op.OpExecution;
import java.util.List;

/** A change of an object that no client has asked for. Whoever makes it holds the object. */
final class OwnWrite {
    private OwnWrite() {}

    static void submit(PlacementGroup pg, PgHost host, OpExecution execution, Runnable durable) {
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
        pg.write(sealed.changes(), entry, durable);
    }
}
