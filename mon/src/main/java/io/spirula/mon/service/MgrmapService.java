package io.spirula.mon.service;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.env.Clock;
import io.spirula.common.maps.CephRelease;
import io.spirula.common.maps.MgrMap;
import io.spirula.common.maps.MgrModule;
import io.spirula.common.message.MgrMapMessage;
import io.spirula.common.types.EntityAddrs;
import io.spirula.mon.session.Session;
import io.spirula.mon.session.Sessions;
import io.spirula.mon.store.KeyValueStore;
import io.spirula.mon.store.StoreTransaction;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The manager map. The manager's role is played inside the leading monitor's process; the map says where it listens. Ceph: MgrMonitor. */
public final class MgrmapService extends PaxosService {
    /** What pacific's manager has always on. Its work is done by the role itself. */
    public static final List<String> ALWAYS_ON = List.of(
            "balancer",
            "crash",
            "devicehealth",
            "orchestrator",
            "pg_autoscaler",
            "progress",
            "rbd_support",
            "status",
            "telemetry",
            "volumes");

    /** What can be enabled beside. */
    public static final List<String> OPTIONAL = List.of("iostat", "nfs", "restful");

    private final Clock clock;
    private final Sessions sessions;
    private Consumer<MgrMap> listener = map -> {};
    private MgrMap map = MgrMap.EMPTY;
    private @Nullable MgrMap pending;

    public MgrmapService(KeyValueStore store, Clock clock, Sessions sessions) {
        super("mgr", store);
        this.clock = clock;
        this.sessions = sessions;
    }

    /** Who hears of each new map. */
    public void listen(Consumer<MgrMap> newListener) {
        listener = newListener;
    }

    public MgrMap map() {
        return map;
    }

    @Override
    protected void createInitial() {
        NavigableSet<String> enabled = new TreeSet<>(List.of("iostat", "nfs", "restful"));
        pending = MgrMap.EMPTY.withModules(enabled, List.of(), alwaysOn());
        propose();
    }

    /** By release, for managers of each. */
    private static NavigableMap<Integer, NavigableSet<String>> alwaysOn() {
        TreeSet<String> nautilus = new TreeSet<>(ALWAYS_ON);
        nautilus.removeAll(List.of("orchestrator", "pg_autoscaler", "telemetry"));
        nautilus.add("orchestrator_cli");
        return new TreeMap<>(Map.of(
                CephRelease.NAUTILUS.number(), nautilus,
                CephRelease.OCTOPUS.number(), new TreeSet<>(ALWAYS_ON),
                CephRelease.PACIFIC.number(), new TreeSet<>(ALWAYS_ON)));
    }

    /** Publishes where the manager's role is played. */
    public void activate(String name, long gid, EntityAddrs addrs, long features) {
        List<MgrModule> modules = Stream.concat(ALWAYS_ON.stream(), OPTIONAL.stream())
                .sorted()
                .map(m -> new MgrModule(m, true, "", Collections.emptyNavigableMap()))
                .toList();
        MgrMap active = latest().withActive(name, gid, addrs, true, clock.now(), features);
        pending = new MgrMap(
                active.epoch(),
                active.activeAddrs(),
                active.activeGid(),
                true,
                active.activeName(),
                active.standbys(),
                active.modules(),
                active.services(),
                modules,
                active.activeChange(),
                active.alwaysOnModules(),
                active.activeFeatures(),
                active.lastFailureOsdEpoch(),
                active.clients());
        propose();
    }

    private MgrMap latest() {
        return pending == null ? map : pending;
    }

    void enable(String module, boolean on) {
        propose();
        MgrMap before = latest();
        TreeSet<String> modules = new TreeSet<>(before.modules());
        if (on) {
            modules.add(module);
        } else {
            modules.remove(module);
        }
        pending = before.withModules(modules, before.availableModules(), before.alwaysOnModules())
                .withEpoch(map.epoch() + 1);
    }

    /** The manager becomes active once more, as of now: whoever follows the map connects to it again. */
    void beginAnew() {
        propose();
        MgrMap before = latest();
        pending = before.withActive(
                        before.activeName(),
                        before.activeGid(),
                        before.activeAddrs(),
                        before.available(),
                        clock.now(),
                        before.activeFeatures())
                .withEpoch(map.epoch() + 1);
    }

    /** An older map, or null if it is not there. */
    @Nullable
    MgrMap mapOf(long epoch) {
        Bytes stored = stored(Long.toString(epoch));
        return stored == null ? null : MgrMap.CODEC.fromBytes(stored);
    }

    @Override
    protected void updateFromPaxos(long version) {
        Bytes stored = stored(Long.toString(version));
        if (stored != null) {
            map = MgrMap.CODEC.fromBytes(stored);
        }
    }

    @Override
    protected void createPending() {
        pending = null;
    }

    @Override
    protected void encodePending(StoreTransaction transaction, long version) {
        transaction.put(prefix(), Long.toString(version), (pending == null ? map : pending).encoded());
    }

    @Override
    protected void afterCommit() {
        sessions.subscribers("mgrmap", (session, s) -> sendMap(session));
        listener.accept(map);
    }

    /** Sends a subscriber the map, if it is newer than what it has. */
    public void sendMap(Session session) {
        Session.Subscription s = session.subscriptions().get("mgrmap");
        if (s != null && s.next() <= map.epoch()) {
            session.send(new MgrMapMessage(map.encoded()));
            session.sent("mgrmap", map.epoch());
        }
    }
}
