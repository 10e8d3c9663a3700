package io.spirula.crush;

import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;

/**
 * The writer of a map's text form, to the byte as {@code crushtool -d} prints it. Ceph: CrushCompiler::decompile.
 */
public final class CrushDecompiler {
    private final CrushContent map;
    private final StringBuilder out = new StringBuilder();

    private CrushDecompiler(CrushContent map) {
        this.map = map;
    }

    /** The text; it ends early where the map contradicts itself, as stock's does. */
    public static String decompile(CrushContent map) {
        CrushDecompiler decompiler = new CrushDecompiler(map);
        decompiler.all();
        return decompiler.out.toString();
    }

    private void all() {
        out.append("# begin crush map\n");
        tunables();
        out.append("\n# devices\n");
        map.itemNames.subMap(0, map.maxDevices()).forEach((id, name) -> {
            out.append("device ").append(id).append(' ').append(name);
            String deviceClass = map.itemClass(id);
            if (deviceClass != null) {
                out.append(" class ").append(deviceClass);
            }
            out.append('\n');
        });
        types();
        out.append("\n# buckets\n");
        Set<Integer> inProgress = new HashSet<>();
        Set<Integer> done = new HashSet<>();
        for (Bucket bucket : map.buckets()) {
            if (!bucketsBelow(bucket.id(), inProgress, done)) {
                return;
            }
        }
        out.append("\n# rules\n");
        for (int number = 0; number < map.maxRules(); number++) {
            Rule rule = map.rule(number);
            if (rule != null && !rule(number, rule)) {
                return;
            }
        }
        chooseArgs();
        out.append("\n# end crush map\n");
    }

    /** Those that differ from the oldest. */
    private void tunables() {
        Tunables t = map.tunables();
        Tunables legacy = Tunables.legacy();
        tunable("choose_local_tries", t.chooseLocalTries(), legacy.chooseLocalTries());
        tunable("choose_local_fallback_tries", t.chooseLocalFallbackTries(), legacy.chooseLocalFallbackTries());
        tunable("choose_total_tries", t.chooseTotalTries(), legacy.chooseTotalTries());
        tunable("chooseleaf_descend_once", t.chooseleafDescendOnce(), 0);
        tunable("chooseleaf_vary_r", t.chooseleafVaryR(), 0);
        tunable("chooseleaf_stable", t.chooseleafStable(), 0);
        tunable("straw_calc_version", t.strawCalcVersion(), 0);
        if (t.allowedBucketAlgs() != legacy.allowedBucketAlgs()) {
            out.append("tunable allowed_bucket_algs ")
                    .append(Integer.toUnsignedString(t.allowedBucketAlgs()))
                    .append('\n');
        }
    }

    private void tunable(String name, int value, int legacy) {
        if (value != legacy) {
            out.append("tunable ").append(name).append(' ').append(value).append('\n');
        }
    }

    private void types() {
        out.append("\n# types\n");
        if (map.typeName(0) == null && !map.typeNames.isEmpty()) {
            out.append("type 0 osd\n");
        }
        map.typeNames
                .tailMap(0, true)
                .forEach((id, name) ->
                        out.append("type ").append(id).append(' ').append(name).append('\n'));
    }

    /** A bucket after those it has, each once; false for a cycle. */
    private boolean bucketsBelow(int id, Set<Integer> inProgress, Set<Integer> done) {
        Bucket bucket = map.bucket(id);
        if (bucket == null || done.contains(id)) {
            return true;
        }
        if (!inProgress.add(id)) {
            return false;
        }
        for (int item : bucket.items) {
            if (item < 0 && !bucketsBelow(item, inProgress, done)) {
                return false;
            }
        }
        if (!map.isShadow(id)) {
            bucket(bucket);
        }
        done.add(id);
        return true;
    }

    private void bucket(Bucket bucket) {
        out.append(typeName(bucket.type())).append(' ').append(itemName(bucket.id()));
        out.append(" {\n\tid ").append(bucket.id()).append("\t\t# do not change unnecessarily\n");
        NavigableMap<Integer, Integer> shadows = map.classBuckets.get(bucket.id());
        if (shadows != null) {
            shadows.forEach((classId, shadow) -> out.append("\tid ")
                    .append(shadow)
                    .append(" class ")
                    .append(map.className(classId))
                    .append("\t\t# do not change unnecessarily\n"));
        }
        out.append("\t# weight ").append(FixedPoint.text(bucket.weight()));
        out.append("\n\talg ").append(bucket.algorithm().label());
        boolean positions = false;
        switch (bucket.algorithm()) {
            case UNIFORM -> {
                out.append("\t# do not change bucket size (")
                        .append(bucket.size())
                        .append(") unnecessarily");
                positions = true;
            }
            case LIST -> out.append("\t# add new items at the end; do not change order unnecessarily");
            case TREE -> {
                out.append("\t# do not change pos for existing items unnecessarily");
                positions = true;
            }
            case STRAW, STRAW2 -> {}
        }
        out.append("\n\thash ").append(bucket.hash()).append("\t# ");
        out.append(bucket.hash() == CrushHash.RJENKINS1 ? "rjenkins1" : "unknown")
                .append('\n');
        for (int i = 0; i < bucket.size(); i++) {
            out.append("\titem ").append(itemName(bucket.item(i)));
            out.append(" weight ").append(FixedPoint.text(bucket.itemWeight(i)));
            if (positions) {
                out.append(" pos ").append(i);
            }
            out.append('\n');
        }
        out.append("}\n");
    }

