package io.spirula.tools.rados;

import io.spirula.common.pg.ObjectStats;
import io.spirula.common.pg.ObjectStats.Counter;
import io.spirula.common.pg.PoolStats;
import io.spirula.librados.ClusterStat;
import io.spirula.librados.PoolUsage;
import io.spirula.librados.RadosException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** The command df: how much the pools and the cluster hold. */
final class UsageReport {
    private static final List<String> HEADINGS = List.of(
            "POOL_NAME",
            "USED",
            "OBJECTS",
            "CLONES",
            "COPIES",
            "MISSING_ON_PRIMARY",
            "UNFOUND",
            "DEGRADED",
            "RD_OPS",
            "RD",
            "WR_OPS",
            "WR",
            "USED COMPR",
            "UNDER COMPR");
    private static final List<String> JSON_NAMES = List.of(
            "size_bytes",
            "size_kb",
            "num_objects",
            "num_object_clones",
            "num_object_copies",
            "num_objects_missing_on_primary",
            "num_objects_unfound",
            "num_objects_degraded",
            "read_ops",
            "read_bytes",
            "write_ops",
            "write_bytes",
            "compress_bytes_used",
            "compress_under_bytes");

    private UsageReport() {}

    static boolean df(Session s) {
        String only = s.arguments().find("pool");
        List<String> pools = only == null ? s.rados().pools().stream().sorted().toList() : List.of(only);
        PoolUsage usage;
        try {
            pools.forEach(s.rados()::poolId);
            usage = s.rados().poolUsage(pools);
        } catch (RadosException e) {
            throw new CommandFailed("error fetching pool stats: " + Texts.error(e));
        }
        ClusterStat cluster = s.rados().clusterStat();
        String format = s.arguments().get("format", "plain");
        if (format.equals("plain")) {
            plain(s.console().out(), pools, usage, cluster);
        } else {
            json(s, pools, usage, cluster, format.equals("json-pretty"));
        }
        return true;
    }

    /** In the order of {@link #JSON_NAMES}. */
    private static List<Long> numbers(String pool, PoolUsage usage) {
        PoolStats all = usage.pools().getOrDefault(pool, PoolStats.ZERO);
        ObjectStats sum = all.stats();
        long used = usage.usedBytes(pool);
        return List.of(
                used,
                (used + 1023) / 1024,
                sum.get(Counter.OBJECTS),
                sum.get(Counter.OBJECT_CLONES),
                sum.get(Counter.OBJECT_COPIES),
                sum.get(Counter.OBJECTS_MISSING_ON_PRIMARY),
                sum.get(Counter.OBJECTS_UNFOUND),
                sum.get(Counter.OBJECTS_DEGRADED),
                sum.get(Counter.READS),
                sum.get(Counter.READ_KIB) * 1024,
                sum.get(Counter.WRITES),
                sum.get(Counter.WRITE_KIB) * 1024,
                all.storeStats().dataCompressedAllocated(),
                all.storeStats().dataCompressedOriginal());
    }

    private static void plain(PrintStream out, List<String> pools, PoolUsage usage, ClusterStat cluster) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADINGS);
        for (String pool : pools) {
            List<Long> n = numbers(pool, usage);
            List<String> row = new ArrayList<>(List.of(pool, Texts.bytes(n.get(0))));
            for (int i = 2; i < n.size(); i++) {
                boolean bytes = i == 9 || i >= 11;
                row.add(bytes ? Texts.bytes(n.get(i)) : Long.toString(n.get(i)));
            }
            rows.add(row);
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                int c = column;
                int width = rows.stream().mapToInt(r -> r.get(c).length()).max().orElse(0);
                String padding = " ".repeat(width - row.get(c).length());
                line.append(c == 0 ? row.get(c) + padding : "  " + padding + row.get(c));
            }
            out.println(line);
        }
        out.println();
        out.println("total_objects    " + cluster.objects());
        out.println("total_used       " + Texts.bytes(cluster.usedKib() * 1024));
        out.println("total_avail      " + Texts.bytes(cluster.availableKib() * 1024));
        out.println("total_space      " + Texts.bytes(cluster.totalKib() * 1024));
    }

    private static void json(Session s, List<String> pools, PoolUsage usage, ClusterStat cluster, boolean pretty) {
        String colon = pretty ? ": " : ":";
        StringBuilder out = new StringBuilder("{")
                .append(indent(pretty, 1))
                .append("\"pools\"")
                .append(colon);
        out.append('[');
        String separator = "";
        for (String pool : pools) {
            out.append(separator).append(indent(pretty, 2)).append('{');
            out.append(indent(pretty, 3)).append("\"name\"").append(colon).append(Texts.json(pool));
            out.append(',').append(indent(pretty, 3)).append("\"id\"").append(colon);
            out.append(s.rados().poolId(pool));
            List<Long> n = numbers(pool, usage);
            for (int i = 0; i < n.size(); i++) {
                out.append(',')
                        .append(indent(pretty, 3))
                        .append('"')
                        .append(JSON_NAMES.get(i))
                        .append('"');
                out.append(colon).append(n.get(i));
            }
            out.append(indent(pretty, 2)).append('}');
            separator = ",";
        }
        out.append(indent(pretty, 1)).append(']');
        String[] names = {"total_objects", "total_used", "total_avail", "total_space"};
        long[] totals = {cluster.objects(), cluster.usedKib(), cluster.availableKib(), cluster.totalKib()};
        for (int i = 0; i < names.length; i++) {
            out.append(',')
                    .append(indent(pretty, 1))
                    .append('"')
                    .append(names[i])
                    .append('"');
            out.append(colon).append(totals[i]);
        }
        s.console().out().print(out.append(indent(pretty, 0)).append('}').append(pretty ? "\n" : ""));
    }

    private static String indent(boolean pretty, int depth) {
        return pretty ? "\n" + "    ".repeat(depth) : "";
    }
}
