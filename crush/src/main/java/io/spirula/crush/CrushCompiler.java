package io.spirula.crush;

import io.spirula.crush.Statement.BucketDefinition;
import io.spirula.crush.Statement.BucketId;
import io.spirula.crush.Statement.BucketItem;
import io.spirula.crush.Statement.ChooseArgDefinition;
import io.spirula.crush.Statement.ChooseArgsDefinition;
import io.spirula.crush.Statement.RuleDefinition;
import io.spirula.crush.Statement.Step;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The reader of a map's text form: what {@code crushtool -c} accepts becomes the same map, what it refuses is refused with
 * the same words. Ceph: CrushCompiler::compile.
 */
public final class CrushCompiler {
    private static final int MAX_DEVICE_WEIGHT = 100 * 0x10000;
    private static final int MAX_BUCKET_WEIGHT = 0xffff0000;
    private static final int MAX_RULES = 256;

    private final CrushEditor map = new CrushEditor(Tunables.legacy());
    private final Map<String, Integer> itemIds = new HashMap<>();
    private final Set<Integer> usedIds = new HashSet<>();
    private final Map<String, Integer> typeIds = new HashMap<>();
    private final Map<String, Integer> ruleIds = new HashMap<>();
    private final Map<Integer, Integer> bucketWeights = new HashMap<>();
    private final NavigableMap<Integer, NavigableMap<Integer, Integer>> shadowIds = new TreeMap<>();

    private CrushCompiler() {}

    /**
     * Compiles a map.
     *
     * @param fileName for messages
     * @throws CrushCompileException with a message for the user
     */
    public static CrushMap compile(String text, String fileName) {
        List<Statement> statements = new ArrayList<>(CrushSource.of(text).parse(fileName));
        orderBuckets(statements);
        return new CrushCompiler().compile(statements);
    }

    private CrushMap compile(List<Statement> statements) {
        for (Statement statement : statements) {
            if (statement instanceof BucketDefinition bucket) {
                bucket.ids().forEach(id -> usedIds.add(number(id.id())));
            }
        }
        boolean sawRule = false;
        for (Statement statement : statements) {
            switch (statement) {
                case Statement.Tunable tunable -> tunable(tunable);
                case Statement.Device device -> device(device);
                case Statement.Type type -> {
                    typeIds.put(type.name(), number(type.id()));
                    map.setTypeName(number(type.id()), type.name());
                }
                case BucketDefinition bucket -> {
                    if (sawRule) {
                        throw new CrushCompileException("buckets must be defined before rules");
                    }
                    bucket(bucket);
                }
                case RuleDefinition rule -> {
                    if (!sawRule) {
                        sawRule = true;
                        populateShadowTrees();
                    }
                    rule(rule);
                }
                case ChooseArgsDefinition args -> chooseArgs(args);
            }
        }
        return map.build();
    }

    /** Ceph goes on with the trees it got so far, if it cannot build them all. */
    private void populateShadowTrees() {
        try {
            map.classes().populate(shadowIds);
        } catch (CrushEditException partly) {
            // a rule that needs what is missing will be refused
        }
    }

    /** A bucket that is used before it is defined changes places with its user. Ceph: adjust_bucket_item_place. */
    private static void orderBuckets(List<Statement> statements) {
        List<String> names = new ArrayList<>();
        Map<String, Integer> places = new HashMap<>();
        Map<String, Set<String>> items = new HashMap<>();
        for (int i = 0; i < statements.size(); i++) {
            if (statements.get(i) instanceof BucketDefinition bucket) {
                names.add(bucket.name());
                places.put(bucket.name(), i);
                Set<String> own = items.computeIfAbsent(bucket.name(), n -> new HashSet<>());
                bucket.items().forEach(item -> own.add(item.name()));
            }
        }
        for (int i = 0; i < names.size(); i++) {
            for (int j = i + 1; j < names.size(); j++) {
                String a = names.get(i);
                String b = names.get(j);
                if (items.getOrDefault(a, Set.of()).contains(b)) {
                    if (items.getOrDefault(b, Set.of()).contains(a)) {
                        throw new CrushCompileException(
                                "bucket  '" + a + "' and bucket '" + b + "' are included each other");
                    }
                    java.util.Collections.swap(statements, places.getOrDefault(a, 0), places.getOrDefault(b, 0));
                }
            }
        }
    }

