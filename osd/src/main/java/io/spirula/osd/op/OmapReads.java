package io.spirula.osd.op;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.message.ObjectOp;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Operations that read an object's key-value pairs. A listing that does not give all says so in its last byte. */
final class OmapReads {
    private OmapReads() {}

    static int keys(OpExecution x, ObjectOp op) {
        Decoder in = new Decoder(op.input());
        Bytes after = in.bytes();
        return list(x, after, in.u64(), Bytes.EMPTY, false);
    }

    static int values(OpExecution x, ObjectOp op) {
        Decoder in = new Decoder(op.input());
        Bytes after = in.bytes();
        long max = in.u64();
        return list(x, after, max, in.bytes(), true);
    }

    private static int list(OpExecution x, Bytes after, long max, Bytes prefix, boolean withValues) {
        OpLimits limits = x.environment.limits().get();
        int most = max < 0 || max > limits.maxOmapEntries() ? limits.maxOmapEntries() : (int) max;
        Encoder pairs = new Encoder(1024);
        int count = 0;
        boolean truncated = false;
        if (x.state.hasOmap()) {
            for (Map.Entry<Bytes, Bytes> e : from(x, after, prefix, most + 1).entrySet()) {
                if (!e.getKey().startsWith(prefix)) {
                    break;
                }
                if (count >= most || pairs.size() >= limits.maxOmapBytes()) {
                    truncated = true;
                    break;
                }
                pairs.bytes(e.getKey());
                if (withValues) {
                    pairs.bytes(e.getValue());
                }
                count++;
            }
        }
        Encoder out = new Encoder(pairs.size() + 5);
        x.output(out.u32(count).raw(pairs.toBytes()).bool(truncated).toBytes());
        x.stats.read(out.size());
        return 0;
    }

    /** Pairs behind {@code after}, beginning with the prefix itself where that comes later. */
    private static SortedMap<Bytes, Bytes> from(OpExecution x, Bytes after, Bytes prefix, int max) {
        if (prefix.compareTo(after) <= 0) {
            return x.store().omap(x.environment.collection(), x.id(), after.isEmpty() ? null : after, max);
        }
        SortedMap<Bytes, Bytes> pairs =
                x.store().omapValues(x.environment.collection(), x.id(), java.util.List.of(prefix));
        SortedMap<Bytes, Bytes> all = new TreeMap<>(pairs);
        all.putAll(x.store().omap(x.environment.collection(), x.id(), prefix, max));
        return all;
    }

    static int valuesByKeys(OpExecution x, ObjectOp op) {
        java.util.List<Bytes> keys = new Decoder(op.input()).list(Decoder::bytes);
        SortedMap<Bytes, Bytes> found =
                x.state.hasOmap() ? x.store().omapValues(x.environment.collection(), x.id(), keys) : new TreeMap<>();
        Encoder out = new Encoder(1024).map(found, (k, o) -> o.bytes(k), (v, o) -> o.bytes(v));
        x.output(out.toBytes());
        x.stats.read(out.size());
        return 0;
    }

    static int header(OpExecution x) {
        if (x.state.hasOmap()) {
            Bytes header = x.store().omapHeader(x.environment.collection(), x.id());
            x.output(header);
            x.stats.read(header.size());
        }
        return 0;
    }
}
