package io.spirula.osd.peering;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** A life of one group: writes, crashes, restarts and changes of placement at random moments, and then peace, in which it must heal. */
final class RandomLife {
    private RandomLife() {}

    static void live(long seed) {
        Random choice = new Random(seed ^ 0x5eed);
        int osds = 3 + choice.nextInt(3);
        int size = Math.min(osds, 2 + choice.nextInt(2));
        PeeringSimulation world = new PeeringSimulation(seed, osds, size, 1 + choice.nextInt(size));
        if (seed % 2 != 0) {
            world.costs =
                    new ActingCosts(seed / 2 % 5, seed / 10 % 5); // so few that members are recovered without acting
        }
        world.settle();
        for (int i = 0; i < 600; i++) {
            disturb(world, choice, osds);
            for (int n = choice.nextInt(30); n > 0; n--) {
                world.step();
            }
        }
        for (int osd = 0; osd < osds; osd++) {
            if (!world.osds.get(osd).isAlive()) {
                world.restart(osd);
            }
        }
        world.settle();
        if (!world.primary().isClean()) {
            throw new AssertionError("not clean but " + world.primary().pg().state() + "\n" + world.tail());
        }
        world.check();
    }

    private static void disturb(PeeringSimulation world, Random choice, int osds) {
        int osd = choice.nextInt(osds);
        switch (choice.nextInt(40)) {
            case 0 -> {
                if (world.osds.get(osd).isAlive()) {
                    world.crash(osd);
                }
            }
            case 1, 2 -> {
                if (!world.osds.get(osd).isAlive()) {
                    world.restart(osd);
                }
            }
            case 3 -> {
                if (choice.nextInt(3) == 0) {
                    List<Integer> order = new ArrayList<>(world.map().order());
                    Collections.shuffle(order, choice);
                    world.publish(world.map().withOrder(order));
                }
            }
            default -> world.write(choice.nextInt(40), choice.nextInt(6) == 0);
        }
    }
}