    private void tunable(Statement.Tunable tunable) {
        int value = number(tunable.value());
        Tunables t = map.tunables();
        map.setTunables(
                switch (tunable.name()) {
                    case "choose_local_tries" -> t.withChooseLocalTries(value);
                    case "choose_local_fallback_tries" -> t.withChooseLocalFallbackTries(value);
                    case "choose_total_tries" -> t.withChooseTotalTries(value);
                    case "chooseleaf_descend_once" -> t.withChooseleafDescendOnce(value);
                    case "chooseleaf_vary_r" -> t.withChooseleafVaryR(value);
                    case "chooseleaf_stable" -> t.withChooseleafStable(value);
                    case "straw_calc_version" -> t.withStrawCalcVersion(value);
                    case "allowed_bucket_algs" -> t.withAllowedBucketAlgs(value);
                    default -> throw new CrushCompileException("tunable " + tunable.name() + " not recognized");
                });
    }

    private void device(Statement.Device device) {
        int id = number(device.id());
        map.setItemName(id, device.name());
        if (itemIds.putIfAbsent(device.name(), id) != null) {
            throw new CrushCompileException("item " + device.name() + " defined twice");
        }
        usedIds.add(id);
        if (device.deviceClass() != null) {
            map.setItemClass(id, device.deviceClass());
        }
    }

    // ---- buckets

    private void bucket(BucketDefinition bucket) {
        Integer type = typeIds.get(bucket.type());
        if (type == null) {
            throw new CrushCompileException("bucket type '" + bucket.type() + "' is not defined");
        }
        if (itemIds.containsKey(bucket.name())) {
            throw new CrushCompileException("bucket or device '" + bucket.name() + "' is already defined");
        }
        NavigableMap<Integer, Integer> classIds = new TreeMap<>();
        int id = ids(bucket, classIds);
        BucketAlgorithm algorithm = BucketAlgorithm.ofLabel(bucket.algorithm())
                .orElseThrow(() -> new CrushCompileException("unknown bucket alg '" + bucket.algorithm() + "'\n"));
        int hash = 0;
        for (String word : bucket.hashes()) {
            hash = word.equals("rjenkins1") ? CrushHash.RJENKINS1 : number(word);
        }
        Items items = items(bucket, algorithm);
        if (id == 0) {
            do {
                id--;
            } while (usedIds.contains(id));
        }
        if (!classIds.isEmpty()) {
            shadowIds.computeIfAbsent(id, i -> new TreeMap<>()).putAll(classIds);
        }
        usedIds.add(id);
        itemIds.put(bucket.name(), id);
        bucketWeights.put(id, items.weight);
        try {
            map.addBucket(id, algorithm, type & 0xffff, hash & 0xff, items.ids, items.weights);
        } catch (CrushEditException e) {
            throw new CrushCompileException(
                    e.errno() == CrushEditException.Errno.EEXIST
                            ? "Duplicate bucket id " + id
                            : "add_bucket failed " + e.errno().text());
        }
        map.setItemName(id, bucket.name());
    }

    /** The bucket's own id (0 if it has none), and those of its shadows. */
    private int ids(BucketDefinition bucket, NavigableMap<Integer, Integer> classIds) {
        int id = 0;
        for (BucketId each : bucket.ids()) {
            if (each.deviceClass() == null) {
                id = number(each.id());
            } else if (classIds.putIfAbsent(map.classes().idOf(each.deviceClass()), number(each.id())) != null) {
                throw new CrushCompileException(
                        "duplicate device class " + each.deviceClass() + " for bucket " + bucket.name());
            }
        }
        return id;
    }

    private static final class Items {
        final int[] ids;
        final int[] weights;
        int weight;

        Items(int size) {
            ids = new int[size];
            weights = new int[size];
        }
    }

