package io.spirula.mon.store;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** A monitor's store: ordered keys in prefixes. Reads see every transaction applied before. */
public interface KeyValueStore extends AutoCloseable {
    @Nullable
    Bytes get(String prefix, String key);

    /** Visits the keys of a prefix in order from {@code from} on, until the visitor says false. */
    void scan(String prefix, String from, BiPredicate<String, Bytes> visitor);

    /** Takes a key with its value; false to see no more. */
    @FunctionalInterface
    interface Visitor {
        boolean visit(String prefix, String key, Bytes value);
    }

    /** Visits all keys in order, those from a prefix and key on, until the visitor says false. */
    void scanAll(String fromPrefix, String fromKey, Visitor visitor);

    /** Applies all changes atomically; they are durable when this returns. Throws {@link StoreFailure} where they are not. */
    void apply(StoreTransaction transaction);

    @Override
    void close();

    /** A number stored with {@link StoreTransaction#put(String, String, long)}; 0 where there is none. */
    default long number(String prefix, String key) {
        Bytes value = get(prefix, key);
        return value == null ? 0 : new Decoder(value).u64();
    }
}
