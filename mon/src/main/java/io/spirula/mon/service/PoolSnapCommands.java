package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Outcome;
import io.spirula.common.command.Refusal;
import io.spirula.common.env.Clock;
import io.spirula.common.maps.PgPool;
import io.spirula.common.maps.PoolFlag;
import io.spirula.common.types.Errno;

/** The commands that make and remove snapshots of pools. Source of their answers: mon/OSDMonitor.cc. */
final class PoolSnapCommands {
    private final OsdmapService osdmap;
    private final PoolSnaps snaps;

    PoolSnapCommands(OsdmapService osdmap, Clock clock) {
        this.osdmap = osdmap;
        snaps = new PoolSnaps(osdmap, clock);
    }

    void register(CommandTable table) {
        table.add(
                "osd pool mksnap name=pool,type=CephPoolname name=snap,type=CephString",
                "make snapshot <snap> in <pool>",
                "osd",
                "rw",
                this::make);
        table.add(
                "osd pool rmsnap name=pool,type=CephPoolname name=snap,type=CephString",
                "remove snapshot <snap> from <pool>",
                "osd",
                "rw",
                this::remove);
    }

    private PgPool pool(CommandCall call) {
        String name = call.string("pool");
        PgPool pool = osdmap.pendingMap().pool(osdmap.pendingMap().poolId(name));
        if (pool == null) {
            throw new Refusal(Errno.ENOENT, "unrecognized pool '" + name + "'");
        }
        if (pool.has(PoolFlag.SELFMANAGED_SNAPS)) {
            throw new Refusal(Errno.EINVAL, "pool " + name + " is in unmanaged snaps mode");
        }
        return pool;
    }

    private Outcome make(CommandCall call) {
        PgPool pool = pool(call);
        String name = call.string("pool");
        String snap = call.string("snap");
        return snaps.create(osdmap.pendingMap().poolId(name), pool, snap)
                ? Outcome.committed("created pool " + name + " snap " + snap)
                : Outcome.text("pool " + name + " snap " + snap + " already exists");
    }

    private Outcome remove(CommandCall call) {
        PgPool pool = pool(call);
        String name = call.string("pool");
        String snap = call.string("snap");
        return snaps.remove(osdmap.pendingMap().poolId(name), pool, snap)
                ? Outcome.committed("removed pool " + name + " snap " + snap)
                : Outcome.text("pool " + name + " snap " + snap + " does not exist");
    }
}
