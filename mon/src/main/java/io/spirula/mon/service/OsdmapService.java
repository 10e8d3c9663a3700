package io.spirula.mon.service;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.env.Clock;
import io.spirula.common.maps.Osd;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.OsdMapIncremental;
import io.spirula.common.maps.OsdState;
import io.spirula.common.maps.OsdXInfo;
import io.spirula.common.maps.PgPool;
import io.spirula.common.maps.PoolFlag;
import io.spirula.common.message.OsdMapMessage;
import io.spirula.common.message.OsdPgCreate2;
import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;
import io.spirula.common.types.Uuid;
import io.spirula.mon.failure.PoolFullness;
import io.spirula.mon.session.Session;
import io.spirula.mon.session.Sessions;
import io.spirula.mon.store.KeyValueStore;
import io.spirula.mon.store.StoreTransaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The OSD map: every epoch as an increment and in full, and the placement groups that are being created. Ceph: OSDMonitor. */
public final class OsdmapService extends PaxosService {
    private static final String FULL = "full_";
    private static final String CREATING = "osd_pg_creating";
    private static final String METADATA = "osd_metadata";
    /** Ceph: osd_map_message_max. */
    private static final int MAX_MAPS_A_MESSAGE = 40;

    private final Clock clock;
    private final Uuid fsid;
    private final Sessions sessions;
    private final Supplier<OsdMapIncremental> firstIncrement;
    private OsdMap map;
    private CreatingPgs creating = CreatingPgs.NONE;
    private CreatingPgs storedCreating = CreatingPgs.NONE;
    private OsdMapIncremental.Builder pending;
    private @Nullable OsdMap pendingMap;
    /** Those of {@code creating} that have been made since it was read, and how many of each pool are left: with very many groups at once each report must cost little. */
    private final TreeSet<PgId> made = new TreeSet<>();
    /** Groups that the next epoch has made once more. */
    private final TreeSet<PgId> again = new TreeSet<>();

    private Map<Long, Integer> leftByPool = new TreeMap<>();
    private Map<Integer, SortedMap<PgId, CreatingPgs.Creating>> creatingByPrimary = Map.of();
    private final Map<Integer, Map<String, String>> pendingMetadata = new TreeMap<>();
    private LongSupplier trimFloor = () -> 0;
    private LongSupplier epochsKept = () -> 500;
    private final List<Consumer<OsdMap>> listeners = new ArrayList<>();

    /** @param firstIncrement leads to a new cluster's first map */
    public OsdmapService(
            KeyValueStore store,
            Clock clock,
            Uuid fsid,
            Sessions sessions,
            Supplier<OsdMapIncremental> firstIncrement) {
        super("osdmap", store);
        this.clock = clock;
        this.fsid = fsid;
        this.sessions = sessions;
        this.firstIncrement = firstIncrement;
        map = OsdMap.empty(fsid);
        pending = OsdMapIncremental.after(map);
    }

    /**
     * Tells which epoch is the oldest that some placement group still needs: maps before it may be forgotten. Until this is called none are.
     *
     * @param kept how many are kept even so, mon_min_osdmap_epochs
     */
    public void trimUpTo(LongSupplier oldestNeeded, LongSupplier kept) {
        trimFloor = oldestNeeded;
        epochsKept = kept;
    }

    @Override
    protected long versionsKept() {
        return epochsKept.getAsLong();
    }

    @Override
    protected long trimFloor() {
        return trimFloor.getAsLong();
    }

    /** Calls with every new map, once it is committed and read. */
    public void listen(Consumer<OsdMap> listener) {
        listeners.add(listener);
    }

    /** The committed map. */
    public OsdMap map() {
        return map;
    }

    /** The map as it will be once what is pending is committed. */
    public OsdMap pendingMap() {
        OsdMap m = pendingMap;
        if (m == null) {
            m = isDirty() ? map.apply(pending.build()) : map;
            pendingMap = m;
        }
        return m;
    }

    /** Adds to the next epoch's changes. */
    public void change(Consumer<OsdMapIncremental.Builder> change) {
        propose();
        change.accept(pending);
        pendingMap = null;
    }

