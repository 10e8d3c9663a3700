package io.spirula.mon.service;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.message.KvData;
import io.spirula.mon.session.Session;
import io.spirula.mon.session.Sessions;
import io.spirula.mon.store.KeyValueStore;
import io.spirula.mon.store.StoreTransaction;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Keys with values of any bytes, for administrators, the manager's modules and the central configuration. A version is what it changed. Ceph: KVMonitor. */
public final class ConfigKeyService extends PaxosService {
    private static final String SUBSCRIPTION = "kv:";

    /** Where the keys are; Ceph's name. */
    private static final String KEYS = "mon_config_key";

    private final Sessions sessions;

    /** No value: the key goes. */
    private final NavigableMap<String, Optional<Bytes>> pending = new TreeMap<>();

    public ConfigKeyService(KeyValueStore store, Sessions sessions) {
        super("kv", store);
        this.sessions = sessions;
    }

    public @Nullable Bytes value(String key) {
        return store().get(KEYS, key);
    }

    /** Calls for every key that begins so, in order. */
    public void scan(String beginning, BiConsumer<String, Bytes> action) {
        store().scan(KEYS, beginning, (key, value) -> {
            boolean fits = key.startsWith(beginning);
            if (fits) {
                action.accept(key, value);
            }
            return fits;
        });
    }

    public void put(String key, Bytes value) {
        propose();
        pending.put(key, Optional.of(value.compact()));
    }

    public void remove(String key) {
        propose();
        pending.put(key, Optional.empty());
    }

    @Override
    protected void createInitial() {
        propose();
    }

    @Override
    protected void updateFromPaxos(long version) {
        // Keys are read where they are asked for.
    }

    @Override
    protected void createPending() {
        pending.clear();
    }

    @Override
    protected void encodePending(StoreTransaction transaction, long version) {
        pending.forEach((key, value) ->
                value.ifPresentOrElse(v -> transaction.put(KEYS, key, v), () -> transaction.erase(KEYS, key)));
        transaction.put(prefix(), Long.toString(version), encode(pending));
    }

    private static Bytes encode(Map<String, Optional<Bytes>> changes) {
        return new Encoder()
                .map(changes, (k, o) -> o.string(k), (v, o) -> {
                    o.bool(v.isPresent());
                    v.ifPresent(o::bytes);
                })
                .toBytes();
    }

    private static Map<String, Optional<Bytes>> decode(Bytes changes) {
        return new Decoder(changes)
                .map(Decoder::string, d -> d.bool() ? Optional.of(d.bytes()) : Optional.<Bytes>empty());
    }

    @Override
    protected long versionsKept() {
        return 100;
    }

    @Override
    protected void afterCommit() {
        for (Session session : sessions.all()) {
            for (String what : session.subscriptions().keySet().toArray(new String[0])) {
                if (isSubscription(what)) {
                    send(session, what);
                }
            }
        }
    }

    public static boolean isSubscription(String what) {
        return what.startsWith(SUBSCRIPTION);
    }

    /** Sends a subscriber what has changed since it last heard, or all where that is not known any more. Whether it may read keys is the caller's to know. */
    public void send(Session session, String what) {
        Session.Subscription s = session.subscriptions().get(what);
        if (s == null || s.next() > version()) {
            return;
        }
        String beginning = what.substring(SUBSCRIPTION.length());
        TreeMap<String, Optional<Bytes>> news = new TreeMap<>();
        boolean incremental = s.next() > 1 && s.next() >= firstCommitted() && collect(s.next(), beginning, news);
        if (!incremental) {
            news.clear();
            scan(beginning, (key, value) -> news.put(key, Optional.of(value)));
        }
        session.send(new KvData(version(), beginning, incremental, encode(news)));
        session.sent(what, version());
    }

    private boolean collect(long from, String beginning, Map<String, Optional<Bytes>> news) {
        for (long v = from; v <= version(); v++) {
            Bytes changes = stored(Long.toString(v));
            if (changes == null) {
                return false;
            }
            decode(changes).forEach((key, value) -> {
                if (key.startsWith(beginning)) {
                    news.put(key, value);
                }
            });
        }
        return true;
    }
}
