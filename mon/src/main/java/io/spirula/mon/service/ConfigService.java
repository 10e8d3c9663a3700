package io.spirula.mon.service;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.message.ConfigMessage;
import io.spirula.common.types.EntityName;
import io.spirula.mon.session.Session;
import io.spirula.mon.session.Sessions;
import io.spirula.mon.store.KeyValueStore;
import io.spirula.mon.store.StoreTransaction;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The central configuration: options by section ({@code global}, {@code osd}, {@code osd.3}), pushed to whom they concern. Ceph: ConfigMonitor. */
public final class ConfigService extends PaxosService {
    private static final String KEYS = "config_options";

    /** An option of a section. */
    public record Key(String section, String option) implements Comparable<Key> {
        @Override
        public int compareTo(Key o) {
            int bySection = section.compareTo(o.section);
            return bySection != 0 ? bySection : option.compareTo(o.option);
        }
    }

    private final Sessions sessions;
    private SortedMap<Key, String> options = new TreeMap<>();
    private final TreeMap<Key, String> pendingPuts = new TreeMap<>();

    public ConfigService(KeyValueStore store, Sessions sessions) {
        super("config", store);
        this.sessions = sessions;
    }

    public SortedMap<Key, String> options() {
        return options;
    }

    @Override
    protected void createInitial() {
        propose();
    }

    @Override
    protected void updateFromPaxos(long version) {
        TreeMap<Key, String> all = new TreeMap<>();
        store().scan(KEYS, "", (name, value) -> {
            int slash = name.lastIndexOf('/');
            all.put(new Key(name.substring(0, slash), name.substring(slash + 1)), value.utf8());
            return true;
        });
        options = Collections.unmodifiableSortedMap(all);
    }

    @Override
    protected void createPending() {
        pendingPuts.clear();
    }

    void put(Key key, String value) {
        pendingPuts.put(key, value);
        propose();
    }

    void remove(Key key) {
        pendingPuts.put(key, "");
        propose();
    }

    @Override
    protected void encodePending(StoreTransaction transaction, long version) {
        pendingPuts.forEach((key, value) -> {
            String name = key.section + "/" + key.option;
            if (value.isEmpty()) {
                transaction.erase(KEYS, name);
            } else {
                transaction.put(KEYS, name, Bytes.of(value));
            }
        });
    }

    /** What applies to an entity: the most particular section wins. */
    public SortedMap<String, String> of(EntityName name) {
        TreeMap<String, String> result = new TreeMap<>();
        for (String section : new String[] {"global", name.type().toString(), name.toString()}) {
            options.forEach((key, value) -> {
                if (key.section.equals(section)) {
                    result.put(key.option, value);
                }
            });
        }
        return result;
    }

    /** Those options of {@link #of} that a section sets for this entity, with the section that does. */
    Map<String, Key> sources(EntityName name) {
        TreeMap<String, Key> result = new TreeMap<>();
        for (String section : new String[] {"global", name.type().toString(), name.toString()}) {
            options.keySet().stream().filter(k -> k.section.equals(section)).forEach(k -> result.put(k.option, k));
        }
        return result;
    }

    @Override
    protected void afterCommit() {
        sessions.subscribers("config", (session, s) -> {
            send(session);
            session.sent("config", version());
        });
    }

    public void send(Session session) {
        session.send(new ConfigMessage(of(session.name())));
    }
}