    public OsdMapIncremental.Builder pending() {
        return pending;
    }

    /** Has a group's primary make it anew. False where that is under way. */
    boolean createAgain(PgId pg) {
        boolean underWay = creating.pgs().containsKey(pg) && !made.contains(pg) || again.contains(pg);
        if (!underWay) {
            propose();
            again.add(pg);
        }
        return !underWay;
    }

    @Override
    protected void createInitial() {
        pending = firstIncrement.get().toBuilder();
        pendingMap = null;
        propose();
    }

    @Override
    protected void updateFromPaxos(long version) {
        if (version == map.epoch() + 1L && map.epoch() > 0) {
            Bytes increment = stored(Long.toString(version));
            if (increment != null) {
                map = map.apply(OsdMapIncremental.CODEC.fromBytes(increment));
            }
        }
        if (map.epoch() != version) {
            Bytes full = stored(FULL + version);
            if (full == null) {
                throw new IllegalStateException("the store lacks OSD map " + version);
            }
            map = OsdMap.CODEC.fromBytes(full);
        }
        Bytes stored = store().get(CREATING, "creating");
        CreatingPgs before = creating.without(made);
        storedCreating = stored == null ? CreatingPgs.NONE : CreatingPgs.CODEC.fromBytes(stored);
        creating = storedCreating.without(made).mapped(map, before);
        made.retainAll(storedCreating.pgs().keySet());
        leftByPool = creating.countByPool();
        creatingByPrimary = creating.byPrimary();
        listeners.forEach(l -> l.accept(map));
    }

    @Override
    protected void createPending() {
        pending = OsdMapIncremental.after(map);
        pendingMap = null;
        again.clear();
        pendingMetadata.clear();
    }

    @Override
    protected void encodePending(StoreTransaction transaction, long version) {
        Instant now = clock.now();
        pending.modified(now);
        stampChanges(now);
        OsdMap wanted = map.apply(pending.build());
        forgetTemporaryMappings(wanted);
        forgetUnfitMappings(wanted);
        PoolFullness.corrections(wanted).forEach(pending::putPool);
        OsdMapIncremental increment = pending.build().sealed(map);
        OsdMap next = map.apply(increment);
        transaction.put(prefix(), Long.toString(version), increment.encoded());
        transaction.put(prefix(), FULL + version, next.encoded());
        encodeCreating(transaction, increment, next, now);
        pendingMetadata.forEach(
                (osd, metadata) -> transaction.put(METADATA, osd.toString(), DaemonMetadata.encode(metadata)));
    }

    /** When an OSD went up or down, in or out, last. */
    private void stampChanges(Instant now) {
        boolean upChange = !pending.newUpClient().isEmpty()
                || pending.newState().values().stream().anyMatch(bits -> bits == 0 || (bits & OsdState.UP) != 0);
        boolean inChange = pending.newWeight().entrySet().stream().anyMatch(e -> {
            Osd before = map.osd(e.getKey());
            return (before.weight() == Osd.OUT) != (e.getValue() == Osd.OUT);
        });
        new TreeMap<>(pending.newState()).forEach((osd, bits) -> {
            if ((bits == 0 || (bits & OsdState.UP) != 0) && map.isUp(osd)) {
                OsdXInfo xinfo =
                        pending.newXinfo().getOrDefault(osd, map.osd(osd).xinfo());
                pending.putXinfo(osd, xinfo.withDownStamp(now));
            }
        });
        if (upChange) {
            pending.newLastUpChange(now);
        }
        if (inChange) {
            pending.newLastInChange(now);
        }
    }

    /** Temporary acting sets of pools that are gone, or without any member that is up, go. Ceph: OSDMap::clean_temps. */
    private void forgetTemporaryMappings(OsdMap next) {
        next.pgTemp().forEach((pg, acting) -> {
            PgPool pool = next.pool(pg.pool());
            boolean gone = pool == null || Integer.compareUnsigned(pg.seed(), pool.pgNum()) >= 0;
            boolean dead = gone || acting.stream().noneMatch(next::isUp);
            if (dead) {
                pending.putPgTemp(pg, List.of());
            }
        });
    }

