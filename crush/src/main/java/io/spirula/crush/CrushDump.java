package io.spirula.crush;

import java.util.Objects;

/** The structured dump of a map, with Ceph's names and order. Ceph: CrushWrapper::dump. */
public final class CrushDump {
    private final CrushContent map;
    private final DumpSink out;

    public CrushDump(CrushContent map, DumpSink out) {
        this.map = map;
        this.out = out;
    }

    /** The members of the object that a whole map is. */
    public void all() {
        out.openArray("devices");
        for (int id = 0; id < map.maxDevices(); id++) {
            out.openObject("device");
            out.put("id", id);
            out.put("name", Objects.requireNonNullElse(map.itemName(id), "device" + id));
            String deviceClass = map.itemClass(id);
            if (deviceClass != null) {
                out.put("class", deviceClass);
            }
            out.close();
        }
        out.close();
        types();
        out.openArray("buckets");
        map.buckets().forEach(this::bucket);
        out.close();
        out.openArray("rules");
        rules();
        out.close();
        out.openObject("tunables");
        tunables();
        out.close();
        chooseArgs();
    }

    private void types() {
        out.openArray("types");
        if (map.typeName(0) == null && !map.typeNames.isEmpty()) {
            type(0, "device");
        }
        map.typeNames.tailMap(0, true).forEach(this::type);
        out.close();
    }

    private void type(int id, String name) {
        out.openObject("type");
        out.put("type_id", id);
        out.put("name", name);
        out.close();
    }

    private void bucket(Bucket bucket) {
        out.openObject("bucket");
        out.put("id", bucket.id());
        putIfNamed("name", map.itemName(bucket.id()));
        out.put("type_id", bucket.type());
        putIfNamed("type_name", map.typeName(bucket.type()));
        out.put("weight", bucket.weight());
        out.put("alg", bucket.algorithm().label());
        out.put("hash", bucket.hash() == CrushHash.RJENKINS1 ? "rjenkins1" : "unknown");
        out.openArray("items");
        for (int i = 0; i < bucket.size(); i++) {
            out.openObject("item");
            out.put("id", bucket.item(i));
            out.put("weight", bucket.itemWeight(i));
            out.put("pos", i);
            out.close();
        }
        out.close();
        out.close();
    }

    private void putIfNamed(String key, @org.jspecify.annotations.Nullable String name) {
        if (name != null) {
            out.put(key, name);
        }
    }

    /** The elements of an array of all rules. */
    public void rules() {
        for (int number = 0; number < map.maxRules(); number++) {
            if (map.rule(number) != null) {
                rule(number);
            }
        }
    }

    /** One rule that exists, as an object. */
    public void rule(int number) {
        Rule rule = Objects.requireNonNull(map.rule(number));
        out.openObject("rule");
        out.put("rule_id", number);
        putIfNamed("rule_name", map.ruleName(number));
        out.put("ruleset", rule.ruleset());
        out.put("type", rule.type());
        out.put("min_size", rule.minSize());
        out.put("max_size", rule.maxSize());
        out.openArray("steps");
        rule.steps().forEach(this::step);
        out.close();
        out.close();
    }

    private void step(RuleStep step) {
        out.openObject("step");
        switch (step.op()) {
            case RuleStep.NOOP -> out.put("op", "noop");
            case RuleStep.TAKE -> {
                out.put("op", "take");
                out.put("item", step.arg1());
                out.put("item_name", Objects.requireNonNullElse(map.itemName(step.arg1()), ""));
            }
            case RuleStep.EMIT -> out.put("op", "emit");
            case RuleStep.CHOOSE_FIRSTN -> choose("choose_firstn", step);
            case RuleStep.CHOOSE_INDEP -> choose("choose_indep", step);
            case RuleStep.CHOOSELEAF_FIRSTN -> choose("chooseleaf_firstn", step);
            case RuleStep.CHOOSELEAF_INDEP -> choose("chooseleaf_indep", step);
            case RuleStep.SET_CHOOSE_TRIES -> set("set_choose_tries", step);
            case RuleStep.SET_CHOOSELEAF_TRIES -> set("set_chooseleaf_tries", step);
            default -> {
                out.put("opcode", step.op());
                out.put("arg1", step.arg1());
                out.put("arg2", step.arg2());
            }
        }
        out.close();
    }

    private void choose(String op, RuleStep step) {
        set(op, step);
        out.put("type", Objects.requireNonNullElse(map.typeName(step.arg2()), ""));
    }

    private void set(String op, RuleStep step) {
        out.put("op", op);
        out.put("num", step.arg1());
    }

    /** The members of the object that the tunables are. */
    public void tunables() {
        Tunables t = map.tunables();
        out.put("choose_local_tries", t.chooseLocalTries());
        out.put("choose_local_fallback_tries", t.chooseLocalFallbackTries());
        out.put("choose_total_tries", t.chooseTotalTries());
        out.put("chooseleaf_descend_once", t.chooseleafDescendOnce());
        out.put("chooseleaf_vary_r", t.chooseleafVaryR());
        out.put("chooseleaf_stable", t.chooseleafStable());
        out.put("straw_calc_version", t.strawCalcVersion());
        out.put("allowed_bucket_algs", Integer.toUnsignedLong(t.allowedBucketAlgs()));
        out.put("profile", t.profile().map(Tunables.Profile::label).orElse("unknown"));
        flag("optimal_tunables", t.with(Tunables.Profile.JEWEL).equals(t));
        flag("legacy_tunables", t.with(Tunables.Profile.ARGONAUT).equals(t));
        out.put("minimum_required_version", CrushFeatures.minimumRequiredVersion(map));
        flag("require_feature_tunables", CrushFeatures.hasNondefaultTunables(t));
        flag("require_feature_tunables2", CrushFeatures.hasNondefaultTunables2(t));
        flag("has_v2_rules", CrushFeatures.hasV2Rules(map));
        flag("require_feature_tunables3", CrushFeatures.hasNondefaultTunables3(t));
        flag("has_v3_rules", CrushFeatures.hasV3Rules(map));
        flag("has_v4_buckets", CrushFeatures.hasV4Buckets(map));
        flag("require_feature_tunables5", CrushFeatures.hasNondefaultTunables5(t));
        flag("has_v5_rules", CrushFeatures.hasV5Rules(map));
    }

    private void flag(String name, boolean value) {
        out.put(name, value ? 1 : 0);
    }

    /** The choose_args, as an object of that name. */
    public void chooseArgs() {
        out.openObject("choose_args");
        map.chooseArgs.forEach((pool, args) -> {
            out.openArray(Long.toString(pool));
            args.byIndex().forEach((index, arg) -> {
                out.openObject("choose_args");
                out.put("bucket_id", -1 - index);
                chooseArg(arg);
                out.close();
            });
            out.close();
        });
        out.close();
    }

    private void chooseArg(ChooseArg arg) {
        if (arg.weightSets().length > 0) {
            out.openArray("weight_set");
            for (int[] weights : arg.weightSets()) {
                out.openArray("weights");
                for (int weight : weights) {
                    out.put("weight", (double) (Integer.toUnsignedLong(weight) / 65536f));
                }
                out.close();
            }
            out.close();
        }
        if (arg.ids().length > 0) {
            out.openArray("ids");
            for (int id : arg.ids()) {
                out.put("id", id);
            }
            out.close();
        }
    }
}
