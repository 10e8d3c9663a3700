package io.spirula.common.maps;

import io.spirula.common.format.Formatter;
import io.spirula.common.format.Times;
import java.util.stream.Collectors;

/** A monitor map as Ceph prints it. Source: MonMap::dump and MonMap::print (mon/MonMap.cc). */
final class MonMapText {
    private MonMapText() {}

    static String print(MonMap map) {
        StringBuilder out = new StringBuilder();
        out.append("epoch ").append(Integer.toUnsignedString(map.epoch())).append('\n');
        out.append("fsid ").append(map.fsid()).append('\n');
        out.append("last_changed ").append(Times.local(map.lastChanged())).append('\n');
        out.append("created ").append(Times.local(map.created())).append('\n');
        out.append("min_mon_release ").append(map.minMonRelease().number());
        out.append(" (").append(map.minMonRelease()).append(")\n");
        out.append("election_strategy: ").append(map.strategy()).append('\n');
        if (map.stretchMode()) {
            out.append("stretch_mode_enabled ").append(map.stretchMode()).append('\n');
            out.append("tiebreaker_mon ").append(map.tiebreaker()).append('\n');
        }
        if (map.stretchMode() || !map.disallowedLeaders().isEmpty()) {
            out.append("disallowed_leaders ")
                    .append(String.join(",", map.disallowedLeaders()))
                    .append('\n');
        }
        for (int rank = 0; rank < map.size(); rank++) {
            MonInfo info = map.monitor(rank);
            out.append(rank)
                    .append(": ")
                    .append(MapText.addrs(info.addrs()))
                    .append(" mon.")
                    .append(info.name());
            if (!info.crushLocation().isEmpty()) {
                out.append("; crush_location ").append(location(info));
            }
            out.append('\n');
        }
        return out.toString();
    }

    private static String location(MonInfo info) {
        return info.crushLocation().entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }

    static void dump(MonMap map, Formatter f) {
        f.putUnsigned("epoch", map.epoch()).put("fsid", map.fsid().toString());
        f.put("modified", Times.utc(map.lastChanged())).put("created", Times.utc(map.created()));
        f.put("min_mon_release", map.minMonRelease().number());
        f.put("min_mon_release_name", map.minMonRelease().toString());
        f.put("election_strategy", map.strategy());
        f.put("disallowed_leaders: ", String.join(",", map.disallowedLeaders()));
        f.put("stretch_mode", map.stretchMode()).put("tiebreaker_mon", map.tiebreaker());
        f.put(
                "removed_ranks: ",
                map.removedRanks().stream().map(String::valueOf).collect(Collectors.joining(",")));
        f.object("features", () -> {
            features(f, "persistent", map.persistentFeatures());
            features(f, "optional", map.optionalFeatures());
        });
        f.array("mons", () -> {
            for (int rank = 0; rank < map.size(); rank++) {
                int r = rank;
                f.object("mon", () -> monitor(map, r, f));
            }
        });
    }

    private static void features(Formatter f, String name, long bits) {
        f.array(name, () -> {
            for (int i = 0; i < MonMap.FEATURE_NAMES.size(); i++) {
                if ((bits & 1L << i) != 0) {
                    f.put("feature", MonMap.FEATURE_NAMES.get(i));
                }
            }
        });
    }

    private static void monitor(MonMap map, int rank, Formatter f) {
        MonInfo info = map.monitor(rank);
        f.put("rank", rank).put("name", info.name());
        MapText.dump(f, "public_addrs", info.addrs());
        String legacy = MapText.legacy(info.addrs());
        f.put("addr", legacy).put("public_addr", legacy);
        f.put("priority", info.priority()).put("weight", info.weight());
        f.put("crush_location", location(info));
    }
}
