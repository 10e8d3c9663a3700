package io.spirula.tools.osdmaptool;

import io.spirula.common.format.Numbers;
import io.spirula.common.maps.Osd;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgPool;
import io.spirula.common.maps.UpActing;
import io.spirula.common.types.PgId;
import java.io.PrintStream;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Where all placement groups are, one by one and counted by OSD: {@code --test-map-pgs} and its relatives. */
final class PlacementReport {
    private final OsdMap map;
    private final Options options;
    private final PrintStream out;
    private final int[] count;
    private final int[] first;
    private final int[] primary;
    private final TreeMap<Integer, Integer> sizes = new TreeMap<>();

    PlacementReport(OsdMap map, Options options, PrintStream out) {
        this.map = map;
        this.options = options;
        this.out = out;
        count = new int[map.maxOsd()];
        first = new int[map.maxOsd()];
        primary = new int[map.maxOsd()];
    }

    void print() {
        map.pools().forEach((id, pool) -> {
            if (options.pool == -1 || options.pool == id) {
                pool(id, pool);
            }
        });
        byOsd();
        sizes.forEach((size, groups) -> out.println("size " + size + "\t" + groups));
    }

    private void pool(long id, PgPool pool) {
        out.println("pool " + id + " pg_num " + pool.pgNum());
        for (int i = 0; i < pool.pgNum(); i++) {
            PgId pg = new PgId(id, i);
            UpActing where = map.pgToUpActing(pg);
            sizes.merge(where.acting().size(), 1, Integer::sum);
            if (options.testMapPgsDump) {
                out.println(pg + "\t" + list(where.acting()) + "\t" + where.actingPrimary());
            } else if (options.testMapPgsDumpAll) {
                out.println(line(map, pg));
            }
            count(where);
        }
    }

    private void count(UpActing where) {
        for (int osd : where.acting()) {
            add(count, osd);
        }
        if (!where.acting().isEmpty()) {
            add(first, where.acting().get(0));
        }
        add(primary, where.actingPrimary());
    }

    private static void add(int[] counts, int osd) {
        if (osd >= 0 && osd < counts.length) {
            counts[osd]++;
        }
    }

    private boolean counts(int osd) {
        Integer weight = map.crushMap().itemWeight(osd);
        return map.isIn(osd) && weight != null && weight > 0;
    }

    private void byOsd() {
        out.println("#osd\tcount\tfirst\tprimary\tc wt\twt");
        int in = 0;
        long total = 0;
        int least = -1;
        int most = -1;
        for (int i = 0; i < count.length; i++) {
            if (!counts(i)) {
                continue;
            }
            in++;
            total += count[i];
            out.println("osd." + i + "\t" + count[i] + "\t" + first[i] + "\t" + primary[i] + "\t"
                    + share(java.util.Objects.requireNonNullElse(map.crushMap().itemWeight(i), 0)) + "\t"
                    + share(map.osd(i).weight()));
            if (count[i] > 0) {
                least = least < 0 || count[i] < count[least] ? i : least;
                most = most < 0 || count[i] > count[most] ? i : most;
            }
        }
        deviation(in, total);
        if (least >= 0) {
            out.println(" min osd." + least + " " + count[least]);
            out.println(" max osd." + most + " " + count[most]);
        }
    }

    private void deviation(int in, long total) {
        long average = in == 0 ? 0 : total / in;
        double squares = 0;
        for (int i = 0; i < count.length; i++) {
            if (counts(i)) {
                squares += (double) (average - count[i]) * (average - count[i]);
            }
        }
        double deviation = Math.sqrt(squares / in);
        double expected = Math.sqrt((double) total / in * (1.0 - 1.0 / in));
        out.println(" in " + in);
        out.println(" avg " + average + " stddev " + number(deviation) + " (" + number(deviation / average)
                + "x) (expected " + number(expected) + " " + number(expected / average) + "x))");
    }

    /** What is no number has a sign on the machines that Ceph runs on. */
    private static String number(double value) {
        return Double.isNaN(value) ? "-nan" : Numbers.plain(value);
    }

    private static String share(int fixedPoint) {
        return Numbers.plain(fixedPoint / (float) Osd.IN);
    }

    /** {@code 3.5 raw ([4,3,0], p4) up (…) acting (…)}. */
    static String line(OsdMap map, PgId pg) {
        UpActing where = map.pgToUpActing(pg);
        List<Integer> raw = map.pgToRawOsds(pg);
        int rawPrimary =
                raw.stream().filter(osd -> osd != UpActing.NONE).findFirst().orElse(-1);
        return pg + " raw (" + list(raw) + ", p" + rawPrimary + ") up (" + list(where.up()) + ", p" + where.upPrimary()
                + ") acting (" + list(where.acting()) + ", p" + where.actingPrimary() + ")";
    }

    static String list(List<Integer> osds) {
        return osds.stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
    }
}
