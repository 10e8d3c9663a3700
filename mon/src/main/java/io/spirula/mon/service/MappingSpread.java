package io.spirula.mon.service;

import io.spirula.common.command.Json;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.UpActing;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How evenly a map spreads groups over OSDs, and what another map would change. Ceph: OSDMap::summarize_mapping_stats. */
final class MappingSpread {
    private final OsdMap map;
    private final Map<Integer, Integer> now = new TreeMap<>();
    private final Map<Integer, Integer> then = new TreeMap<>();
    private final List<Integer> in;
    private int total;
    private int moved;

    /** @param next what the map may become; the same map for no change */
    MappingSpread(OsdMap map, OsdMap next, Collection<Long> pools) {
        this.map = map;
        in = OsdIds.existing(map, osd -> map.isIn(osd) && map.isUp(osd));
        for (long pool : pools) {
            List<UpActing> before = map.poolToUpActing(pool);
            List<UpActing> after = map == next ? before : next.poolToUpActing(pool);
            for (int i = 0; i < before.size(); i++) {
                count(before.get(i).up(), after.get(i).up());
            }
        }
    }

    private void count(List<Integer> up, List<Integer> upThen) {
        for (int osd : up) {
            now.merge(osd, 1, Integer::sum);
            total++;
            moved += upThen.contains(osd) ? 0 : 1;
        }
        upThen.forEach(osd -> then.merge(osd, 1, Integer::sum));
    }

    private double average() {
        return in.isEmpty() ? 0 : (double) (float) ((double) total / in.size());
    }

    private double deviation(Map<Integer, Integer> counts) {
        double sum = 0;
        for (int osd : in) {
            sum += Math.pow(counts.getOrDefault(osd, 0) - average(), 2);
        }
        return in.isEmpty() ? 0 : (double) (float) Math.sqrt(sum / in.size());
    }

    /** What random placement would give. */
    private double expected() {
        return in.isEmpty() ? 0 : (double) (float) Math.sqrt(average() * (1 - 1.0 / in.size()));
    }

    private int extreme(boolean most) {
        int found = in.isEmpty() ? -1 : in.get(0);
        for (int osd : in) {
            int more = Integer.compare(now.getOrDefault(osd, 0), now.getOrDefault(found, 0));
            found = most ? (more > 0 ? osd : found) : more < 0 ? osd : found;
        }
        return found;
    }

    boolean isEmpty() {
        return in.isEmpty() || map.pools().isEmpty();
    }

    Json json(boolean comparing) {
        Json json = Json.object();
        if (comparing) {
            json.put("moved_pgs", moved).put("total_pgs", total);
        }
        json.put("avg_pgs", average()).put("std_dev", deviation(now)).put("expected_baseline_std_dev", expected());
        if (comparing) {
            json.put("new_std_dev", deviation(then));
        }
        for (boolean most : new boolean[] {false, true}) {
            String name = most ? "max_osd" : "min_osd";
            int osd = extreme(most);
            json.put(name, osd).put(name + "_pgs", now.getOrDefault(osd, 0));
            if (comparing) {
                json.put("new_" + name + "_pgs", then.getOrDefault(osd, 0));
            }
        }
        return json;
    }

    String text(boolean comparing) {
        List<String> lines = new ArrayList<>();
        if (comparing) {
            lines.add("moved " + moved + " / " + total + " (" + Json.number(100.0 * moved / Math.max(1, total), 6)
                    + "%)");
        }
        lines.add("avg " + Json.number(average(), 6));
        lines.add("stddev " + Json.number(deviation(now), 6)
                + (comparing ? " -> " + Json.number(deviation(then), 6) : "")
                + " (expected baseline " + Json.number(expected(), 6) + ")");
        for (boolean most : new boolean[] {false, true}) {
            int osd = extreme(most);
            int before = now.getOrDefault(osd, 0);
            int after = then.getOrDefault(osd, 0);
            lines.add((most ? "max" : "min") + " osd." + osd + " with " + before + (comparing ? " -> " + after : "")
                    + " pgs (" + ratio(before) + (comparing ? " -> " + ratio(after) : "") + " * mean)");
        }
        return String.join("\n", lines) + "\n";
    }

    private String ratio(int count) {
        return Json.number(average() == 0 ? 0 : count / average(), 6);
    }
}
