package io.spirula.it.sim.nemesis;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** An OSD's weight changes, in the map or in the CRUSH map, so that some groups move. */
final class Reweight implements Nemesis {
    private static final String[] WEIGHTS = {"0.2", "0.5", "0.8"};

    @Override
    public String name() {
        return "reweight";
    }

    @Override
    public Kind kind() {
        return Kind.MOVES_DATA;
    }

    @Override
    public void strike(Stage stage, RandomGenerator random) {
        String id = Integer.toString(stage.anyOsd(random).id());
        String weight = WEIGHTS[random.nextInt(WEIGHTS.length)];
        boolean crush = random.nextBoolean();
        set(stage, crush, id, weight);
        stage.trouble(Stage.aWhile(random, Duration.ofSeconds(40)), () -> set(stage, crush, id, "1.0"));
    }

    private static void set(Stage stage, boolean crush, String id, String weight) {
        if (crush) {
            stage.command("osd crush reweight", "name", "osd." + id, "weight", weight);
        } else {
            stage.command("osd reweight", "id", id, "weight", weight);
        }
    }
}
