package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.format.Numbers;
import io.spirula.common.maps.PgPool;
import io.spirula.common.types.Errno;
import io.spirula.mon.mgr.PoolUsage;

/** The commands about the limits of pools. Source of their answers: mon/OSDMonitor.cc. */
final class PoolQuotaCommands {
    private final OsdmapService osdmap;
    private final PoolUsage usage;

    PoolQuotaCommands(OsdmapService osdmap, PoolUsage usage) {
        this.osdmap = osdmap;
        this.usage = usage;
    }

    void register(CommandTable table) {
        table.add(
                "osd pool set-quota name=pool,type=CephPoolname"
                        + " name=field,type=CephChoices,strings=max_objects|max_bytes name=val,type=CephString",
                "set object or byte limit on pool",
                "osd",
                "rw",
                this::setQuota);
        table.add(
                "osd pool get-quota name=pool,type=CephPoolname",
                "obtain object or byte limits for pool",
                "osd",
                "r",
                this::getQuota);
    }

    private Outcome setQuota(CommandCall call) {
        String name = call.string("pool");
        long id = osdmap.pendingMap().poolId(name);
        PgPool pool = osdmap.pendingMap().pool(id);
        if (pool == null) {
            return Outcome.refused(Errno.ENOENT, "unrecognized pool '" + name + "'");
        }
        String field = call.string("field");
        String text = call.string("val");
        PgPool.Builder changed = pool.toBuilder();
        long value;
        if (field.equals("max_objects")) {
            value = StrictNumbers.count(text, "");
            changed.quotaMaxObjects(value);
        } else {
            value = StrictNumbers.bytes(text, "");
            changed.quotaMaxBytes(value);
        }
        int epoch = osdmap.map().epoch() + 1;
        osdmap.change(inc -> inc.putPool(id, changed.lastChange(epoch).build()));
        return Outcome.committed("set-quota " + field + " = " + value + " for pool " + name);
    }

    private Outcome getQuota(CommandCall call) {
        String name = call.string("pool");
        long id = osdmap.map().poolId(name);
        if (id < 0) {
            return Outcome.refused(Errno.ENOENT, "unrecognized pool '" + name + "'");
        }
        PgPool pool = java.util.Objects.requireNonNull(osdmap.map().pool(id));
        long objects = usage.objects(id);
        long bytes = usage.bytes(id);
        if (!call.format().equals("plain")) {
            return Json.answer(
                    call,
                    Json.object()
                            .put("pool_name", name)
                            .put("pool_id", id)
                            .put("quota_max_objects", pool.quotaMaxObjects())
                            .put("current_num_objects", objects)
                            .put("quota_max_bytes", pool.quotaMaxBytes())
                            .put("current_num_bytes", bytes));
        }
        String maxObjects = pool.quotaMaxObjects() == 0
                ? "N/A"
                : Numbers.count(pool.quotaMaxObjects()) + " objects  (current num objects: " + objects + " objects)";
        String maxBytes = pool.quotaMaxBytes() == 0
                ? "N/A"
                : Numbers.bytes(pool.quotaMaxBytes()) + "  (current num bytes: " + bytes + " bytes)";
        return Outcome.output("quotas for pool '" + name + "':\n  max objects: " + maxObjects + "\n  max bytes  : "
                + maxBytes + "\n");
    }
}
