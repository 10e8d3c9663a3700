package io.spirula.mon.service;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.env.Clock;
import io.spirula.common.maps.MonMap;
import io.spirula.common.message.MonMapMessage;
import io.spirula.mon.session.Session;
import io.spirula.mon.session.Sessions;
import io.spirula.mon.store.KeyValueStore;
import io.spirula.mon.store.StoreTransaction;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The monitor map, and what each monitor says of itself. Ceph: MonmapMonitor. */
public final class MonmapService extends PaxosService {
    private static final String METADATA = "mon_metadata";

    private final Clock clock;
    private final Sessions sessions;
    private MonMap map;
    private final MonMap initial;
    private @Nullable MonMap pending;
    private Runnable whenChanged = () -> {};

    /** @param initial what a new cluster starts with; for a store that has a map it is not used */
    public MonmapService(KeyValueStore store, Clock clock, Sessions sessions, MonMap initial) {
        super("monmap", store);
        this.clock = clock;
        this.sessions = sessions;
        this.initial = initial;
        map = initial;
    }

    /** The newest map in a store, or null. */
    public static @Nullable MonMap load(KeyValueStore store) {
        Bytes stored = store.get("monmap", Long.toString(store.number("monmap", LAST_COMMITTED)));
        return stored == null ? null : MonMap.CODEC.fromBytes(stored);
    }

    /** The newest map that is known here: the committed one, or one that another monitor has shown. */
    public MonMap map() {
        return map;
    }

    /** Another monitor has a newer map. */
    public void adopt(MonMap newer) {
        if (newer.epoch() > map.epoch()) {
            map = newer;
        }
    }

    /** Who is told of each committed map that has other monitors than the one before. */
    public void listen(Runnable listener) {
        whenChanged = listener;
    }

    /** The map as it will be once what is pending is committed. */
    public MonMap pendingMap() {
        return pending == null ? map : pending;
    }

    /** Makes this the next map; its epoch and time are set when it is proposed. */
    public void change(MonMap next) {
        propose();
        pending = next;
    }

    @Override
    protected void createInitial() {
        pending = initial.withEpoch(1, clock.now());
        propose();
    }

    @Override
    protected void updateFromPaxos(long version) {
        Bytes stored = stored(Long.toString(version));
        MonMap committed = stored == null ? null : MonMap.CODEC.fromBytes(stored);
        if (committed != null && committed.epoch() >= map.epoch()) {
            MonMap before = map;
            map = committed;
            boolean same = committed.ranks().equals(before.ranks())
                    && committed.monitors().equals(before.monitors())
                    && committed.strategy() == before.strategy()
                    && committed.disallowedLeaders().equals(before.disallowedLeaders());
            if (!same) {
                whenChanged.run();
            }
        }
    }

    @Override
    protected void createPending() {
        pending = null;
    }

    @Override
    protected void encodePending(StoreTransaction transaction, long version) {
        MonMap next = pendingMap().withEpoch((int) version, clock.now());
        transaction.put(prefix(), Long.toString(version), next.encoded());
    }

    /** What a monitor says of itself, as a change to be committed where it is new. */
    public void rememberMetadata(String name, Map<String, String> metadata, StoreTransaction into) {
        Bytes encoded = DaemonMetadata.encode(metadata);
        if (!metadata.isEmpty() && !Objects.equals(encoded, store().get(METADATA, name))) {
            into.put(METADATA, name, encoded);
        }
    }

    public Map<String, String> metadata(String name) {
        Bytes stored = store().get(METADATA, name);
        return stored == null ? Map.of() : DaemonMetadata.decode(stored);
    }

    public @Nullable MonMap mapOf(long epoch) {
        Bytes stored = stored(Long.toString(epoch));
        return stored == null ? null : MonMap.CODEC.fromBytes(stored);
    }

    @Override
    protected void afterCommit() {
        sessions.subscribers("monmap", (session, s) -> sendMap(session));
    }

    /** Sends a subscriber the map, if it is newer than what it has. */
    public void sendMap(Session session) {
        Session.Subscription s = session.subscriptions().get("monmap");
        if (s != null && s.next() <= map.epoch()) {
            session.send(new MonMapMessage(map.encoded()));
            session.sent("monmap", map.epoch());
        }
    }
}
