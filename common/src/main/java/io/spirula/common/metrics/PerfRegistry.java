package io.spirula.common.metrics;

import io.spirula.common.command.Json;
import java.util.TreeMap;

/** All performance counters of one daemon. Ceph: PerfCountersCollection. */
public final class PerfRegistry {
    private final TreeMap<String, PerfCounters> groups = new TreeMap<>();

    public void add(PerfCounters counters) {
        groups.put(counters.name(), counters);
    }

    /** The values of all, of one group, or of one counter in it; empty names mean all. */
    public Json dump(String group, String counter) {
        Json json = Json.object();
        groups.forEach((name, counters) -> {
            if (group.isEmpty() || group.equals(name)) {
                json.put(name, counters.dump(counter));
            }
        });
        return json;
    }

    public Json schema() {
        Json json = Json.object();
        groups.forEach((name, counters) -> json.put(name, counters.schema()));
        return json;
    }

    /** Starts counting anew, all groups or the named one. False if there is no such group. */
    public boolean reset(String name) {
        PerfCounters one = groups.get(name);
        if (name.equals("all")) {
            groups.values().forEach(PerfCounters::reset);
        } else if (one != null) {
            one.reset();
        }
        return one != null || name.equals("all");
    }
}
