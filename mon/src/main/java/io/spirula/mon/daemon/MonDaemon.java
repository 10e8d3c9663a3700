package io.spirula.mon.daemon;

import io.spirula.common.auth.AuthSettings;
import io.spirula.common.auth.Keyring;
import io.spirula.common.auth.MonAuthClient;
import io.spirula.common.auth.MonAuthServer;
import io.spirula.common.auth.TicketTimes;
import io.spirula.common.command.CommandTable;
import io.spirula.common.config.Config;
import io.spirula.common.config.ConfigReport;
import io.spirula.common.config.Live;
import io.spirula.common.config.MonHosts;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.env.Clock;
import io.spirula.common.env.Reactor;
import io.spirula.common.maps.MonMap;
import io.spirula.common.message.LogAck;
import io.spirula.common.message.LogEntry;
import io.spirula.common.message.LogMessage;
import io.spirula.common.message.MgrReport;
import io.spirula.common.message.MonGlobalId;
import io.spirula.common.msgr.Messenger;
import io.spirula.common.msgr.Traffic;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.Uuid;
import io.spirula.mon.CommandRunner;
import io.spirula.mon.MonPeers;
import io.spirula.mon.Monitor;
import io.spirula.mon.Permit;
import io.spirula.mon.Services;
import io.spirula.mon.election.Elector;
import io.spirula.mon.mgr.DaemonHealth;
import io.spirula.mon.mgr.PgMap;
import io.spirula.mon.mgr.Progress;
import io.spirula.mon.paxos.PaxosDriver;
import io.spirula.mon.paxos.PaxosSettings;
import io.spirula.mon.quorum.Membership;
import io.spirula.mon.quorum.MonState;
import io.spirula.mon.quorum.StoreSync;
import io.spirula.mon.quorum.TimeCheck;
import io.spirula.mon.service.AuthService;
import io.spirula.mon.service.Commands;
import io.spirula.mon.service.ConfigKeyService;
import io.spirula.mon.service.ConfigService;
import io.spirula.mon.service.CrashCommands;
import io.spirula.mon.service.ElectionAdmin;
import io.spirula.mon.service.HealthMutes;
import io.spirula.mon.service.HealthService;
import io.spirula.mon.service.LogService;
import io.spirula.mon.service.MgrmapService;
import io.spirula.mon.service.MonitorAdmin;
import io.spirula.mon.service.MonmapService;
import io.spirula.mon.service.OsdReports;
import io.spirula.mon.service.OsdmapService;
import io.spirula.mon.service.PaxosService;
import io.spirula.mon.service.PoolQuotas;
import io.spirula.mon.service.PoolRequests;
import io.spirula.mon.service.Proposals;
import io.spirula.mon.session.MonOps;
import io.spirula.mon.session.Sessions;
import io.spirula.mon.store.Committer;
import io.spirula.mon.store.KeyValueStore;
import io.spirula.mon.store.StoreFailure;
import io.spirula.mon.store.StoreTransaction;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
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
    private final EntityAddrs addrs;
    private final Services services;
    private final List<PaxosService> all;
    private final OsdReports osdReports;
    private final PoolQuotas poolQuotas;
    private final ResidentManager manager;
    private final Monitor monitor;
    private final MonPeers peers;
    private final Membership membership;
    private final TimeCheck timeCheck;
    private final Elector elector;
    private final CommandTable adminTable;
    private final Messenger messenger;
    private final ConfigReport configReport;
    private final MapNews news;
    private final MonitorAdmin.Elections elections;
    private Runnable whenRemoved = this::stop;
    private Reactor.@Nullable Timer timer;
    private long leftNanos;
    private long askedForIdsNanos = Long.MIN_VALUE;
    private boolean stopped;

    /** Throws {@link StoreFailure} where the store is no monitor's, or nobody can tell where this one listens. */
    public MonDaemon(String name, Env env) {
        this.name = name;
        this.env = env;
        KeyValueStore store = env.store();
        Config config = env.config();
        Config managerConfig = config.as(new EntityName(EntityType.MGR, config.string("mgr_name", "x")));
        Clock clock = env.clock();
        Reactor reactor = env.reactor();
        MonMap initialMap = NewStore.map(store);
        Keyring initialKeyring = NewStore.keyring(store);
        addrs = addresses(name, initialMap, config);
        Uuid fsid = initialMap.fsid();
        Sessions sessions = new Sessions();
        EntityName self = new EntityName(EntityType.MON, name);

        MonmapService monmap = new MonmapService(store, clock, sessions, initialMap);
        OsdmapService osdmap =
                new OsdmapService(store, clock, fsid, sessions, () -> InitialMaps.osdMap(fsid, config, clock));
        AuthService auth =
                new AuthService(name, store, clock, env.random(), Live.of(config, TicketTimes::of), initialKeyring);
        MgrmapService mgrmap = new MgrmapService(store, clock, sessions);
        ConfigKeyService configKeys = new ConfigKeyService(store, sessions);
        ConfigService configService =
                new ConfigService(store, configKeys, sessions, clock, osdmap::map, List.of(config, managerConfig));
        LogService log = new LogService(
                store, reactor, fsid, sessions, self, () -> monmap.map().rank(name), addrs, config);
        HealthMutes healthMutes = new HealthMutes(store, clock, log);
        all = List.of(monmap, osdmap, auth, mgrmap, configService, configKeys, healthMutes, log);
        PaxosDriver paxos = new PaxosDriver(store, env.committer(), reactor, PaxosSettings.of(config));
        Proposals proposals = new Proposals(paxos, reactor, all);
        PgMap pgMap = new PgMap();
        DaemonHealth daemonHealth = new DaemonHealth();
        HealthService health = new HealthService(osdmap, mgrmap, pgMap, daemonHealth, log, healthMutes, config, clock);
        poolQuotas = new PoolQuotas(osdmap, pgMap, log);
        osdReports = new OsdReports(osdmap, proposals, log, clock, config);

        AuthSettings settings = AuthSettings.configured(EntityType.MON, config);
        MonAuthServer authServer = new MonAuthServer(
                settings,
                auth.keyServer(),
                auth,
                () -> config.bool("auth_allow_insecure_global_id_reclaim", true),
                env.random());
        MonAuthClient authClient =
                new MonAuthClient(settings, new EntityName(EntityType.MON, ""), auth.keyServer(), env.random());
        messenger = env.messengers().monitor(initialMap.rank(name), authClient, authServer);
        QuorumMember quorum = QuorumMember.of(name, addrs, env, monmap, paxos, messenger, new Standing());
        membership = quorum.membership();
        elector = quorum.elector();
        timeCheck = quorum.timeCheck();
        paxos.tellWithLeases(sessions.told());
        paxos.listen(new QuorumWork(proposals, membership));
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
                new Progress(clock, env.random(), () -> managerConfig.bool("mgr/progress/enabled", true)),
                sessions,
                proposals,
                paxos,
                membership::status,
                timeCheck::status);

        CommandTable table = new CommandTable();
        adminTable = new CommandTable();
        CommandRunner commands = new CommandRunner(table, proposals, log, this::auditManager);
        PoolRequests poolRequests = new PoolRequests(
                osdmap, proposals, pgMap, clock, auth, (call, reply) -> commands.run(call, Permit.EVERYTHING, reply));
        peers = new MonPeers(membership, quorum.reach(), timeCheck, monmap, auth, proposals);
        MonOps ops = new MonOps(config, clock);
        monitor = new Monitor(services, authServer, commands, adminTable, osdReports, poolRequests, peers, ops, clock);
        messenger.setDispatcher(monitor);

        manager = new ResidentManager(name, env, managerConfig, services, daemonHealth, commands, authClient);
        Traffic traffic = new Traffic();
        messenger.countIn(traffic);
        MonitorAdmin admin = new MonitorAdmin(
                services, table, ops, config, List.of(paxos.counters().group(), traffic.group()));
        admin.register(adminTable);
        new ElectionAdmin(quorum.connectivity(), membership).register(adminTable);
        elections = admin.elections();
        CrashCommands crashes = new CrashCommands(configKeys, managerConfig, clock);
        health.crashChecks(crashes::check);
        new Commands(
                        name,
                        services,
                        config,
                        clock,
                        env.metadata(),
                        crashes,
                        manager.daemonConfigs(),
                        List.of(config, managerConfig),
                        manager::send)
                .register(table);
        manager.register(table);
        osdmap.listen(map -> pgMap.follow(map, clock.now()));
        osdmap.listen(map -> configService.placesChanged());
        osdmap.trimUpTo(pgMap::minLastEpochClean, () -> config.integer("mon_min_osdmap_epochs", 500));
        log.joins(new Lines());
        news = new MapNews(services);
        configReport = new ConfigReport(config);
        peers.configs(manager.daemonConfigs()::reported);
        auth.wantsGlobalIds(this::askForGlobalIds);
        auth.serves(() -> membership.state().isInQuorum());
        health.quorumChecks(new QuorumHealth(name, services, manager.daemonConfigs(), config)::check);
        monmap.listen(() -> reactor.execute(() -> membership.bootstrap("the monitor map changed")));
    }

    /** Where this monitor listens: as the map has it, or, for one that is not in the map yet, as it is configured. */
    private static EntityAddrs addresses(String name, MonMap map, Config config) {
        EntityAddrs mapped = map.addrs(name);
        if (mapped != null) {
            return mapped;
        }
        String configured = config.string("public_addr", config.string("mon_addr", ""));
        if (configured.isBlank()) {
            throw new StoreFailure("no monitor '" + name + "' in the monitor map " + map.ranks()
                    + ": start it with the name it was made with (-i), or say where a new one listens (--public-addr)");
        }
        return MonHosts.parse(configured).get(0);
    }

    /**
     * Makes a new monitor's store: durable when this returns.
     *
     * @param keyring the keys that a new cluster starts with, {@code mon.} among them
     */
    public static void makeStore(KeyValueStore store, MonMap map, Keyring keyring) {
        store.apply(NewStore.contents(map, keyring));
    }

    /** Listens and looks for the other monitors. Throws UncheckedIOException where the address cannot be had. */
    public void start() {
        if (!StoreSync.isUnfinished(env.store())) {
            services.proposals().load();
        }
        services.auth().started(true);
        env.config().started();
        EntityAddr mine = addrs.msgr2();
        if (mine == null) {
            throw new StoreFailure("monitor '" + name + "' has no address that speaks msgr2: " + addrs);
        }
        messenger.bind(mine);
        manager.bind(mine.host());
        leftNanos = env.clock().nanoTime();
        membership.start();
        timer = env.reactor().schedule(untilTick(), this::tick);
    }

    /** Who is told that the monitor map lacks this monitor; it has stopped by then. */
    public void whenRemoved(Runnable listener) {
        whenRemoved = () -> {
            stop();
            listener.run();
        };
    }

    /** What becoming and ceasing to be a part of the quorum means for everything else. */
    private final class Standing implements Membership.Listener {
        @Override
        public void leads(int epoch, SortedSet<Integer> quorum) {
            elections.all().increment();
            elections.won().increment();
            services.proposals().lead();
            services.sessions().forgetElsewhere();
            osdReports.begin();
            manager.activate();
            timeCheck.lead(epoch, membership.rank(), membership.others());
            services.proposals().whenWriteable(() -> lead(quorum));
            inQuorum(epoch);
        }

        private void lead(SortedSet<Integer> quorum) {
            manager.publish();
            StoreTransaction metadata = new StoreTransaction();
            services.monmap().rememberMetadata(name, env.metadata(), metadata);
            elector.peerMetadata().forEach((rank, m) -> {
                if (quorum.contains(rank)) {
                    services.monmap()
                            .rememberMetadata(services.monmap().map().ranks().get(rank), m, metadata);
                }
            });
            services.proposals().commitBeside(metadata);
            services.auth().tick();
            List<String> names = quorum.stream()
                    .map(rank -> services.monmap().map().ranks().get(rank))
                    .toList();
            services.log().log(
                    LogEntry.Level.INFO,
                    "mon." + name + " is new leader, mons " + String.join(",", names) + " in quorum (ranks "
                            + quorum.stream().map(String::valueOf).collect(Collectors.joining(",")) + ")");
            news.begin();
            if (quorum.size() > 1) {
                services.health().sayOverall();
            }
        }

        @Override
        public void callsElection() {
            elections.called().increment();
            services.log().info("mon." + name + " calling monitor election");
        }

        @Override
        public void follows(int epoch, int leader, SortedSet<Integer> quorum) {
            elections.all().increment();
            elections.lost().increment();
            manager.deactivate();
            services.progress().end();
            timeCheck.stop();
            inQuorum(epoch);
            if (services.auth().needsGlobalIds()) {
                askForGlobalIds();
            }
            reportConfig(configReport.whole());
        }

        private void inQuorum(int epoch) {
            monitor.quorum(epoch, membership.leader(), membership.state() == MonState.LEADER);
            services.log().quorumFormed();
            manager.quorumFormed();
        }

        @Override
        public void left() {
            leftNanos = env.clock().nanoTime();
            services.proposals().lost();
            timeCheck.stop();
            monitor.noQuorum();
        }

        @Override
        public void storeReplaced() {
            services.auth().started(false);
            services.proposals().load();
            services.auth().started(true);
        }

        @Override
        public void removed() {
            env.reactor().execute(whenRemoved);
        }

        @Override
        public void joined() {
            env.committer().commit(new StoreTransaction().put(Elector.PREFIX, "joined", 1), () -> {});
        }

        @Override
        public void adopt(MonMap newer) {
            services.monmap().adopt(newer);
        }
    }

    /** How this monitor's lines get into the cluster log. */
    private final class Lines implements LogService.Quorum {
        @Override
        public boolean exists() {
            return membership.state().isInQuorum();
        }

        @Override
        public void submit(LogMessage lines, Consumer<LogAck> acknowledge) {
            if (services.proposals().isLeading()) {
                monitor.log(lines, acknowledge);
            } else {
                peers.tellLeader(lines);
            }
        }
    }

    private void auditManager(LogEntry.Level level, String text) {
        manager.audit(level, text);
    }

    private void askForGlobalIds() {
        long now = env.clock().nanoTime();
        if (askedForIdsNanos != Long.MIN_VALUE
                && now - askedForIdsNanos < Duration.ofSeconds(1).toNanos()) {
            return;
        }
        askedForIdsNanos = now;
        if (services.proposals().isLeading()) {
            services.proposals().whenWriteable(() -> services.auth().reserveGlobalIds(name));
        } else {
            peers.tellLeader(new MonGlobalId(services.auth().lastGlobalId()));
        }
    }

    /** Tells the manager, who is where the leader is, how this monitor is set up. */
    private void reportConfig(Bytes options) {
        if (!options.isEmpty()) {
            peers.tellLeader(new MgrReport(
                    name,
                    List.of(),
                    Bytes.EMPTY,
                    List.of(),
                    EntityType.MON.toString(),
                    null,
                    List.of(),
                    options,
                    MgrReport.NO_METRICS));
        }
    }

    private Duration untilTick() {
        Duration configured = env.config().span("mon_tick_interval", TICK);
        return configured.isPositive() ? configured : TICK;
    }

    private void tick() {
        if (stopped) {
            return;
        }
        timer = env.reactor().schedule(untilTick(), this::tick);
        monitor.tick();
        long lease = PaxosSettings.of(env.config()).lease().toNanos();
        if (!membership.state().isInQuorum() && env.clock().nanoTime() - leftNanos > 2 * lease) {
            monitor.dropSessions();
        }
        if (services.proposals().isLeading()) {
            services.proposals().whenWriteable(() -> {
                all.forEach(PaxosService::tick);
                osdReports.tick();
                poolQuotas.tick();
                manager.tick();
                services.health().tick();
            });
            services.pgMap().sample(env.clock().now());
            services.progress().tick(services.osdmap().map(), services.pgMap().pgs());
        } else if (membership.state() == MonState.PEON) {
            reportConfig(configReport.news());
            if (services.auth().needsGlobalIds()) {
                askForGlobalIds();
            }
        }
    }

    public void stop() {
        stopped = true;
        if (timer != null) {
            timer.cancel();
        }
        timeCheck.stop();
        membership.stop();
        manager.stop();
        messenger.shutdown();
    }

    /** Where it listens. */
    public EntityAddrs addrs() {
        return messenger.addrs();
    }

    /** What this very monitor can be asked: for its admin socket. */
    public CommandTable adminCommands() {
        return adminTable;
    }

    public Services services() {
        return services;
    }
}
