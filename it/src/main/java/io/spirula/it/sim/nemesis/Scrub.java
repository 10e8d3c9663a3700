package io.spirula.it.sim.nemesis;

import io.spirula.common.types.PgId;
import java.util.random.RandomGenerator;

/** A group is scrubbed, or repaired though nothing is wrong with it, while clients write. */
final class Scrub implements Nemesis {
    private static final String[] COMMANDS = {"pg scrub", "pg deep-scrub", "pg repair"};

    @Override
    public String name() {
        return "scrub";
    }

    @Override
    public void strike(Stage stage, RandomGenerator random) {
        PgId pg = Targets.group(stage.cluster().osdMap(), random);
        if (pg != null) {
            stage.command(COMMANDS[random.nextInt(COMMANDS.length)], "pgid", Targets.text(pg));
        }
    }
}