    private String typeName(int type) {
        String name = map.typeName(type);
        if (name != null) {
            return name;
        }
        return type == 0 ? "device" : "type" + type;
    }

    private String itemName(int item) {
        String name = map.itemName(item);
        if (name != null) {
            return name;
        }
        return item >= 0 ? "device" + item : "bucket" + (-1 - item);
    }

    private boolean rule(int number, Rule rule) {
        String name = map.ruleName(number);
        out.append("rule ")
                .append(name == null ? "" : name)
                .append(" {\n\tid ")
                .append(number)
                .append('\n');
        if (rule.ruleset() != number) {
            out.append("\t# WARNING: ruleset ")
                    .append(rule.ruleset())
                    .append(" != id ")
                    .append(number);
            out.append("; this will not recompile to the same map\n");
        }
        String type = switch (rule.type()) {
            case Rule.REPLICATED -> "replicated";
            case Rule.ERASURE -> "erasure";
            default -> Integer.toString(rule.type());
        };
        out.append("\ttype ").append(type);
        out.append("\n\tmin_size ").append(rule.minSize());
        out.append("\n\tmax_size ").append(rule.maxSize()).append('\n');
        for (RuleStep step : rule.steps()) {
            if (!step(step)) {
                return false;
            }
        }
        out.append("}\n");
        return true;
    }

    private boolean step(RuleStep step) {
        switch (step.op()) {
            case RuleStep.NOOP -> out.append("\tstep noop\n");
            case RuleStep.TAKE -> {
                out.append("\tstep take ");
                CrushContent.ClassifiedItem taken = map.unshadowed(step.arg1());
                if (taken == null) {
                    return false;
                }
                out.append(itemName(taken.item()));
                if (taken.classId() >= 0) {
                    out.append(" class ").append(map.className(taken.classId()));
                }
                out.append('\n');
            }
            case RuleStep.EMIT -> out.append("\tstep emit\n");
            case RuleStep.SET_CHOOSE_TRIES -> set("choose_tries", step);
            case RuleStep.SET_CHOOSE_LOCAL_TRIES -> set("choose_local_tries", step);
            case RuleStep.SET_CHOOSE_LOCAL_FALLBACK_TRIES -> set("choose_local_fallback_tries", step);
            case RuleStep.SET_CHOOSELEAF_TRIES -> set("chooseleaf_tries", step);
            case RuleStep.SET_CHOOSELEAF_VARY_R -> set("chooseleaf_vary_r", step);
            case RuleStep.SET_CHOOSELEAF_STABLE -> set("chooseleaf_stable", step);
            case RuleStep.CHOOSE_FIRSTN -> choose("choose firstn ", step);
            case RuleStep.CHOOSE_INDEP -> choose("choose indep ", step);
            case RuleStep.CHOOSELEAF_FIRSTN -> choose("chooseleaf firstn ", step);
            case RuleStep.CHOOSELEAF_INDEP -> choose("chooseleaf indep ", step);
            default -> {
                // Ceph prints nothing for what it does not know.
            }
        }
        return true;
    }

    private void set(String what, RuleStep step) {
        out.append("\tstep set_").append(what).append(' ').append(step.arg1()).append('\n');
    }

    private void choose(String how, RuleStep step) {
        out.append("\tstep ").append(how).append(step.arg1()).append(" type ");
        out.append(typeName(step.arg2())).append('\n');
    }

    private void chooseArgs() {
        if (map.chooseArgs.isEmpty()) {
            return;
        }
        out.append("\n# choose_args\n");
        map.chooseArgs.forEach((pool, args) -> {
            out.append("choose_args ").append(Long.toUnsignedString(pool)).append(" {\n");
            for (Map.Entry<Integer, ChooseArg> entry : args.byIndex().entrySet()) {
                out.append("  {\n    bucket_id ").append(-1 - entry.getKey()).append('\n');
                chooseArg(entry.getValue());
                out.append("  }\n");
            }
            out.append("}\n");
        });
    }

    private void chooseArg(ChooseArg arg) {
        if (arg.weightSets().length > 0) {
            out.append("    weight_set [\n");
            for (int[] weights : arg.weightSets()) {
                out.append("      [ ");
                for (int weight : weights) {
                    out.append(FixedPoint.text(weight)).append(' ');
                }
                out.append("]\n");
            }
            out.append("    ]\n");
        }
        if (arg.ids().length > 0) {
            out.append("    ids [ ");
            for (int id : arg.ids()) {
                out.append(id).append(' ');
            }
            out.append("]\n");
        }
    }
}
