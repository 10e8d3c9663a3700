package io.spirula.tools.vstart;

import java.util.ArrayList;
import java.util.List;

/**
 * What a new cluster shall be made of.
 *
 * @param auth {@code cephx} or {@code none}
 * @param port the first monitor's; the next ones follow
 * @param objectStore {@code rocks} or {@code memory}
 */
record ClusterPlan(int monitors, int osds, String auth, int port, String objectStore) {
    static String monitorName(int index) {
        return "mon." + (char) ('a' + index);
    }

    List<String> daemons() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < monitors; i++) {
            names.add(monitorName(i));
        }
        for (int i = 0; i < osds; i++) {
            names.add("osd." + i);
        }
        return names;
    }
}
