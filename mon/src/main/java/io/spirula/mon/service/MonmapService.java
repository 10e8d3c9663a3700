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
import org.jspecify.annotations.Nullable;

/** The monitor map, and what each monitor says of itself. Ceph: MonmapMonitor. */
public final class MonmapService extends PaxosService {
    private static final String METADATA = "mon_metadata";

    private final Clock clock;
    private final Sessions sessions;
    private MonMap map;
    private final MonMap initial;
    private @Nullable MonMap pending;
    private @Nullable String metadataOf;
    private Map<String, String> pendingMetadata = Map.of();

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

    public MonMap map() {
        return map;
    }

    @Override
    protected void createInitial() {
        pending = initial.withEpoch(1, clock.now());
        propose();
    }

    @Override
    protected void updateFromPaxos(long version) {
        Bytes stored = stored(Long.toString(version));
        if (stored != null) {
            map = MonMap.CODEC.fromBytes(stored);
        }
    }

    @Override
    protected void createPending() {
        pending = null;
        metadataOf = null;
    }

    @Override
    protected void encodePending(StoreTransaction transaction, long version) {
        MonMap next = pending == null ? map : pending;
        transaction.put(prefix(), Long.toString(version), next.encoded());
        if (metadataOf != null) {
            transaction.put(METADATA, metadataOf, DaemonMetadata.encode(pendingMetadata));
        }
    }

    /** What a monitor says of itself. Kept as it is, without a new epoch of the map, where it is known already. */
    public void rememberMetadata(String name, Map<String, String> metadata, StoreTransaction into) {
        into.put(METADATA, name, DaemonMetadata.encode(metadata));
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
