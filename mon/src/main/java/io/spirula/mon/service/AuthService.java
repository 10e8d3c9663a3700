package io.spirula.mon.service;

import io.spirula.common.auth.CryptoKey;
import io.spirula.common.auth.EntityAuth;
import io.spirula.common.auth.GlobalIds;
import io.spirula.common.auth.KeyServer;
import io.spirula.common.auth.Keyring;
import io.spirula.common.auth.RotatingKeys;
import io.spirula.common.auth.TicketTimes;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.env.Clock;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import io.spirula.mon.store.KeyValueStore;
import io.spirula.mon.store.StoreTransaction;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Who may talk to the cluster: every entity's key and capabilities, the services' rotating secrets, and the numbers that clients are told apart by. Ceph: AuthMonitor. */
public final class AuthService extends PaxosService implements GlobalIds {
    private static final String ENTITIES = "auth_entities";
    private static final String ROTATING = "rotating";
    private static final String MAX_GLOBAL_ID = "max_global_id";
    private static final long FIRST_GLOBAL_ID = 4_100;
    /** How many numbers are reserved by one commit. Ceph: mon_globalid_prealloc. */
    private static final long GLOBAL_IDS_AT_ONCE = 10_000;

    private static final String GLOBAL_IDS_OF = "global_ids.";
    private static final EntityName MON = new EntityName(EntityType.MON, "");
    private static final List<String> BOOTSTRAP = List.of("mds", "mgr", "osd", "rbd", "rbd-mirror", "rgw");
    private static final Codec<EntityAuth> ENTITY = Codec.of(
            (auth, out) -> out.struct(
                    1,
                    1,
                    body -> body.put(CryptoKey.CODEC, auth.key())
                            .map(auth.caps(), (k, o) -> o.string(k), (v, o) -> o.string(v))),
            in -> in.struct(
                    1,
                    (body, v) ->
                            new EntityAuth(body.get(CryptoKey.CODEC), body.map(Decoder::string, Decoder::string))));

    private final Clock clock;
    private final RandomGenerator random;
    private final KeyServer keyServer;
    private SortedMap<EntityName, EntityAuth> entities = new TreeMap<>();
    private final String self;
    private long maxGlobalId;
    /** This monitor's own numbers: the last one given, and the last one that may be. */
    private long lastGlobalId;

    private long lastOwnGlobalId;
    private Runnable wantsGlobalIds = () -> {};
    private BooleanSupplier serving = () -> true;
    private boolean started;
    /** By name; empty for one that is removed. */
    private final TreeMap<EntityName, Optional<EntityAuth>> pendingEntities = new TreeMap<>();

    private @Nullable RotatingKeys pendingRotating;
    private long pendingMaxGlobalId;
    private final TreeMap<String, GlobalIdRange> pendingRanges = new TreeMap<>();
    private final Keyring initialKeyring;

    /** Numbers that one monitor gives to clients. Ceph shares one range out by rank; here each monitor has its own, so that it makes no difference how many there are. */
    private record GlobalIdRange(long first, long last) {
        static final Codec<GlobalIdRange> CODEC =
                Codec.of((r, out) -> out.u64(r.first).u64(r.last), in -> new GlobalIdRange(in.u64(), in.u64()));
    }

    /**
     * @param self this monitor's name
     * @param initialKeyring what a new cluster starts with; the monitors' own key is taken from it until there is a committed one
     */
    public AuthService(
            String self,
            KeyValueStore store,
            Clock clock,
            RandomGenerator random,
            Supplier<TicketTimes> times,
            Keyring initialKeyring) {

        super("auth", store);
        this.self = self;
        this.clock = clock;
        this.random = random;
        this.initialKeyring = initialKeyring;
        keyServer = new KeyServer(this::committed, times, random, clock);
    }

    private @Nullable EntityAuth committed(EntityName name) {
        EntityAuth auth = entities.get(name);
        return auth == null && name.equals(MON) ? initialKeyring.find(name) : auth;
    }

    /** What makes and checks tickets from the committed keys. */
    public KeyServer keyServer() {
        return keyServer;
    }