    private Items items(BucketDefinition bucket, BucketAlgorithm algorithm) {
        TreeSet<Integer> taken = new TreeSet<>();
        for (BucketItem item : bucket.items()) {
            if (item.position() != null && !taken.add(number(item.position()))) {
                throw new CrushCompileException("item '" + item.name() + "' in bucket '" + bucket.name()
                        + "' has explicit pos " + number(item.position()) + ", which is occupied");
            }
        }
        int size = bucket.items().size();
        if (!taken.isEmpty()) {
            size = Math.max(size, taken.last());
        }
        // A position that no item could have is found when its item is placed; until then it needs no memory.
        Items items = new Items(Math.min(size, bucket.items().size() + 1));
        int next = 0;
        Integer uniform = null;
        for (BucketItem item : bucket.items()) {
            Integer id = itemIds.get(item.name());
            String where = "item '" + item.name() + "' in bucket '" + bucket.name() + "'";
            if (id == null) {
                throw new CrushCompileException(where + " is not defined");
            }
            int weight = weight(item, id);
            if (algorithm == BucketAlgorithm.UNIFORM) {
                if (uniform != null && uniform != weight) {
                    throw new CrushCompileException("item '" + item.name() + "' in uniform bucket '" + bucket.name()
                            + "' has weight " + Integer.toUnsignedString(weight)
                            + " but previous item(s) have weight "
                            + CppFloat.text(Integer.toUnsignedLong(uniform) / 65536f)
                            + "; uniform bucket items must all have identical weights.");
                }
                uniform = weight;
            }
            int position = item.position() == null ? -1 : number(item.position());
            if (position >= size || position >= items.ids.length) {
                throw new CrushCompileException(where + " has pos " + position + " >= size " + size);
            }
            if (position < 0) {
                while (taken.contains(next)) {
                    next++;
                }
                position = next++;
            }
            items.ids[position] = id;
            items.weights[position] = weight;
            if (Integer.compareUnsigned(-1 - weight, items.weight) < 0) {
                throw new CrushCompileException(
                        "oh no! our bucket weights are overflowing all over the place, better lower the item weights");
            }
            items.weight += weight;
        }
        return items;
    }

    private int weight(BucketItem item, int id) {
        if (item.weight() == null) {
            return bucketWeights.getOrDefault(id, 0x10000);
        }
        int weight = fixedPoint(item.weight());
        if (id >= 0 && Integer.compareUnsigned(weight, MAX_DEVICE_WEIGHT) > 0) {
            throw new CrushCompileException("device weight limited to " + MAX_DEVICE_WEIGHT / 0x10000);
        }
        if (id < 0 && Integer.compareUnsigned(weight, MAX_BUCKET_WEIGHT) > 0) {
            throw new CrushCompileException("bucket weight limited to "
                    + Integer.divideUnsigned(MAX_BUCKET_WEIGHT, 0x10000) + " to prevent overflow");
        }
        return weight;
    }

    private static int fixedPoint(String real) {
        return (int) (long) (Float.parseFloat(real) * 65536f);
    }

    // ---- rules

    private void rule(RuleDefinition rule) {
        if (!rule.name().isEmpty() && ruleIds.containsKey(rule.name())) {
            throw new CrushCompileException("rule name '" + rule.name() + "' already defined\n");
        }
        int number = number(rule.id());
        if (map.rule(number) != null) {
            throw new CrushCompileException("rule " + number + " already exists");
        }
        if (number < 0 || (number >= map.maxRules() && map.maxRules() + 1 > MAX_RULES) || number > 1_000_000) {
            throw new CrushCompileException("unable to add rule id " + number + " for rule '" + rule.name() + "'");
        }
        List<RuleStep> steps = new ArrayList<>();
        for (Step step : rule.steps()) {
            steps.add(step(rule.name(), step));
        }
        int type = rule.type().equals("replicated") ? Rule.REPLICATED : Rule.ERASURE;
        map.addRule(
                number,
                rule.name().isEmpty() ? null : rule.name(),
                new Rule(number, type, number(rule.minSize()), number(rule.maxSize()), steps));
        if (!rule.name().isEmpty()) {
            ruleIds.put(rule.name(), number);
        }
    }

