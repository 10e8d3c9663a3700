package io.spirula.osd.peering;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Since when a group has been in its state and in each of the states around that one, and how it came there. Ceph: NamedState's enter_time, PGStateHistory. */
final class PeeringTimes {
    private static final int REMEMBERED_TRANSITIONS = 64;

    private final ArrayDeque<PgPeering.Transition> transitions = new ArrayDeque<>();
    /** From the outermost state to the innermost. */
    private final LinkedHashMap<String, Instant> entered = new LinkedHashMap<>();

    void changed(int epoch, PeeringState from, PeeringState to, Instant now) {
        if (from.cephName().equals(to.cephName())) {
            return;
        }
        transitions.addLast(new PgPeering.Transition(epoch, from.cephName(), to.cephName(), now));
        if (transitions.size() > REMEMBERED_TRANSITIONS) {
            transitions.removeFirst();
        }
        Map<String, Instant> before = new LinkedHashMap<>(entered);
        entered.clear();
        for (String name : around(to.cephName())) {
            entered.put(name, before.getOrDefault(name, now));
        }
        entered.put(to.cephName(), now);
    }

    /** A state's name and those of the states around it, outermost first. */
    private static List<String> around(String name) {
        List<String> names = new java.util.ArrayList<>();
        for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
            names.add(name.substring(0, slash));
        }
        names.add(name);
        return names;
    }

    /** When the state was entered; the epoch's beginning for one that the group is not in. */
    Instant of(String name) {
        return entered.getOrDefault(name, Instant.EPOCH);
    }

    List<PgPeering.Transition> transitions() {
        return List.copyOf(transitions);
    }
}
