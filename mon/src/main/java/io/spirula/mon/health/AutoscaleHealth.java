package io.spirula.mon.health;

import io.spirula.common.maps.HealthCheck;
import io.spirula.mon.balancer.Autoscaler;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Pools with far too few or far too many placement groups whose number is not changed by itself. */
public final class AutoscaleHealth {
    private AutoscaleHealth() {}

    public static void check(HealthInput input, Consumer<HealthCheck> checks) {
        List<String> few = new ArrayList<>();
        List<String> many = new ArrayList<>();
        long target = input.config().integer("mon_target_pg_per_osd", 100);
        for (Autoscaler.Advice a : Autoscaler.advise(input.map(), input.pgs(), input.pgs()::bytes, target)) {
            if (!a.mode().equals("warn") || !a.isFarOff()) {
                continue;
            }
            String line =
                    "Pool " + a.name() + " has " + a.pgNumTarget() + " placement groups, should have " + a.finalPgNum();
            (a.finalPgNum() > a.pgNumTarget() ? few : many).add(line);
        }
        if (!few.isEmpty()) {
            checks.accept(new HealthCheck(
                    "POOL_TOO_FEW_PGS",
                    HealthCheck.WARN,
                    few.size() + " pools have too few placement groups",
                    few.size(),
                    few));
        }
        if (!many.isEmpty()) {
            checks.accept(new HealthCheck(
                    "POOL_TOO_MANY_PGS",
                    HealthCheck.WARN,
                    many.size() + " pools have too many placement groups",
                    many.size(),
                    many));
        }
    }
}
