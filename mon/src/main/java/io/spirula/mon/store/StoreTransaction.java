package io.spirula.mon.store;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.encoding.MalformedInput;
import java.util.ArrayList;
import java.util.List;

/** Changes to a {@link KeyValueStore} that happen together or not at all, in the order given. Also the value that Paxos agrees on. Ceph: MonitorDBStore::Transaction. */
public final class StoreTransaction {
    public static final Codec<StoreTransaction> CODEC = Codec.of(StoreTransaction::encode, StoreTransaction::decode);

    /** One change. */
    public sealed interface Change {
        String prefix();

        String key();
    }

    public record Put(String prefix, String key, Bytes value) implements Change {}

    public record Erase(String prefix, String key) implements Change {}

    private final List<Change> changes = new ArrayList<>();

    public StoreTransaction put(String prefix, String key, Bytes value) {
        changes.add(new Put(prefix, key, value));
        return this;
    }

    /** Stores a number as versions are stored: 64 bits. */
    public StoreTransaction put(String prefix, String key, long value) {
        return put(prefix, key, new Encoder(8).u64(value).toBytes());
    }

    public StoreTransaction erase(String prefix, String key) {
        changes.add(new Erase(prefix, key));
        return this;
    }

    public StoreTransaction append(StoreTransaction other) {
        changes.addAll(other.changes);
        return this;
    }

    public List<Change> changes() {
        return changes;
    }

    public boolean isEmpty() {
        return changes.isEmpty();
    }

    private void encode(Encoder out) {
        out.struct(
                1,
                1,
                body -> body.list(changes, (change, o) -> {
                    switch (change) {
                        case Put p -> o.u8(1).string(p.prefix).string(p.key).bytes(p.value);
                        case Erase e -> o.u8(2).string(e.prefix).string(e.key);
                    }
                }));
    }

    private static StoreTransaction decode(Decoder in) {
        return in.struct(1, (body, version) -> {
            StoreTransaction t = new StoreTransaction();
            t.changes.addAll(body.list(d -> {
                int kind = d.u8();
                return switch (kind) {
                    case 1 -> new Put(d.string(), d.string(), d.name());
                    case 2 -> new Erase(d.string(), d.string());
                    default -> throw new MalformedInput("no change of kind " + kind);
                };
            }));
            return t;
        });
    }
}
