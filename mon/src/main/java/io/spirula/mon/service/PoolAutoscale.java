package io.spirula.mon.service;

import io.spirula.common.config.Config;
import io.spirula.common.env.Clock;
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
    private final PoolPgNums numbers;
    private final Beat beat;

    public PoolAutoscale(OsdmapService osdmap, PgMap pgMap, Config config, Clock clock) {
        this.osdmap = osdmap;
        this.pgMap = pgMap;
        this.config = config;
        numbers = new PoolPgNums(config);
        beat = new Beat(clock);
    }

    /** Time has passed. Runs while the map may be changed. */
    public void tick() {
        if (!beat.isDue(config.span("mgr/pg_autoscaler/sleep_interval", Duration.ofMinutes(1)))
                || config.bool(NO_AUTOSCALE, false)) {
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
        if (numbers.change(osdmap, advice.pool(), "pg_num", advice.finalPgNum())) {
            LOG.info("pool {}: pg_num {} -> {}", advice.name(), advice.pgNumTarget(), advice.finalPgNum());
        }
    }
}