    private RuleStep step(String rule, Step step) {
        return switch (step) {
            case Step.Take take -> RuleStep.take(taken(rule, take));
            case Step.Emit emit -> RuleStep.emit();
            case Step.Set set -> {
                int op = switch (set.what()) {
                    case "set_choose_tries" -> RuleStep.SET_CHOOSE_TRIES;
                    case "set_choose_local_tries" -> RuleStep.SET_CHOOSE_LOCAL_TRIES;
                    case "set_choose_local_fallback_tries" -> RuleStep.SET_CHOOSE_LOCAL_FALLBACK_TRIES;
                    case "set_chooseleaf_tries" -> RuleStep.SET_CHOOSELEAF_TRIES;
                    case "set_chooseleaf_vary_r" -> RuleStep.SET_CHOOSELEAF_VARY_R;
                    default -> RuleStep.SET_CHOOSELEAF_STABLE;
                };
                yield RuleStep.set(op, number(set.value()));
            }
            case Step.Choose choose -> {
                Integer type = typeIds.get(choose.type());
                if (type == null) {
                    throw new CrushCompileException("in rule '" + rule + "' type '" + choose.type() + "' not defined");
                }
                int op;
                if (choose.leaf()) {
                    op = choose.firstn() ? RuleStep.CHOOSELEAF_FIRSTN : RuleStep.CHOOSELEAF_INDEP;
                } else {
                    op = choose.firstn() ? RuleStep.CHOOSE_FIRSTN : RuleStep.CHOOSE_INDEP;
                }
                yield RuleStep.choose(op, number(choose.count()), type);
            }
        };
    }

    private int taken(String rule, Step.Take take) {
        Integer id = itemIds.get(take.item());
        if (id == null) {
            throw new CrushCompileException("in rule '" + rule + "' item '" + take.item() + "' not defined");
        }
        if (take.deviceClass() == null) {
            return id;
        }
        int classId = map.classId(take.deviceClass());
        if (classId < 0) {
            throw new CrushCompileException(""); // stock says nothing
        }
        NavigableMap<Integer, Integer> shadows = map.classBuckets.get(id);
        if (shadows == null) {
            throw new CrushCompileException(
                    "in rule '" + rule + "' step take " + take.item() + " has no class information");
        }
        Integer shadow = shadows.get(classId);
        if (shadow == null) {
            throw new CrushCompileException("in rule '" + rule + "' step take " + take.item()
                    + " no matching bucket for class " + take.deviceClass());
        }
        return shadow;
    }

    // ---- choose_args

    private void chooseArgs(ChooseArgsDefinition definition) {
        long pool = number(definition.pool());
        if (map.chooseArgs().containsKey(pool)) {
            throw new CrushCompileException(pool + " duplicated");
        }
        NavigableMap<Integer, ChooseArg> args = new TreeMap<>();
        for (ChooseArgDefinition each : definition.args()) {
            int id = number(each.bucketId());
            if (-1 - id < 0 || -1 - id >= map.maxBuckets()) {
                throw new CrushCompileException(id + " is out of range");
            }
            Bucket bucket = map.bucket(id);
            if (bucket == null) {
                throw new CrushCompileException(id + " does not exist");
            }
            ChooseArg before = args.getOrDefault(-1 - id, ChooseArg.NONE);
            ChooseArg arg = new ChooseArg(
                    each.weightSet() == null ? before.weightSets() : weightSets(bucket, each.weightSet()),
                    each.ids() == null ? before.ids() : chooseIds(bucket, each.ids()));
            if (!arg.isEmpty()) {
                args.put(-1 - id, arg);
            }
        }
        map.putChooseArgs(pool, new ChooseArgs(args));
    }

    private static int[][] weightSets(Bucket bucket, List<List<String>> positions) {
        int[][] sets = new int[positions.size()][];
        for (int p = 0; p < sets.length; p++) {
            requireSize(bucket, positions.get(p).size(), "weights");
            sets[p] = positions.get(p).stream()
                    .mapToInt(CrushCompiler::fixedPoint)
                    .toArray();
        }
        return sets;
    }

    private static int[] chooseIds(Bucket bucket, List<String> ids) {
        requireSize(bucket, ids.size(), "ids");
        return ids.stream().mapToInt(CrushCompiler::number).toArray();
    }

    private static void requireSize(Bucket bucket, int size, String what) {
        if (size != bucket.size()) {
            throw new CrushCompileException(
                    bucket.id() + " needs exactly " + bucket.size() + " " + what + " but got " + size);
        }
    }

    /** As C's strtol, then cast to an int: huge numbers saturate, large ones wrap. */
    private static int number(String digits) {
        BigInteger value = new BigInteger(digits);
        BigInteger max = BigInteger.valueOf(Long.MAX_VALUE);
        BigInteger min = BigInteger.valueOf(Long.MIN_VALUE);
        return (int) value.min(max).max(min).longValue();
    }
}