    @Override
    protected void updateFromPaxos(long version) {
        TreeMap<EntityName, EntityAuth> all = new TreeMap<>();
        store().scan(ENTITIES, "", (name, value) -> {
            all.put(EntityName.parse(name), ENTITY.fromBytes(value));
            return true;
        });
        entities = Collections.unmodifiableSortedMap(all);
        Bytes rotating = stored(ROTATING);
        if (rotating != null) {
            keyServer.setRotating(RotatingKeys.CODEC.fromBytes(rotating));
        }
        maxGlobalId = store().number(prefix(), MAX_GLOBAL_ID);
        Bytes range = stored(GLOBAL_IDS_OF + self);
        if (range != null) {
            GlobalIdRange own = GlobalIdRange.CODEC.fromBytes(range);
            if (own.last() > lastOwnGlobalId) {
                lastOwnGlobalId = own.last();
                // What was reserved before a restart may have been given out: none of it is given again.
                lastGlobalId = started ? own.first() - 1 : own.last();
            }
        }
    }

    /** Whether what is read next was asked for by this process, or was there before. */
    public void started(boolean now) {
        started = now;
    }

    @Override
    protected void createPending() {
        pendingEntities.clear();
        pendingRotating = null;
        pendingMaxGlobalId = 0;
        pendingRanges.clear();
    }

    @Override
    protected void createInitial() {
        initialKeyring.entries().forEach(this::put);
        for (String service : BOOTSTRAP) {
            EntityName name = EntityName.client("bootstrap-" + service);
            if (!initialKeyring.entries().containsKey(name)) {
                put(name, new EntityAuth(newKey(), Map.of("mon", "allow profile bootstrap-" + service)));
            }
        }
        pendingMaxGlobalId = FIRST_GLOBAL_ID;
        reserveGlobalIds(self);
        pendingRotating = keyServer.dueRotation();
        propose();
    }

    @Override
    protected void encodePending(StoreTransaction transaction, long version) {
        pendingEntities.forEach((name, auth) -> {
            if (auth.isEmpty()) {
                transaction.erase(ENTITIES, name.toString());
            } else {
                transaction.put(ENTITIES, name.toString(), ENTITY.toBytes(auth.get()));
            }
        });
        if (pendingRotating != null) {
            transaction.put(prefix(), ROTATING, RotatingKeys.CODEC.toBytes(pendingRotating));
        }
        if (pendingMaxGlobalId != 0) {
            transaction.put(prefix(), MAX_GLOBAL_ID, pendingMaxGlobalId);
        }
        pendingRanges.forEach((monitor, range) ->
                transaction.put(prefix(), GLOBAL_IDS_OF + monitor, GlobalIdRange.CODEC.toBytes(range)));
    }

    @Override
    public void tick() {
        RotatingKeys due = keyServer.dueRotation();
        if (due != null) {
            pendingRotating = due;
            propose();
        }
        if (needsGlobalIds()) {
            reserveGlobalIds(self);
        }
    }

    /** Who is told when this monitor should have more numbers for clients. */
    public void wantsGlobalIds(Runnable listener) {
        wantsGlobalIds = listener;
    }

    public boolean needsGlobalIds() {
        return lastOwnGlobalId - lastGlobalId < GLOBAL_IDS_AT_ONCE / 2;
    }

    /** Gives a monitor the next numbers, once they are committed. On the leader only. */
    public void reserveGlobalIds(String monitor) {
        if (!pendingRanges.containsKey(monitor)) {
            long first = Math.max(maxGlobalId, pendingMaxGlobalId) + 1;
            pendingMaxGlobalId = first + GLOBAL_IDS_AT_ONCE - 1;
            pendingRanges.put(monitor, new GlobalIdRange(first, pendingMaxGlobalId));
            propose();
        }
    }

    public long lastGlobalId() {
        return lastGlobalId;
    }

    /** What tells whether this monitor is in a quorum: outside it, clients had better look elsewhere. */
    public void serves(BooleanSupplier whether) {
        serving = whether;
    }

    @Override
    public boolean isServing() {
        return serving.getAsBoolean();
    }

    @Override
    public long assign() {
        if (needsGlobalIds()) {
            wantsGlobalIds.run();
        }
        return lastGlobalId >= lastOwnGlobalId ? 0 : ++lastGlobalId;
    }

    public SortedMap<EntityName, EntityAuth> entities() {
        return entities;
    }

    /** An entity as it will be once what is pending is committed. */
    public @Nullable EntityAuth find(EntityName name) {
        return pendingEntities
                .getOrDefault(name, Optional.ofNullable(entities.get(name)))
                .orElse(null);
    }

    public CryptoKey newKey() {
        return CryptoKey.generate(random, clock.now());
    }

    void put(EntityName name, EntityAuth auth) {
        propose();
        pendingEntities.put(name, Optional.of(auth));
    }

    void remove(EntityName name) {
        propose();
        pendingEntities.put(name, Optional.empty());
    }
}
