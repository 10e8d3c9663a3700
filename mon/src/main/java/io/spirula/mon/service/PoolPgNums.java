package io.spirula.mon.service;

import io.spirula.common.command.Refusal;
import io.spirula.common.config.Config;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgPool;
import io.spirula.common.maps.PoolFlag;
import io.spirula.common.types.Errno;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many placement groups a pool may be made to have. An operator sets what it is to come to ({@code pg_num}, {@code pgp_num}), the manager the next step on the way there ({@code pg_num_actual}, {@code
 * pgp_num_actual}). Source: mon/OSDMonitor.cc, check_pg_num and prepare_command_pool_set.
 */
final class PoolPgNums {
    private static final Logger LOG = LoggerFactory.getLogger(PoolPgNums.class);

    private final Config config;

    PoolPgNums(Config config) {
        this.config = config;
    }

    /** Has the next map set one of the numbers, for the manager, who cannot be refused to his face: the log says why it can't be. False then, and where the pool is gone. */
    boolean change(OsdmapService osdmap, long id, String variable, int value) {
        OsdMap map = osdmap.pendingMap();
        PgPool pool = map.pool(id);
        if (pool == null) {
            return false;
        }
        int epoch = osdmap.map().epoch() + 1;
        try {
            PgPool.Builder changed = set(map, id, pool, variable, Integer.toString(value), epoch);
            osdmap.change(inc -> inc.putPool(id, changed.lastChange(epoch).build()));
            return true;
        } catch (Refusal e) {
            LOG.error("{} adjustment on {} to {} failed: {}", variable, map.poolName(id), value, e.getMessage());
            return false;
        }
    }

    /** The pool with one of the numbers set in {@code epoch}; as it is where the number is what it was. Throws Refusal. */
    PgPool.Builder set(OsdMap map, long id, PgPool pool, String variable, String value, int epoch) {
        boolean placement = variable.startsWith("pgp");
        if (pool.has(PoolFlag.NOPGCHANGE) && !variable.equals("pg_num_actual")) {
            throw new Refusal(
                    Errno.EPERM,
                    "pool " + (placement ? "pgp_num" : "pg_num")
                            + " change is disabled; you must unset nopgchange flag for the pool first");
        }
        long wanted = StrictNumbers.integer(value);
        return switch (variable) {
            case "pg_num" -> target(map, id, pool, wanted);
            case "pg_num_actual" -> actual(pool, wanted, epoch);
            case "pgp_num" -> {
                checkPlacement(wanted, pool.pgNumTarget());
                yield pool.toBuilder().pgpNumTarget((int) wanted);
            }
            default -> {
                checkPlacement(wanted, pool.pgNum());
                yield pool.toBuilder().pgpNum((int) wanted);
            }
        };
    }

    private PgPool.Builder target(OsdMap map, long id, PgPool pool, long wanted) {
        if (wanted == pool.pgNumTarget()) {
            return pool.toBuilder();
        }
        checkRange(wanted);
        if (wanted > pool.pgNumTarget()) {
            checkPgsPerOsd(map, id, (int) wanted, pool.size());
        }
        long least = option(pool, "pg_num_min");
        long most = option(pool, "pg_num_max");
        if (least != 0 && wanted < least) {
            throw new Refusal(Errno.EINVAL, "specified pg_num " + wanted + " < pg_num_min " + least);
        }
        if (most != 0 && wanted > most) {
            throw new Refusal(Errno.EINVAL, "specified pg_num " + wanted + " < pg_num_max " + most);
        }
        // pgp_num goes along, unless somebody has set it to something else.
        boolean together = pool.pgpNumTarget() == pool.pgNumTarget();
        return pool.toBuilder().pgNumTarget((int) wanted).pgpNumTarget(together ? (int) wanted : pool.pgpNumTarget());
    }

    private static long option(PgPool pool, String name) {
        return pool.options().value(name) instanceof Number n ? n.longValue() : 0;
    }

    private void checkRange(long wanted) {
        long max = config.integer("mon_max_pool_pg_num", 65536);
        if (wanted <= 0 || wanted > max) {
            throw new Refusal(
                    Errno.ERANGE,
                    "'pg_num' must be greater than 0 and less than or equal to " + max
                            + " (you may adjust 'mon max pool pg num' for higher values)");
        }
    }

    /** One group less takes effect only once that one is ready to merge. */
    private PgPool.Builder actual(PgPool pool, long wanted, int epoch) {
        if (wanted == pool.pgNum()) {
            return pool.toBuilder();
        }
        checkRange(wanted);
        if (pool.has(PoolFlag.CREATING)) {
            throw new Refusal(Errno.EBUSY, "cannot adjust pg_num while initial PGs are being created");
        }
        // Clients from before luminous do not know that a split begins a new interval, those from before nautilus not
        // that a coming merge does.
        PgPool.Builder b = pool.toBuilder().lastForceOpResendPreluminous(epoch);
        if (wanted > pool.pgNum()) {
            int since = pool.pgNum() == pool.pgNumPending() ? pool.lastForceOpResendPrenautilus() : epoch;
            return b.pgNum((int) wanted).pgNumPending((int) wanted).lastForceOpResendPrenautilus(since);
        }
        if (wanted < pool.pgpNum()) {
            throw new Refusal(Errno.EINVAL, "specified pg_num " + wanted + " < pgp_num " + pool.pgpNum());
        }
        if (wanted < pool.pgNum() - 1) {
            throw new Refusal(
                    Errno.EINVAL,
                    "specified pg_num " + wanted + " < pg_num (" + pool.pgNum()
                            + ") - 1; only single pg decrease is currently supported");
        }
        return b.pgNumPending((int) wanted).lastForceOpResendPrenautilus(epoch);
    }

    private static void checkPlacement(long wanted, int pgNum) {
        if (wanted <= 0) {
            throw new Refusal(Errno.EINVAL, "specified pgp_num must > 0, but you set to " + wanted);
        }
        if (wanted > pgNum) {
            throw new Refusal(Errno.EINVAL, "specified pgp_num " + wanted + " > pg_num " + pgNum);
        }
    }

    /** Refuses what would give each OSD too many placement groups. {@code id} is the pool's own, -1 for one that is not there yet. */
    void checkPgsPerOsd(OsdMap map, long id, int pgNum, int size) {
        long projected = (long) pgNum * size;
        for (Map.Entry<Long, PgPool> e : map.pools().entrySet()) {
            if (e.getKey() != id) {
                projected += (long) e.getValue().pgNumTarget() * e.getValue().size();
            }
        }
        long perOsd = config.integer("mon_max_pg_per_osd", 250);
        int osds = Math.max(map.numInOsds(), 3);
        if (projected > perOsd * osds) {
            throw new Refusal(
                    Errno.ERANGE,
                    "pg_num " + pgNum + " size " + size + " would mean " + projected + " total pgs, which exceeds max "
                            + perOsd * osds + " (mon_max_pg_per_osd " + perOsd + " * num_in_osds " + osds + ")");
        }
    }
}
