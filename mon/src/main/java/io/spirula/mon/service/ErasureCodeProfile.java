package io.spirula.mon.service;

import io.spirula.common.command.Refusal;
import io.spirula.common.types.Errno;
import io.spirula.crush.CrushEditException;
import io.spirula.crush.CrushEditor;
import io.spirula.crush.Rule;
import io.spirula.crush.RuleStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * An erasure code's profile with all defaults filled in and every limit of its plugin held. Source: the plugins' init in erasure-code/{jerasure,isa,shec,clay,lrc}.
 *
 * @param values as {@code osd erasure-code-profile get} shows them
 * @param chunks how many chunks an object becomes
 */
record ErasureCodeProfile(NavigableMap<String, String> values, int chunks) {
    private static final List<String> JERASURE = List.of(
            "reed_sol_van", "reed_sol_r6_op", "cauchy_orig", "cauchy_good", "liberation", "blaum_roth", "liber8tion");
    private static final List<String> PRIMES_BELOW_33 =
            List.of("3", "5", "7", "11", "13", "17", "19", "23", "29", "31");
    /** Ceph's own errors of the lrc plugin start behind Linux's. */
    private static final int LRC_ALL_OR_NOTHING = Errno.MAX_ERRNO + 17;

    private static final int LRC_K_M_MODULO = Errno.MAX_ERRNO + 19;
    private static final int LRC_K_MODULO = Errno.MAX_ERRNO + 20;
    private static final int LRC_M_MODULO = Errno.MAX_ERRNO + 21;

    /** Throws {@link Refusal} for what the plugin refuses. */
    static ErasureCodeProfile of(Map<String, String> given) {
        TreeMap<String, String> values = new TreeMap<>(given);
        String shown = shown(values);
        String plugin = values.getOrDefault("plugin", "");
        if (plugin.isEmpty()) {
            throw new Refusal(
                    Errno.EINVAL,
                    "cannot determine the erasure code plugin because there is no 'plugin' entry in the"
                            + " erasure_code_profile " + shown);
        }
        orDefault(values, "crush-root", "default");
        orDefault(values, "crush-failure-domain", "host");
        values.putIfAbsent("crush-device-class", "");
        ErasureCodeProfile profile = switch (plugin) {
            case "jerasure" -> jerasure(values);
            case "isa" -> isa(values);
            case "shec" -> shec(values);
            case "clay" -> clay(values);
            case "lrc" -> lrc(values, shown);
            default -> throw new Refusal(Errno.EIO, "there is no erasure code plugin '" + plugin + "'");
        };
        profile.checkStripeUnit();
        return profile;
    }

    /** {@code {k=2,m=1}}. */
    static String shown(Map<String, String> values) {
        StringBuilder out = new StringBuilder("{");
        values.forEach((k, v) ->
                out.append(out.length() > 1 ? "," : "").append(k).append('=').append(v));
        return out.append('}').toString();
    }

    private static void orDefault(TreeMap<String, String> values, String key, String fallback) {
        values.merge(key, fallback, (old, f) -> old.isEmpty() ? f : old);
    }

