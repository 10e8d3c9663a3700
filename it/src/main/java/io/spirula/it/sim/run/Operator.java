package io.spirula.it.sim.run;

import io.spirula.common.pg.ObjectStats;
import io.spirula.common.pg.PgStats;
import io.spirula.common.types.PgId;
import io.spirula.it.sim.SimClient;
import io.spirula.it.sim.SimCluster;
import io.spirula.it.sim.nemesis.Stage;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who looks after the cluster once all that was wrong is mended: where a copy had been damaged, and a group has lacked objects for long that nobody has, they go back to the newest version that there is. The group's primary refuses
 * that as long as somebody who may have more was not heard; and no write that was acknowledged may be given up so.
 */
final class Operator {
    /** After this a group does not find by itself any more what it lacks. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final SimCluster cluster;
    private final SimClient client;
    private final Stage stage;
    private final Runnable givingUp;
    /** Since when groups have lacked something, or when they were last told to give it up. */
    private final TreeMap<PgId, Long> lacking = new TreeMap<>();

    /** @param givingUp hears each time that something is given up */
    Operator(SimCluster cluster, SimClient client, Stage stage, Runnable givingUp) {
        this.cluster = cluster;
        this.client = client;
        this.stage = stage;
        this.givingUp = givingUp;
    }

    void look() {
        Map<PgId, PgStats> groups = cluster.pgMap().pgs();
        lacking.keySet().removeIf(pg -> !stage.hasDamagedCopies() || !lacksWhatNobodyHas(groups.get(pg)));
        if (!stage.hasDamagedCopies()) {
            return; // what is unfound although all copies were good is for nobody to give up
        }
        long now = cluster.simulation().nowNanos();
        for (Map.Entry<PgId, PgStats> e : groups.entrySet()) {
            if (lacksWhatNobodyHas(e.getValue())
                    && now - lacking.computeIfAbsent(e.getKey(), pg -> now) > PATIENCE.toNanos()) {
                lacking.put(e.getKey(), now);
                giveUp(e.getKey());
            }
        }
    }

    private static boolean lacksWhatNobodyHas(@Nullable PgStats stats) {
        return stats != null && stats.stats().get(ObjectStats.Counter.OBJECTS_UNFOUND) > 0;
    }

    private void giveUp(PgId pg) {
        stage.note("the operator gives up what nobody has of " + pg);
        givingUp.run();
        client.wantNewerMap();
        client.groupCommand(
                pg,
                "{\"prefix\":\"pg\",\"pgid\":\"" + pg + "\",\"cmd\":\"mark_unfound_lost\",\"mulcmd\":\"revert\"}",
                PATIENCE,
                stage::note);
    }
}
