package io.spirula.it.sim.nemesis;

import io.spirula.it.sim.SimHost;
import io.spirula.it.sim.SimNetwork;
import io.spirula.it.sim.SimOsd;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Hosts lose touch with an OSD, in one direction or both, for good or again and again for a moment. */
final class Partition implements Nemesis {
    /** Who loses touch with the OSD. */
    enum Side {
        OSDS,
        MONITORS,
        CLIENTS
    }

    private final Side side;

    Partition(Side side) {
        this.side = side;
    }

    @Override
    public String name() {
        return switch (side) {
            case OSDS -> "cut-osds";
            case MONITORS -> "cut-monitors";
            case CLIENTS -> "cut-clients";
        };
    }

    @Override
    public void strike(Stage stage, RandomGenerator random) {
        SimOsd osd = stage.anyOsd(random);
        List<SimHost> others = new ArrayList<>();
        switch (side) {
            case OSDS -> stage.cluster().osds().stream().filter(o -> o != osd).forEach(o -> others.add(o.host()));
            case MONITORS -> stage.cluster().monitors().forEach(m -> others.add(m.host()));
            case CLIENTS -> stage.clients().forEach(c -> others.add(c.host()));
        }
        if (random.nextBoolean()) {
            others.removeIf(other -> others.size() > 1 && random.nextBoolean());
        }
        boolean inward = random.nextInt(3) > 0;
        boolean outward = !inward || random.nextBoolean();
        Duration lasts = Stage.aWhile(random, Duration.ofSeconds(60));
        boolean flapping = random.nextInt(3) == 0;
        stage.note(osd.host() + " is cut off from " + others + (inward ? " in" : "") + (outward ? " out" : "") + " for "
                + lasts + (flapping ? ", flapping" : ""));
        SimNetwork network = stage.cluster().network();
        boolean[] over = new boolean[1];
        set(network, osd.host(), others, inward, outward, true);
        if (flapping) {
            flap(stage, random, over, cut -> set(network, osd.host(), others, inward, outward, cut), false);
        }
        stage.trouble(lasts, () -> {
            over[0] = true;
            set(network, osd.host(), others, inward, outward, false);
        });
    }

    private interface Switch {
        void set(boolean cut);
    }

    private static void flap(Stage stage, RandomGenerator random, boolean[] over, Switch line, boolean cut) {
        stage.later(Duration.ofMillis(random.nextInt(200, 4_000)), () -> {
            if (!over[0]) {
                line.set(cut);
                flap(stage, random, over, line, !cut);
            }
        });
    }

    private static void set(
            SimNetwork network, SimHost host, List<SimHost> others, boolean inward, boolean outward, boolean cut) {
        for (SimHost other : others) {
            if (inward) {
                set(network, other, host, cut);
            }
            if (outward) {
                set(network, host, other, cut);
            }
        }
    }

    private static void set(SimNetwork network, SimHost from, SimHost to, boolean cut) {
        if (cut) {
            network.cut(from, to);
        } else {
            network.restore(from, to);
        }
    }
}
