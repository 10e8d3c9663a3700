package io.spirula.mon.service;

import io.spirula.common.command.Refusal;
import io.spirula.common.config.Config;
import io.spirula.common.env.Clock;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgPool;
import io.spirula.mon.balancer.Autoscaler;
import io.spirula.mon.mgr.PgMap;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives pools whose autoscale mode is {@code on} the number of placement groups that they should have, where theirs is far off; {@link PgNumSteps} brings them there. Source: the manager's module pg_autoscaler, _maybe_adjust. */
public final class PoolAutoscale {
    static final String NO_AUTOSCALE = "mgr/pg_autoscaler/noautoscale";
    private static final Logger LOG = LoggerFactory.getLogger(PoolAutoscale.class);

    private final OsdmapService osdmap;
    private final PgMap pgMap;
    private final Config config;
    private final Clock clock;
    private final PoolPgNums numbers;
    private long lookedAtNanos;

    public PoolAutoscale(OsdmapService osdmap, PgMap pgMap, Config config, Clock clock) {
        this.osdmap = osdmap;
        this.pgMap = pgMap;
        this.config = config;
        this.clock = clock;
        numbers = new PoolPgNums(config);
        lookedAtNanos = clock.nanoTime();
    }

    /** Time has passed. Runs while the map may be changed. */
    public void tick() {
        Duration interval = config.span("mgr/pg_autoscaler/sleep_interval", Duration.ofMinutes(1));
        long now = clock.nanoTime();
        if (now - lookedAtNanos < interval.toNanos()) {
            return;
        }
        lookedAtNanos = now;
        if (config.bool(NO_AUTOSCALE, false)) {
            return;
        }
        long perOsd = config.integer("mon_target_pg_per_osd", 100);
        for (Autoscaler.Advice advice : Autoscaler.advise(osdmap.pendingMap(), pgMap, pgMap::bytes, perOsd)) {
            if (advice.wouldAdjust()) {
                adjust(advice);
            }
        }
    }

    private void adjust(Autoscaler.Advice advice) {
        OsdMap map = osdmap.pendingMap();
        PgPool pool = map.pool(advice.pool());
        if (pool == null) {
            return;
        }
        int epoch = osdmap.map().epoch() + 1;
        try {
            PgPool changed = numbers.set(
                            map, advice.pool(), pool, "pg_num", Integer.toString(advice.finalPgNum()), epoch)
                    .lastChange(epoch)
                    .build();
            osdmap.change(inc -> inc.putPool(advice.pool(), changed));
            LOG.info("pool {}: pg_num {} -> {}", advice.name(), advice.pgNumTarget(), advice.finalPgNum());
        } catch (Refusal e) {
            LOG.error("pg_num adjustment on {} to {} failed: {}", advice.name(), advice.finalPgNum(), e.getMessage());
        }
    }
}
