package io.spirula.tools.vstart;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/** The words behind {@code vstart}: a verb, the folder, and what the verb takes. */
record VstartArguments(String verb, ClusterFolder folder, List<String> daemons, Map<String, String> options) {
    static final String USAGE = """
        usage: vstart start --dir D [--mons 1] [--osds 3] [--auth cephx|none] [--port P] [--objectstore rocks|memory]
               vstart start|stop --dir D NAME...      only these daemons: mon.a, osd.0, ...
               vstart status|stop|restart|destroy --dir D

        A cluster in one folder, each daemon a process. D/ceph.conf and D/keyring serve our programs and stock ones alike.
        """;

    private static final List<String> VERBS = List.of("start", "stop", "restart", "status", "destroy");
    private static final List<String> OPTIONS = List.of("mons", "osds", "auth", "port", "objectstore");
    private static final int MOST_DAEMONS = 26;

    /** Throws VstartException for words that vstart does not take. */
    static VstartArguments parse(String[] args) {
        if (args.length == 0 || !VERBS.contains(args[0])) {
            throw new VstartException(USAGE.stripTrailing());
        }
        String dir = null;
        List<String> daemons = new ArrayList<>();
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 1; i < args.length; i++) {
            String word = args[i];
            if (!word.startsWith("--")) {
                daemons.add(word);
                continue;
            }
            int equals = word.indexOf('=');
            String name = word.substring(2, equals < 0 ? word.length() : equals);
            if (equals < 0 && i + 1 == args.length) {
                throw new VstartException("vstart: --" + name + " needs a value");
            }
            String value = equals < 0 ? args[++i] : word.substring(equals + 1);
            if (name.equals("dir")) {
                dir = value;
            } else if (OPTIONS.contains(name) && args[0].equals("start")) {
                options.put(name, value);
            } else {
                throw new VstartException(
                        "vstart: no option --" + name + " for " + args[0] + "\n" + USAGE.stripTrailing());
            }
        }
        if (dir == null) {
            throw new VstartException("vstart: --dir says which folder the cluster lives in");
        }
        Path root = Path.of(dir).toAbsolutePath().normalize();
        return new VstartArguments(args[0], new ClusterFolder(root), daemons, options);
    }

    /**
     * What a new cluster is made of. Throws VstartException for values out of range.
     *
     * @param freePorts finds the first of so many free ports in a row
     */
    ClusterPlan plan(IntUnaryOperator freePorts) {
        String auth = options.getOrDefault("auth", "cephx");
        String store = options.getOrDefault("objectstore", "rocks");
        if (!List.of("cephx", "none").contains(auth)) {
            throw new VstartException("vstart: --auth is cephx or none, not " + auth);
        }
        if (!List.of("rocks", "memory").contains(store)) {
            throw new VstartException("vstart: --objectstore is rocks or memory, not " + store);
        }
        int monitors = number("mons", 1, 1, MOST_DAEMONS);
        int osds = number("osds", 3, 0, 1000);
        int fallback = options.containsKey("port") ? 1 : freePorts.applyAsInt(monitors);
        return new ClusterPlan(monitors, osds, auth, number("port", fallback, 1, 65535 - monitors), store);
    }

    private int number(String option, int fallback, int least, int most) {
        @Nullable String text = options.get(option);
        try {
            int value = text == null ? fallback : Integer.parseInt(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // said below, as for a number out of range
        }
        throw new VstartException(
                "vstart: --" + option + " is a number from " + least + " to " + most + ", not " + text);
    }
}
