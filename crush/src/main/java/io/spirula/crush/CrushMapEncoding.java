package io.spirula.crush;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/** The writer of one map's binary form. Ceph: CrushWrapper::encode; {@link CrushMapDecoding} reads the same list. */
final class CrushMapEncoding {
    static final int MAGIC = 0x00010000;

    private final CrushContent map;
    private final long features;
    /** What clients without choose_args are shown as the buckets' weights. */
    private final @Nullable ChooseArgs shown;

    private ByteBuffer out = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);

    CrushMapEncoding(CrushContent map, long features) {
        this.map = map;
        this.features = features;
        boolean compat = !map.chooseArgs.isEmpty() && !CrushFeatures.has(features, CrushFeatures.SERVER_LUMINOUS);
        this.shown = compat ? map.chooseArgs.firstEntry().getValue() : null;
    }

    byte[] encode() {
        i32(MAGIC);
        i32(map.maxBuckets());
        i32(map.maxRules());
        i32(map.maxDevices());
        for (Bucket bucket : map.buckets) {
            bucket(bucket);
        }
        for (Rule rule : map.rules) {
            rule(rule);
        }
        names(map.typeNames);
        names(map.itemNames);
        names(map.ruleNames);
        tunables(map.tunables());
        if (CrushFeatures.has(features, CrushFeatures.SERVER_LUMINOUS)) {
            ints(map.itemClasses);
            names(map.classNames);
            i32(map.classBuckets.size());
            map.classBuckets.forEach((bucket, byClass) -> {
                i32(bucket);
                ints(byClass);
            });
            chooseArgs();
        }
        byte[] bytes = new byte[out.position()];
        out.get(0, bytes);
        return bytes;
    }

    private void bucket(@Nullable Bucket bucket) {
        if (bucket == null) {
            i32(0);
            return;
        }
        int code = bucket.algorithm().code();
        i32(code);
        i32(bucket.id());
        u16(bucket.type());
        u8(code);
        u8(bucket.hash());
        i32(bucket.weight());
        i32(bucket.size());
        all(bucket.items);
        switch (bucket) {
            case UniformBucket b -> i32(b.itemWeight());
            case ListBucket b -> pairs(b.itemWeights, b.sumWeights);
            case TreeBucket b -> {
                u8(b.nodeCount());
                all(b.nodeWeights);
            }
            case StrawBucket b -> pairs(b.itemWeights, b.straws);
            case Straw2Bucket b -> all(weightsShown(b));
        }
    }

    private int[] weightsShown(Straw2Bucket bucket) {
        if (shown != null) {
            int[][] sets = shown.of(bucket.id()).weightSets();
            if (sets.length > 0) {
                return sets[0];
            }
        }
        return bucket.itemWeights;
    }

    private void rule(@Nullable Rule rule) {
        if (rule == null) {
            i32(0);
            return;
        }
        i32(1);
        i32(rule.steps().size());
        u8(rule.ruleset());
        u8(rule.type());
        u8(rule.minSize());
        u8(rule.maxSize());
        for (RuleStep step : rule.steps()) {
            i32(step.op());
            i32(step.arg1());
            i32(step.arg2());
        }
    }

    private void tunables(Tunables t) {
        i32(t.chooseLocalTries());
        i32(t.chooseLocalFallbackTries());
        i32(t.chooseTotalTries());
        i32(t.chooseleafDescendOnce());
        u8(t.chooseleafVaryR());
        u8(t.strawCalcVersion());
        i32(t.allowedBucketAlgs());
        if (CrushFeatures.has(features, CrushFeatures.TUNABLES5)) {
            u8(t.chooseleafStable());
        }
    }

    private void chooseArgs() {
        i32(map.chooseArgs.size());
        map.chooseArgs.forEach((pool, args) -> {
            i64(pool);
            i32(args.byIndex().size());
            args.byIndex().forEach((index, arg) -> {
                i32(index);
                i32(arg.weightSets().length);
                for (int[] weights : arg.weightSets()) {
                    i32(weights.length);
                    all(weights);
                }
                i32(arg.ids().length);
                all(arg.ids());
            });
        });
    }

    private void names(NavigableMap<Integer, String> names) {
        i32(names.size());
        for (Map.Entry<Integer, String> entry : names.entrySet()) {
            byte[] name = entry.getValue().getBytes(StandardCharsets.ISO_8859_1);
            i32(entry.getKey());
            i32(name.length);
            room(name.length);
            out.put(name);
        }
    }

    private void ints(NavigableMap<Integer, Integer> map) {
        i32(map.size());
        map.forEach((key, value) -> {
            i32(key);
            i32(value);
        });
    }

    private void pairs(int[] first, int[] second) {
        for (int i = 0; i < first.length; i++) {
            i32(first[i]);
            i32(second[i]);
        }
    }

    private void all(int[] values) {
        for (int value : values) {
            i32(value);
        }
    }

    private void u8(int value) {
        room(1);
        out.put((byte) value);
    }

    private void u16(int value) {
        room(2);
        out.putShort((short) value);
    }

    private void i32(int value) {
        room(4);
        out.putInt(value);
    }

    private void i64(long value) {
        room(8);
        out.putLong(value);
    }

    private void room(int bytes) {
        if (out.remaining() < bytes) {
            ByteBuffer larger =
                    ByteBuffer.allocate(2 * (out.capacity() + bytes)).order(ByteOrder.LITTLE_ENDIAN);
            out = larger.put(out.flip());
        }
    }
}
