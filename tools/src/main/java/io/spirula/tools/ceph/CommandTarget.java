package io.spirula.tools.ceph;

import java.util.List;

/** Whom a command goes to. */
sealed interface CommandTarget {
    /** The monitors together, or, where there is a name, that one itself. */
    record Monitor(String name) implements CommandTarget {}

    /** The active manager. */
    record Mgr() implements CommandTarget {}

    record Osd(int id) implements CommandTarget {}

    /** The primary of a placement group. */
    record PlacementGroup(String pgId) implements CommandTarget {}

    /** Every daemon of a kind. */
    record All(String service) implements CommandTarget {}

    CommandTarget MONITORS = new Monitor("");

    /** Told by the words alone, before any description is there. Throws ArgumentError where {@code tell} names nobody. */
    static CommandTarget of(List<String> words) throws ArgumentError {
        if (words.size() >= 2 && words.get(0).equals("tell")) {
            return told(words.get(1));
        }
        // pg PGID COMMAND goes to the group itself; pg COMMAND PGID is the monitors' or the manager's.
        if (words.size() >= 2 && words.get(0).equals("pg") && words.get(1).matches("\\d+\\.[0-9a-fA-F]+")) {
            return new PlacementGroup(words.get(1));
        }
        return MONITORS;
    }

    private static CommandTarget told(String name) throws ArgumentError {
        int dot = name.indexOf('.');
        String service = dot < 0 ? name : name.substring(0, dot);
        String id = dot < 0 ? "" : name.substring(dot + 1);
        if (name.matches("\\d+\\.[0-9a-fA-F]+")) {
            return new PlacementGroup(name);
        }
        if (id.equals("*") && List.of("osd", "mon").contains(service)) {
            return new All(service);
        }
        return switch (service) {
            case "mon" -> new Monitor(id);
            case "mgr" -> new Mgr();
            case "osd" -> {
                if (!id.matches("\\d{1,9}")) {
                    throw new ArgumentError(ArgumentError.Kind.INVALID, "osd id " + id + " not integer");
                }
                yield new Osd(Integer.parseInt(id));
            }
            default -> throw new ArgumentError(ArgumentError.Kind.INVALID, "unknown type " + service);
        };
    }
}
