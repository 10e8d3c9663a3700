package io.spirula.mon.daemon;

import io.spirula.common.auth.AuthSettings;
import io.spirula.common.auth.Keyring;
import io.spirula.common.auth.MonAuthClient;
import io.spirula.common.auth.MonAuthServer;
import io.spirula.common.auth.ServiceAuthServer;
import io.spirula.common.command.CommandTable;
import io.spirula.common.config.Config;
import io.spirula.common.env.Clock;
import io.spirula.common.env.Reactor;
import io.spirula.common.maps.MonMap;
import io.spirula.common.msgr.Messenger;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.Uuid;
import io.spirula.mon.CommandRunner;
import io.spirula.mon.Monitor;
import io.spirula.mon.Permit;
import io.spirula.mon.Services;
import io.spirula.mon.mgr.DaemonHealth;
import io.spirula.mon.mgr.ManagerRole;
import io.spirula.mon.mgr.PgMap;
import io.spirula.mon.paxos.PaxosDriver;
import io.spirula.mon.service.AuthService;
import io.spirula.mon.service.Commands;
import io.spirula.mon.service.ConfigKeyService;
import io.spirula.mon.service.ConfigService;
import io.spirula.mon.service.HealthService;
import io.spirula.mon.service.LogService;
import io.spirula.mon.service.MgrmapService;
import io.spirula.mon.service.MonmapService;
import io.spirula.mon.service.OsdReports;
import io.spirula.mon.service.OsdmapService;
import io.spirula.mon.service.PaxosService;
import io.spirula.mon.service.PoolQuotas;
import io.spirula.mon.service.PoolRequests;
import io.spirula.mon.service.Proposals;
import io.spirula.mon.session.Sessions;
import io.spirula.mon.store.Committer;
import io.spirula.mon.store.KeyValueStore;
import io.spirula.mon.store.StoreFailure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One monitor, put together from what it runs on. It starts no thread: everything happens on its reactor, which in production is an event loop and in the simulator the one queue of events. {@link #start} and {@link #stop}
 * are called there, too.
 */
public final class MonDaemon {
    private static final Duration TICK = Duration.ofSeconds(5);

    /** What a monitor runs on. */
    public record Env(
            Reactor reactor,
            RandomGenerator random,
            KeyValueStore store,
            Committer committer,
            MessengerFactory messengers,
            Config config,
            Map<String, String> metadata) {
        public Clock clock() {
            return reactor.clock();
        }
    }

    private final Env env;
    private final String name;
    private final MonMap monMap;
    private final EntityAddrs addrs;
    private final Services services;
    private final List<PaxosService> all;
    private final OsdReports osdReports;
    private final PoolQuotas poolQuotas;
    private final ManagerRole manager;
    private final Messenger messenger;
    private final Messenger managerMessenger;
    private Reactor.@Nullable Timer timer;
    private boolean stopped;

    /** Throws {@link StoreFailure} where the store does not know this monitor. */
    public MonDaemon(String name, Env env) {
        this(name, env, loadMap(env.store()), Keyring.EMPTY);
    }

    private MonDaemon(String name, Env env, MonMap initialMap, Keyring initialKeyring) {
        this.name = name;
        this.env = env;
        monMap = initialMap;
        EntityAddrs mine = monMap.addrs(name);
        if (mine == null) {
            throw new StoreFailure("no monitor '" + name + "' in the monitor map " + monMap.ranks()
                    + ": start it with the name it was made with (-i)");
        }
        addrs = mine;
        Config config = env.config();
        Config managerConfig = config.as(new EntityName(EntityType.MGR, config.string("mgr_name", "x")));
        Clock clock = env.clock();
        Uuid fsid = monMap.fsid();
        KeyValueStore store = env.store();
        Sessions sessions = new Sessions();
        EntityName self = new EntityName(EntityType.MON, name);

        MonmapService monmap = new MonmapService(store, clock, sessions, monMap);
        OsdmapService osdmap =
                new OsdmapService(store, clock, fsid, sessions, () -> InitialMaps.osdMap(fsid, config, clock));
        AuthService auth = new AuthService(
                store,
                clock,
                env.random(),
                config.span("auth_mon_ticket_ttl", Duration.ofDays(3)),
                config.span("auth_service_ticket_ttl", Duration.ofHours(1)),
                initialKeyring);
        MgrmapService mgrmap = new MgrmapService(store, clock, sessions);
        ConfigKeyService configKeys = new ConfigKeyService(store, sessions);
        ConfigService configService =
                new ConfigService(store, configKeys, sessions, clock, osdmap::map, List.of(config, managerConfig));
        LogService log = new LogService(store, clock, fsid, sessions, self, addrs);
        all = List.of(monmap, osdmap, auth, mgrmap, configService, configKeys, log);
        PaxosDriver paxos = new PaxosDriver(Math.max(0, monMap.rank(name)), store, env.committer());
        Proposals proposals = new Proposals(paxos, env.reactor(), all);
        PgMap pgMap = new PgMap();
        DaemonHealth daemonHealth = new DaemonHealth();
        HealthService health = new HealthService(osdmap, mgrmap, pgMap, daemonHealth, log, config, clock);
        services = new Services(
                monmap,
                osdmap,
                auth,
                mgrmap,
                configService,
                configKeys,
                log,
                health,
                pgMap,
                sessions,
                proposals,
                paxos);
        poolQuotas = new PoolQuotas(osdmap, pgMap, log);
        osdReports = new OsdReports(osdmap, proposals, log, clock, config);

        CommandTable table = new CommandTable();
        CommandRunner commands = new CommandRunner(table, proposals, log);
        PoolRequests poolRequests = new PoolRequests(
                osdmap, proposals, pgMap, clock, auth, (call, reply) -> commands.run(call, Permit.EVERYTHING, reply));
        AuthSettings settings = AuthSettings.configured(EntityType.MON, config);
        MonAuthServer authServer = new MonAuthServer(
                settings,
                auth.keyServer(),
                auth,
                config.bool("auth_allow_insecure_global_id_reclaim", true),
                env.random());
        MonAuthClient authClient =
                new MonAuthClient(settings, new EntityName(EntityType.MON, ""), auth.keyServer(), env.random());
        messenger = env.messengers().monitor(monMap.rank(name), authClient, authServer);
        messenger.setDispatcher(new Monitor(services, authServer, commands, osdReports, poolRequests));

        manager = new ManagerRole(osdmap, pgMap, daemonHealth, commands, fsid, clock, managerConfig);
        ServiceAuthServer managerAuth =
                new ServiceAuthServer(AuthSettings.configured(EntityType.MGR, config), auth.keyServer(), env.random());
        managerMessenger = env.messengers().manager(authClient, managerAuth);
        managerMessenger.setDispatcher(manager);
        new Commands(name, services, config, clock, env.metadata()).register(table);
        osdmap.listen(map -> pgMap.follow(map, clock.now()));
        osdmap.listen(map -> configService.placesChanged());
        osdmap.trimUpTo(pgMap::minLastEpochClean);
    }

    private static MonMap loadMap(KeyValueStore store) {
        MonMap map = MonmapService.load(store);
        if (map == null) {
            throw new StoreFailure("the store holds no monitor map: run ceph-mon --mkfs");
        }
        return map;
    }

    /**
     * Makes a new monitor's store: one commit with the first version of every map.
     *
     * @param keyring the keys that the cluster starts with, {@code mon.} among them
     */
    public static void makeStore(String name, Env env, MonMap monMap, Keyring keyring) {
        new MonDaemon(name, env, monMap, keyring).writeInitial();
    }

    private void writeInitial() {
        var first = io.spirula.mon.store.StoreFormat.mark();
        services.proposals().load();
        services.monmap().rememberMetadata(name, env.metadata(), first);
        services.proposals().createInitial(first);
        env.store().apply(first);
    }

    /** Listens and serves. Throws UncheckedIOException where the address cannot be had. */
    public void start() {
        services.proposals().load();
        env.config().started();
        EntityAddr mine = addrs.msgr2();
        if (mine == null) {
            throw new StoreFailure("monitor '" + name + "' has no address that speaks msgr2: " + addrs);
        }
        messenger.bind(mine);
        managerMessenger.bind(EntityAddr.msgr2(
                env.config().string("mgr_host", mine.host()), (int) env.config().integer("mgr_port", 0), nonce()));
        services.paxos().lead(new TreeSet<>(List.of(Math.max(0, monMap.rank(name)))));
        services.proposals().whenWriteable(() -> {
            services.mgrmap()
                    .activate(env.config().string("mgr_name", "x"), 4_099, managerMessenger.addrs(), Features.PACIFIC);
            services.auth().tick();
            services.log().log(
                    io.spirula.common.message.LogEntry.Level.INFO,
                    "mon." + name + " is new leader, mons " + name + " in quorum (ranks 0)");
        });
        manager.start();
        timer = env.reactor().schedule(TICK, this::tick);
    }

    private int nonce() {
        return env.random().nextInt(1, Integer.MAX_VALUE);
    }

    private void tick() {
        if (stopped) {
            return;
        }
        services.proposals().whenWriteable(() -> {
            all.forEach(PaxosService::tick);
            osdReports.tick();
            poolQuotas.tick();
            services.health().tick();
        });
        services.pgMap().sample(env.clock().now());
        timer = env.reactor().schedule(TICK, this::tick);
    }

    public void stop() {
        stopped = true;
        if (timer != null) {
            timer.cancel();
        }
        manager.stop();
        messenger.shutdown();
        managerMessenger.shutdown();
    }

    /** Where it listens. */
    public EntityAddrs addrs() {
        return messenger.addrs();
    }

    public Services services() {
        return services;
    }
}
