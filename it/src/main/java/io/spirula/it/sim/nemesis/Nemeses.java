package io.spirula.it.sim.nemesis;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** All nemeses there are. */
public final class Nemeses {
    public static final List<Nemesis> ALL = List.of(
            new CrashOsd(),
            new CrashAtWrite(),
            new CrashInState(),
            new CrashEverything(),
            new TakeTurns(),
            new CrashClient(),
            new CrashMonitor(),
            new LoseDisk(),
            new OldDisk(),
            new RotBlock(),
            new Scrub(),
            new FillDisk(),
            new Partition(Partition.Side.OSDS),
            new Partition(Partition.Side.MONITORS),
            new Partition(Partition.Side.CLIENTS),
            new SplitNetwork(),
            new LoseLink(),
            new SlowNetwork(),
            new SlowDisk(),
            new StallOsd(),
            new SkewClock(),
            new OutOsd(),
            new Reweight(),
            new Upmap(),
            new ResizePool(),
            new PrimaryChanges(),
            new MarkDown(),
            new Flags(),
            new OtherPools());

    private Nemeses() {}

    /** Those of a list like {@code crash-osd,upmap}, or {@code all}. Throws IllegalArgumentException for a name that none has. */
    public static List<Nemesis> named(String names) {
        if (names.equals("all")) {
            return ALL;
        }
        List<Nemesis> chosen = new ArrayList<>();
        for (String name : names.split(",", -1)) {
            chosen.add(ALL.stream()
                    .filter(n -> n.name().equals(name))
                    .findFirst()
                    .orElseThrow(
                            () -> new IllegalArgumentException("no nemesis " + name + "; there are " + names(ALL))));
        }
        return List.copyOf(chosen);
    }

    public static String names(List<Nemesis> some) {
        return some.equals(ALL) ? "all" : some.stream().map(Nemesis::name).collect(Collectors.joining(","));
    }
}