    /** Whole mappings by hand that no longer fit their pool go. Ceph: OSDMap::check_pg_upmaps. */
    private void forgetUnfitMappings(OsdMap next) {
        next.pgUpmap().forEach((pg, osds) -> {
            PgPool pool = next.pool(pg.pool());
            boolean fits = pool != null
                    && Integer.compareUnsigned(pg.seed(), pool.pgNum()) < 0
                    && osds.size() == pool.size()
                    && osds.stream().allMatch(osd -> next.exists(osd) && next.isIn(osd));
            if (!fits) {
                pending.removePgUpmap(pg);
            }
        });
    }

    private void encodeCreating(StoreTransaction transaction, OsdMapIncremental increment, OsdMap next, Instant now) {
        CreatingPgs changed = creating.without(made);
        for (Map.Entry<Long, PgPool> e : increment.newPools().entrySet()) {
            PgPool before = map.pool(e.getKey());
            int from = before == null ? 0 : before.pgNum();
            if (before == null) {
                changed = changed.with(e.getKey(), from, e.getValue().pgNum(), next.epoch(), now);
            }
        }
        for (long pool : increment.oldPools()) {
            changed = changed.withoutPool(pool);
        }
        for (PgId pg : again) {
            changed = changed.with(pg.pool(), pg.seed(), pg.seed() + 1, next.epoch(), now);
        }
        made.removeAll(again);
        if (!changed.pgs().keySet().equals(storedCreating.pgs().keySet())) {
            transaction.put(CREATING, "creating", CreatingPgs.CODEC.toBytes(changed));
        }
    }

    @Override
    protected void eraseVersion(StoreTransaction transaction, long version) {
        super.eraseVersion(transaction, version);
        transaction.erase(prefix(), FULL + version);
    }

    /** An OSD has made a placement group: it need not be told any more. Stored along with the next map: to be told once more after a restart does no harm. */
    public void created(PgId pg) {
        if (creating.pgs().containsKey(pg) && made.add(pg)) {
            leftByPool.merge(pg.pool(), -1, Integer::sum);
        }
    }

    /** Once all groups of a new pool are there, the pool is not being created any more: only while it is do OSDs make groups for it. Runs while the map may be changed. */
    @Override
    public void tick() {
        pendingMap().pools().forEach((id, pool) -> {
            boolean isCommitted = map.pool(id) != null;
            if (pool.has(PoolFlag.CREATING) && isCommitted && leftByPool.getOrDefault(id, 0) == 0) {
                change(inc -> inc.putPool(
                        id, pool.toBuilder().flag(PoolFlag.CREATING, false).build()));
            }
        });
    }

    public void rememberMetadata(int osd, Map<String, String> metadata) {
        pendingMetadata.put(osd, metadata);
    }

    public Map<String, String> metadata(int osd) {
        Bytes stored = store().get(METADATA, Integer.toString(osd));
        return stored == null ? Map.of() : DaemonMetadata.decode(stored);
    }

    @Override
    protected void afterCommit() {
        sessions.subscribers("osdmap", (session, s) -> sendMaps(session));
        sessions.subscribers("osd_pg_creates", (session, s) -> sendCreates(session));
    }

    /** Sends a subscriber what it lacks, if there is anything. */
    public void sendMaps(Session session) {
        Session.Subscription s = session.subscriptions().get("osdmap");
        if (s == null || Long.compareUnsigned(map.epoch(), s.next()) < 0 || map.epoch() == 0) {
            return;
        }
        if (s.next() == 0) {
            session.send(fullMap(map.epoch()));
        } else {
            sendIncrements(session, (int) s.next());
        }
        session.osdEpoch(map.epoch());
        session.sent("osdmap", map.epoch());
    }

    private OsdMapMessage fullMap(int epoch) {
        return message(Map.of(), Map.of(epoch, encodedFull(epoch)));
    }

    private OsdMapMessage message(Map<Integer, Bytes> increments, Map<Integer, Bytes> fulls) {
        return new OsdMapMessage(fsid, increments, fulls, (int) firstCommitted(), map.epoch(), Map.of());
    }