    private static int number(TreeMap<String, String> values, String key, int fallback) {
        orDefault(values, key, Integer.toString(fallback));
        String text = values.getOrDefault(key, "");
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw refused("could not convert " + key + "=" + text
                    + " to int because Expected option value to be integer, got '" + text + "', set to default "
                    + fallback);
        }
    }

    private static Refusal refused(String text) {
        return new Refusal(Errno.EINVAL, text);
    }

    private static void checkCounts(int k, int m) {
        if (k < 2) {
            throw refused("k=" + k + " must be >= 2");
        }
        if (m < 1) {
            throw refused("m=" + m + " must be >= 1");
        }
    }

    private static String technique(TreeMap<String, String> values, List<String> known, String shownAs) {
        orDefault(values, "technique", known.get(0));
        String technique = values.getOrDefault("technique", "");
        if (!known.contains(technique)) {
            throw new Refusal(
                    Errno.ENOENT,
                    "technique=" + technique + " is not a valid coding technique.  Choose one of the following: "
                            + shownAs);
        }
        return technique;
    }

    private static ErasureCodeProfile jerasure(TreeMap<String, String> values) {
        String technique = technique(values, JERASURE, String.join(", ", JERASURE));
        boolean raid6 = !technique.equals("reed_sol_van") && !technique.startsWith("cauchy");
        boolean bits = technique.equals("liberation") || technique.startsWith("bl") || technique.equals("liber8tion");
        int k = number(values, "k", raid6 && bits ? 2 : 7);
        int m = number(values, "m", raid6 ? 2 : 3);
        int w = number(values, "w", technique.equals("liberation") || technique.equals("blaum_roth") ? 7 : 8);
        if (values.containsKey("mapping")) {
            throw refused("mapping " + values.get("mapping") + " maps "
                    + 2 * values.getOrDefault("mapping", "").length() + " chunks instead of the expected " + (k + m)
                    + " and will be ignored");
        }
        checkCounts(k, m);
        if (technique.startsWith("reed_sol")) {
            checkWord(w, technique.equals("reed_sol_van") ? "ReedSolomonVandermonde" : "ReedSolomonRAID6");
        } else {
            int packet = number(values, "packetsize", 2048);
            if (bits) {
                checkBitMatrix(technique, k, w, packet);
            } else {
                checkWord(w, "Cauchy");
            }
        }
        if (!raid6) {
            orDefault(values, "jerasure-per-chunk-alignment", "false");
        }
        return new ErasureCodeProfile(values, k + m);
    }

    private static void checkWord(int w, String who) {
        if (w != 8 && w != 16 && w != 32) {
            throw refused(who + ": w=" + w + " must be one of {8, 16, 32} : revert to 8");
        }
    }

    private static void checkBitMatrix(String technique, int k, int w, int packet) {
        if (k > w) {
            throw refused("k=" + k + " must be less than or equal to w=" + w);
        }
        if (technique.equals("liberation") && !PRIMES_BELOW_33.contains(Integer.toString(w))) {
            throw refused("w=" + w + " must be greater than two and be prime");
        }
        // 7 was a default once, and stays allowed although 8 is no prime.
        if (technique.equals("blaum_roth") && w != 7 && !PRIMES_BELOW_33.contains(Integer.toString(w + 1))) {
            throw refused("w=" + w + " must be greater than two and w+1 must be prime");
        }
        if (technique.equals("liber8tion") && w != 8) {
            throw refused("w must be 8 for liber8tion");
        }
        if (packet == 0) {
            throw refused("packetsize=" + packet + " must be set");
        }
        if (packet % 4 != 0) {
            throw refused("packetsize=" + packet + " must be a multiple of sizeof(int) = 4");
        }
    }

    private static ErasureCodeProfile isa(TreeMap<String, String> values) {
        String technique = technique(values, List.of("reed_sol_van", "cauchy"), "reed_sol_van,cauchy");
        int k = number(values, "k", 7);
        int m = number(values, "m", 3);
        checkCounts(k, m);
        if (technique.equals("reed_sol_van")) {
            if (k > 32) {
                throw refused("Vandermonde: k=" + k + " should be less/equal than 32 : revert to k=32");
            }
            if (m > 4) {
                throw refused(
                        "Vandermonde: m=" + m + " should be less than 5 to guarantee an MDS codec: revert to m=4");
            }
            if (m == 4 && k > 21) {
                throw refused("Vandermonde: k=" + k
                        + " should be less than 22 to guarantee an MDS codec with m=4: revert to k=21");
            }
        }
        return new ErasureCodeProfile(values, k + m);
    }

    private static ErasureCodeProfile shec(TreeMap<String, String> values) {
        technique(values, List.of("multiple", "single"), "single, multiple");
        int k = number(values, "k", 4);
        int m = number(values, "m", 3);
        int c = number(values, "c", 2);
        if (k <= 0 || m <= 0 || c <= 0 || m < c || k > 12 || k + m > 20 || k < m) {
            throw refused("(22) Invalid argument");
        }
        return new ErasureCodeProfile(values, k + m);
    }

    private static ErasureCodeProfile clay(TreeMap<String, String> values) {
        int k = number(values, "k", 4);
        int m = number(values, "m", 2);
        checkCounts(k, m);
        int d = number(values, "d", k + m - 1);
        if (d < k || d > k + m - 1) {
            throw refused("value of d " + d + " must be within [ " + k + "," + (k + m - 1) + "]");
        }
        return new ErasureCodeProfile(values, k + m);
    }

    private static ErasureCodeProfile lrc(TreeMap<String, String> values, String shown) {
        boolean k = values.containsKey("k");
        boolean m = values.containsKey("m");
        boolean l = values.containsKey("l");
        if (!k && !m && !l) {
            String mapping = values.get("mapping");
            if (mapping == null || !values.containsKey("layers")) {
                throw refused("could not find '" + (mapping == null ? "layers" : "mapping") + "' in " + shown);
            }
            return new ErasureCodeProfile(values, mapping.length());
        }
        if (!k || !m || !l) {
            throw new Refusal(LRC_ALL_OR_NOTHING, "All of k, m, l must be set or none of them in " + shown);
        }
        int data = number(values, "k", 2);
        int parities = number(values, "m", 1);
        int local = number(values, "l", 1);
        if (local <= 0 || (data + parities) % local != 0) {
            throw new Refusal(LRC_K_M_MODULO, "k + m must be a multiple of l in " + shown);
        }
        int groups = (data + parities) / local;
        if (data % groups != 0) {
            throw new Refusal(LRC_K_MODULO, "k must be a multiple of (k + m) / l in " + shown);
        }
        if (parities % groups != 0) {
            throw new Refusal(LRC_M_MODULO, "m must be a multiple of (k + m) / l in " + shown);
        }
        return new ErasureCodeProfile(values, data + parities + groups);
    }

    /** A stripe's part for one chunk must be what the code works on, without padding. */
    private void checkStripeUnit() {
        String text = values.get("stripe_unit");
        if (text == null) {
            return;
        }
        long unit = StrictNumbers.bytes(text, "stripe_unit");
        long alignment = alignment();
        long padded = (unit + alignment - 1) / alignment * alignment;
        if (padded != unit) {
            throw refused("stripe_unit " + unit + " does not match ec profile alignment. Would be padded to " + padded);
        }
    }

    /** Of one chunk, in bytes. */
    private long alignment() {
        long word = Long.parseLong(values.getOrDefault("w", "8")) * 4;
        long packet = Long.parseLong(values.getOrDefault("packetsize", "1"));
        return switch (values.getOrDefault("plugin", "")) {
            case "isa", "clay", "lrc" -> 32;
            default -> word * packet % 16 == 0 ? word * packet : word * packet * 4;
        };
    }

    /** Adds a rule that places this code's chunks. */
    int addRule(CrushEditor editor, String name) {
        String root = values.getOrDefault("crush-root", "default");
        String domain = values.getOrDefault("crush-failure-domain", "host");
        String deviceClass = values.getOrDefault("crush-device-class", "");
        if (values.getOrDefault("plugin", "").equals("lrc")) {
            return addLayeredRule(editor, name, root, domain, deviceClass);
        }
        int number = editor.addSimpleRule(name, root, domain, deviceClass, "indep", Rule.ERASURE);
        editor.setRuleMaxSize(number, chunks);
        return number;
    }

    private int addLayeredRule(CrushEditor editor, String name, String root, String domain, String deviceClass) {
        Integer start = editor.itemId(deviceClass.isEmpty() ? root : root + "~" + deviceClass);
        if (start == null) {
            throw new CrushEditException(CrushEditException.Errno.ENOENT, "root item " + root + " does not exist");
        }
        int free = 0;
        while (editor.rule(free) != null || editor.rulesetExists(free)) {
            free++;
        }
        List<RuleStep> steps = new ArrayList<>();
        steps.add(RuleStep.set(RuleStep.SET_CHOOSELEAF_TRIES, 5));
        steps.add(RuleStep.set(RuleStep.SET_CHOOSE_TRIES, 100));
        steps.add(RuleStep.take(start));
        String locality = values.getOrDefault("crush-locality", "");
        int local = Integer.parseInt(values.getOrDefault("l", "0"));
        if (locality.isEmpty()) {
            steps.add(RuleStep.choose(RuleStep.CHOOSELEAF_INDEP, 0, type(editor, domain)));
        } else {
            steps.add(RuleStep.choose(RuleStep.CHOOSE_INDEP, chunks / (local + 1), type(editor, locality)));
            steps.add(RuleStep.choose(RuleStep.CHOOSELEAF_INDEP, local + 1, type(editor, domain)));
        }
        steps.add(RuleStep.emit());
        return editor.addRule(free, name, new Rule(free, Rule.ERASURE, 3, chunks, steps));
    }

    private static int type(CrushEditor editor, String name) {
        int type = editor.typeId(name);
        if (type < 0) {
            throw new CrushEditException(CrushEditException.Errno.EINVAL, "unknown crush type " + name);
        }
        return type;
    }
}
