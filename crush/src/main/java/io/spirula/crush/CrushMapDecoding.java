package io.spirula.crush;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The reader of a map's binary form. Ceph: CrushWrapper::decode; {@link CrushMapEncoding} writes the same list. Every
 * count is checked against the bytes that are left before anything is allocated for it.
 */
final class CrushMapDecoding {
    private final ByteBuffer in;
    private final CrushEditor map = new CrushEditor(Tunables.legacy());

    private CrushMapDecoding(byte[] bytes) {
        this.in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    static CrushMap decode(byte[] bytes) {
        return new CrushMapDecoding(bytes).decode();
    }

    private CrushMap decode() {
        if (i32() != CrushMapEncoding.MAGIC) {
            throw new MalformedCrushMap("bad magic number");
        }
        int maxBuckets = checked(i32(), 4);
        int maxRules = checked(i32(), 4);
        i32(); // max_devices: computed anew, as Ceph does
        for (int i = 0; i < maxBuckets; i++) {
            map.buckets.add(bucket(i));
        }
        for (int i = 0; i < maxRules; i++) {
            map.rules.add(rule());
        }
        map.typeNames.putAll(oldNames());
        map.itemNames.putAll(oldNames());
        map.ruleNames.putAll(oldNames());
        tunables();
        if (in.hasRemaining()) {
            map.itemClasses.putAll(ints());
            map.classNames.putAll(names());
            for (int n = count(8); n > 0; n--) {
                map.classBuckets.put(i32(), ints());
            }
        }
        if (in.hasRemaining()) {
            chooseArgs();
        }
        map.repairChooseArgs();
        return map.build();
    }

    private @Nullable Bucket bucket(int index) {
        int code = i32();
        if (code == 0) {
            return null;
        }
        BucketAlgorithm algorithm = BucketAlgorithm.ofCode(code)
                .orElseThrow(() -> new MalformedCrushMap("unsupported bucket algorithm: " + code));
        int id = i32();
        int type = u16();
        int sameCode = u8();
        if (sameCode != code || id != -1 - index) {
            throw new MalformedCrushMap("bucket " + (-1 - index) + " contradicts itself");
        }
        int hash = u8();
        int weight = i32();
        int[] items = array(count(4));
        int size = items.length;
        return switch (algorithm) {
            case UNIFORM -> new UniformBucket(id, type, hash, weight, items, i32());
            case LIST -> {
                int[][] pairs = pairs(size);
                yield new ListBucket(id, type, hash, weight, items, pairs[0], pairs[1]);
            }
            case TREE -> {
                int[] nodes = array(checked(u8(), 4));
                if (nodes.length < 2 * size || Integer.bitCount(nodes.length) > 1) {
                    throw new MalformedCrushMap("tree bucket " + id + " has too few nodes");
                }
                yield new TreeBucket(id, type, hash, weight, items, nodes);
            }
            case STRAW -> {
                int[][] pairs = pairs(size);
                yield new StrawBucket(id, type, hash, weight, items, pairs[0], pairs[1]);
            }
            case STRAW2 -> new Straw2Bucket(id, type, hash, weight, items, array(checked(size, 4)));
        };
    }

    private @Nullable Rule rule() {
        if (i32() == 0) {
            return null;
        }
        int length = i32();
        int ruleset = u8();
        int type = u8();
        int minSize = u8();
        int maxSize = u8();
        checked(length, 12);
        List<RuleStep> steps = new ArrayList<>(length);
        for (int i = 0; i < length; i++) {
            steps.add(new RuleStep(i32(), i32(), i32()));
        }
        return new Rule(ruleset, type, minSize, maxSize, steps);
    }

    /** Each release added to the end; what is missing keeps its legacy value. */
    private void tunables() {
        Tunables t = Tunables.legacy();
        if (in.hasRemaining()) {
            t = t.withChooseLocalTries(i32())
                    .withChooseLocalFallbackTries(i32())
                    .withChooseTotalTries(i32());
        }
        if (in.hasRemaining()) {
            int once = i32();
            t = new Tunables(
                    t.chooseLocalTries(),
                    t.chooseLocalFallbackTries(),
                    t.chooseTotalTries(),
                    once,
                    0,
                    0,
                    0,
                    t.allowedBucketAlgs());
        }
        if (in.hasRemaining()) {
            t = t.withChooseleafVaryR(u8());
        }
        if (in.hasRemaining()) {
            t = t.withStrawCalcVersion(u8());
        }
        if (in.hasRemaining()) {
            t = t.withAllowedBucketAlgs(i32());
        }
        if (in.hasRemaining()) {
            t = t.withChooseleafStable(u8());
        }
        map.tunables = t;
    }

    private void chooseArgs() {
        for (int n = count(12); n > 0; n--) {
            long pool = i64();
            NavigableMap<Integer, ChooseArg> args = new TreeMap<>();
            for (int m = count(12); m > 0; m--) {
                int index = i32();
                if (index < 0 || index >= map.buckets.size()) {
                    throw new MalformedCrushMap("choose_args for bucket index " + index + ", which is out of range");
                }
                int[][] sets = new int[count(4)][];
                for (int p = 0; p < sets.length; p++) {
                    sets[p] = array(count(4));
                }
                int[] ids = array(count(4));
                Bucket bucket = map.buckets.get(index);
                if (ids.length > 0 && (bucket == null || bucket.size() != ids.length)) {
                    throw new MalformedCrushMap("choose_args have " + ids.length + " ids for bucket " + (-1 - index));
                }
                ChooseArg arg = new ChooseArg(sets, ids);
                if (!arg.isEmpty()) {
                    args.put(index, arg);
                }
            }
            map.chooseArgs.put(pool, new ChooseArgs(args));
        }
    }

    /** Early releases wrote 64-bit keys; names are never empty, which tells the two apart. */
    private NavigableMap<Integer, String> oldNames() {
        NavigableMap<Integer, String> names = new TreeMap<>();
        for (int n = count(8); n > 0; n--) {
            int key = i32();
            int length = i32();
            if (length == 0) {
                length = i32();
            }
            names.put(key, string(length));
        }
        return names;
    }

    private NavigableMap<Integer, String> names() {
        NavigableMap<Integer, String> names = new TreeMap<>();
        for (int n = count(8); n > 0; n--) {
            names.put(i32(), string(i32()));
        }
        return names;
    }

    /** One char for each byte, so that any bytes survive. */
    private String string(int length) {
        byte[] bytes = new byte[checked(length, 1)];
        in.get(bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private NavigableMap<Integer, Integer> ints() {
        NavigableMap<Integer, Integer> ints = new TreeMap<>();
        for (int n = count(8); n > 0; n--) {
            ints.put(i32(), i32());
        }
        return ints;
    }

    private int[] array(int length) {
        int[] values = new int[length];
        for (int i = 0; i < length; i++) {
            values[i] = i32();
        }
        return values;
    }

    private int[][] pairs(int length) {
        checked(length, 8);
        int[][] pairs = new int[2][length];
        for (int i = 0; i < length; i++) {
            pairs[0][i] = i32();
            pairs[1][i] = i32();
        }
        return pairs;
    }

    private int count(int bytesEach) {
        return checked(i32(), bytesEach);
    }

    private int checked(int count, int bytesEach) {
        if (count < 0 || (long) count * bytesEach > in.remaining()) {
            throw new MalformedCrushMap("a count of " + Integer.toUnsignedString(count) + " exceeds the map's end");
        }
        return count;
    }

    private int u8() {
        need(1);
        return in.get() & 0xff;
    }

    private int u16() {
        need(2);
        return in.getShort() & 0xffff;
    }

    private int i32() {
        need(4);
        return in.getInt();
    }

    private long i64() {
        need(8);
        return in.getLong();
    }

    private void need(int bytes) {
        if (in.remaining() < bytes) {
            throw new MalformedCrushMap("the map ends early");
        }
    }
}