    /** All increments from {@code first} on; from the oldest full map on where that is trimmed. */
    public void sendIncrements(Session session, int first) {
        int at = first;
        int oldest = (int) firstCommitted();
        if (at < oldest) {
            session.send(fullMap(oldest));
            at = oldest + 1;
        }
        while (at <= map.epoch()) {
            Map<Integer, Bytes> part = new TreeMap<>();
            for (; at <= map.epoch() && part.size() < MAX_MAPS_A_MESSAGE; at++) {
                part.put(at, encodedIncrement(at));
            }
            session.send(message(part, Map.of()));
        }
    }

    /** Sends an OSD what it lacks, as far as that is known: it has the map of {@code has} at least. */
    void sendNewerMaps(Session session, int has) {
        int known = Math.max(has, session.osdEpoch());
        if (known < map.epoch()) {
            sendIncrements(session, known + 1);
            session.osdEpoch(map.epoch());
        }
    }

    /** Whether a session is with the very instance of an OSD that the map has as up. */
    boolean isUpInstance(Session session, int osd) {
        OsdMap pendingNow = pendingMap();
        return pendingNow.isUp(osd) && pendingNow.osd(osd).client().equals(session.addrs());
    }

    /** Exactly the epochs asked for, as far as they are there. Ceph: MMonGetOSDMap. */
    public OsdMapMessage maps(int fullFirst, int fullLast, int incrementalFirst, int incrementalLast) {
        Map<Integer, Bytes> fulls = new TreeMap<>();
        Map<Integer, Bytes> increments = new TreeMap<>();
        int oldest = (int) firstCommitted();
        if (fullLast != 0) {
            for (int e = Math.max(fullFirst, oldest);
                    e <= Math.min(fullLast, map.epoch()) && fulls.size() < MAX_MAPS_A_MESSAGE;
                    e++) {
                fulls.put(e, encodedFull(e));
            }
        }
        if (incrementalLast != 0) {
            for (int e = Math.max(incrementalFirst, oldest);
                    e <= Math.min(incrementalLast, map.epoch()) && increments.size() < MAX_MAPS_A_MESSAGE;
                    e++) {
                increments.put(e, encodedIncrement(e));
            }
        }
        return message(increments, fulls);
    }

    private Bytes encodedFull(int epoch) {
        Bytes full = stored(FULL + Integer.toUnsignedString(epoch));
        return full == null ? Bytes.EMPTY : full;
    }

    private Bytes encodedIncrement(int epoch) {
        Bytes increment = stored(Integer.toUnsignedString(epoch));
        return increment == null ? Bytes.EMPTY : increment;
    }

    /** An older epoch's map, or null if it is not there. */
    public @Nullable OsdMap mapOf(long epoch) {
        if (epoch == map.epoch()) {
            return map;
        }
        Bytes full = stored(FULL + epoch);
        return full == null ? null : OsdMap.CODEC.fromBytes(full);
    }

    /** Tells an OSD which placement groups it must make. Ceph: send_pg_creates. */
    public void sendCreates(Session session) {
        Session.Subscription s = session.subscriptions().get("osd_pg_creates");
        int osd = osdOf(session);
        if (s == null || osd < 0) {
            return;
        }
        Map<ShardPgId, OsdPgCreate2.Created> mine = new TreeMap<>();
        creatingByPrimary.getOrDefault(osd, Collections.emptySortedMap()).forEach((pg, c) -> {
            if (!made.contains(pg) && c.sinceEpoch() >= s.next()) {
                mine.put(ShardPgId.replica(pg), new OsdPgCreate2.Created(c.createdEpoch(), c.stamp()));
            }
        });
        if (!mine.isEmpty()) {
            session.send(new OsdPgCreate2(map.epoch(), mine, Map.of()));
        }
        session.sent("osd_pg_creates", map.epoch());
    }

    /** The number of the OSD at the other end, or -1. */
    public static int osdOf(Session session) {
        if (session.name().type() != io.spirula.common.types.EntityType.OSD) {
            return -1;
        }
        try {
            return Integer.parseInt(session.name().id());
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
