package io.spirula.mon.service;

import io.spirula.common.config.Config;
import io.spirula.common.env.Clock;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgPool;
import io.spirula.common.maps.PoolFlag;
import io.spirula.common.pg.ObjectStats;
import io.spirula.common.pg.ObjectStats.Counter;
import io.spirula.common.pg.PgState;
import io.spirula.common.pg.PgStats;
import io.spirula.common.types.PgId;
import io.spirula.mon.mgr.PgMap;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Brings pools to the numbers of placement groups that they are meant to have, step by step: some more groups at once where all are active, one less where the last and the one that it merges into are at rest, and so many
 * of them placed apart as keeps little enough on its way. Source: mgr/DaemonServer.cc, adjust_pgs.
 */
public final class PgNumSteps {
    private final OsdmapService osdmap;
    private final PgMap pgMap;
    private final Config config;
    private final PoolPgNums numbers;
    private final Beat beat;

    public PgNumSteps(OsdmapService osdmap, PgMap pgMap, Config config, Clock clock) {
        this.osdmap = osdmap;
        this.pgMap = pgMap;
        this.config = config;
        numbers = new PoolPgNums(config);
        beat = new Beat(clock);
    }

    /** Time has passed: takes the steps that may be taken now. Runs while the map may be changed. */
    public void tick() {
        if (!beat.isDue(config.span("mgr_tick_period", Duration.ofSeconds(2)))) {
            return;
        }
        OsdMap map = osdmap.pendingMap();
        if (map.pools().values().stream().anyMatch(PgNumSteps::isUnderWay)) {
            new Look(map).pools();
        }
    }

    private static boolean isUnderWay(PgPool pool) {
        return pool.pgNum() != pool.pgNumTarget()
                || pool.pgpNum() != Math.min(pool.pgNumPending(), pool.pgpNumTarget());
    }

    /** The cluster as it is known at one moment. */
    private final class Look {
        private final OsdMap map;
        private final double mostMisplaced = config.real("target_max_misplaced_ratio", 0.05);
        private final boolean aggressive = config.bool("mgr_debug_aggressive_pg_num_changes", false);
        private final double misplaced;
        private final boolean isDegraded;
        private final Map<Long, Boolean> settled = new TreeMap<>();
        private long mayBeMade;

        Look(OsdMap map) {
            this.map = map;
            ObjectStats total = pgMap.total();
            double copies = Math.max(1, total.get(Counter.OBJECT_COPIES));
            misplaced = total.get(Counter.OBJECTS_MISPLACED) / copies;
            isDegraded = total.get(Counter.OBJECTS_DEGRADED) > 0 || pgMap.count(state -> !isActive(state)) > 0;
            long unmade = pgMap.count(state -> state == 0 || (state & PgState.CREATING) != 0);
            mayBeMade = Math.max(1, config.integer("mgr_max_pg_creating", 1024)) - unmade;
            pgMap.pgs()
                    .forEach((pg, stats) -> settled.merge(
                            pg.pool(), isActive(stats.state()) || isPeered(stats.state()), Boolean::logicalAnd));
        }

        private static boolean isActive(long state) {
            return (state & PgState.ACTIVE) != 0;
        }

        private static boolean isPeered(long state) {
            return (state & PgState.PEERED) != 0;
        }

        void pools() {
            map.pools().forEach((id, pool) -> {
                if (mayBeMade > 0) {
                    boolean merges = false;
                    if (pool.pgNumTarget() < pool.pgNum()) {
                        merges = !pool.has(PoolFlag.CREATING) && merge(id, pool);
                    } else if (pool.pgNumTarget() > pool.pgNum() && !pool.has(PoolFlag.CREATING)) {
                        split(id, pool);
                    }
                    if (!merges) {
                        place(id, pool);
                    }
                }
            });
        }

        private void split(long id, PgPool pool) {
            long most = config.integer("mgr_max_pg_num_change", 128);
            long apart = pool.pgNum() - pool.pgpNum();
            if (settled.getOrDefault(id, false) && apart < most) {
                long more = Math.min(Math.min(mayBeMade, most - apart), pool.pgNumTarget() - pool.pgNum());
                mayBeMade -= more;
                numbers.change(osdmap, id, "pg_num_actual", (int) (pool.pgNum() + more));
            }
        }

        /** Has the last group merge, if it may. */
        private boolean merge(long id, PgPool pool) {
            boolean waits = pool.pgNum() != pool.pgNumPending() || pool.pgNum() == pool.pgpNum();
            int last = pool.pgNum() - 1;
            PgId source = new PgId(id, last);
            PgId target = new PgId(id, last & ~Integer.highestOneBit(last));
            for (PgId pg : List.of(source, target)) {
                if (map.pgUpmap().containsKey(pg) || map.pgUpmapItems().containsKey(pg)) {
                    osdmap.change(inc -> inc.removePgUpmap(pg));
                    osdmap.change(inc -> inc.removePgUpmapItems(pg));
                    waits = true;
                }
            }
            PgStats ofSource = pgMap.pgs().get(source);
            PgStats ofTarget = pgMap.pgs().get(target);
            boolean ready = !waits
                    && ofSource != null
                    && ofTarget != null
                    && isClean(ofSource)
                    && isClean(ofTarget)
                    && ofSource.mapping().acting().equals(ofTarget.mapping().acting());
            if (ready) {
                numbers.change(osdmap, id, "pg_num_actual", last);
            }
            return ready;
        }

        private static boolean isClean(PgStats stats) {
            long wanted = PgState.ACTIVE | PgState.CLEAN;
            return (stats.state() & wanted) == wanted;
        }

        private void place(long id, PgPool pool) {
            int now = pool.pgpNum();
            int target = Math.min(pool.pgNumPending(), pool.pgpNumTarget());
            boolean blocked = target > now && now == pool.pgNum();
            if (target == now || blocked || !aggressive && (isDegraded || misplaced > mostMisplaced)) {
                return;
            }
            boolean isNearlyEmpty = pool.pgpNumTarget() > now && pgMap.objects(id) <= pool.pgpNumTarget();
            int next = aggressive || isNearlyEmpty ? target : step(pool, now, target);
            if (next != now) {
                numbers.change(osdmap, id, "pgp_num_actual", next);
            }
        }

        /** No single step moves more than half of what may be misplaced, if objects are spread evenly. */
        private int step(PgPool pool, int now, int target) {
            double room = Math.min(mostMisplaced - misplaced, mostMisplaced / 2);
            int most = Math.max((int) (pool.pgNum() * room), 1);
            int next = Math.clamp(target, Math.max(now - most, 0), now + most);
            if (pool.pgpNumTarget() == pool.pgNumTarget() && pool.pgpNumTarget() < pool.pgNum()) {
                // Not far ahead of the merges: groups that wait for theirs would crowd on a few OSDs.
                int ahead = Math.max(8, (int) (pool.pgNum() * mostMisplaced));
                return Math.max(next, pool.pgNum() - ahead);
            }
            return next;
        }
    }
}
