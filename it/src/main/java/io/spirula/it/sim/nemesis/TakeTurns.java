package io.spirula.it.sim.nemesis;

import io.spirula.common.maps.OsdMap;
import io.spirula.common.types.PgId;
import io.spirula.it.sim.SimOsd;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** A group's members are up in turns: one is gone while the others go on; then those are gone, and the first is back alone, or with OSDs that take the others' places: it must not take what it has for all there is. */
final class TakeTurns implements Nemesis {
    @Override
    public String name() {
        return "take-turns";
    }

    @Override
    public Kind kind() {
        return Kind.MOVES_DATA;
    }

    @Override
    public int weight() {
        return 2;
    }

    @Override
    public void strike(Stage stage, RandomGenerator random) {
        OsdMap map = stage.cluster().osdMap();
        PgId pg = Targets.group(map, random);
        if (pg == null) {
            return;
        }
        List<Integer> members = new ArrayList<>(map.pgToUpActing(pg).acting());
        Targets.shuffle(members, random);
        List<SimOsd> osds = members.stream()
                .filter(osd -> osd >= 0 && osd < stage.cluster().osds().size())
                .map(stage.cluster().osds()::get)
                .toList();
        if (osds.size() < 2) {
            return;
        }
        SimOsd first = osds.getFirst();
        List<SimOsd> others = osds.subList(1, osds.size());
        Duration turn = Duration.ofMillis(random.nextInt(500, 5_000));
        Duration alone = Duration.ofMillis(random.nextInt(1_000, 9_000));
        Duration between = Duration.ofMillis(random.nextInt(200));
        stage.note("osd." + first.id() + " is gone for " + turn + ", and then the others of " + Targets.text(pg)
                + " for " + alone);
        stage.letLast(turn.plus(alone).plus(between.multipliedBy(osds.size())));
        first.crash();
        stage.hurry();
        stage.later(turn.dividedBy(2), stage::hurry);
        boolean replaced = random.nextBoolean();
        stage.trouble(turn, () -> {
            if (replaced) {
                replace(stage, others, alone);
            }
            Duration wait = Duration.ZERO;
            for (SimOsd other : others) {
                stage.later(wait, () -> goneFor(stage, other, alone));
                wait = wait.plus(between);
            }
            stage.trouble(wait, first::restart);
        });
    }

    private static void replace(Stage stage, List<SimOsd> osds, Duration span) {
        String ids = osds.stream().map(osd -> "\"" + osd.id() + "\"").collect(Collectors.joining(",", "[", "]"));
        stage.command("osd out", "ids", ids);
        stage.trouble(span, () -> stage.command("osd in", "ids", ids));
    }

    private static void goneFor(Stage stage, SimOsd osd, Duration span) {
        osd.crash();
        stage.trouble(span, osd::restart);
    }
}
