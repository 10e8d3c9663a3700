package io.spirula.mon.daemon;

import io.spirula.common.auth.AuthSettings;
import io.spirula.common.auth.MonAuthClient;
import io.spirula.common.auth.ServiceAuthServer;
import io.spirula.common.command.CommandTable;
import io.spirula.common.config.Config;
import io.spirula.common.maps.MgrMap;
import io.spirula.common.message.LogEntry;
import io.spirula.common.message.Message;
import io.spirula.common.monclient.ClusterLogClient;
import io.spirula.common.msgr.Messenger;
import io.spirula.common.msgr.Traffic;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityType;
import io.spirula.mon.CommandRunner;
import io.spirula.mon.Services;
import io.spirula.mon.mgr.DaemonConfigs;
import io.spirula.mon.mgr.DaemonHealth;
import io.spirula.mon.mgr.ManagerRole;
import io.spirula.mon.service.AutoscaleCommands;
import io.spirula.mon.service.Balancer;
import io.spirula.mon.service.BalancerCommands;
import io.spirula.mon.service.ManagerAdmin;
import io.spirula.mon.service.PgNumSteps;
import io.spirula.mon.service.PoolAutoscale;
import java.time.ZoneId;

/** The manager that every monitor has and the leader's is in office: its address, its log, its modules. To everybody else it is a daemon of its own, {@code mgr.x}. */
final class ResidentManager {
    private static final long GLOBAL_ID = 4_099;

    private final String monitor;
    private final MonDaemon.Env env;
    private final Config config;
    private final Services services;
    private final DaemonConfigs daemonConfigs = new DaemonConfigs();
    private final ManagerRole role;
    private final Messenger messenger;
    private final ClusterLogClient log;
    private final Balancer balancer;
    private final PoolAutoscale autoscale;
    private final PgNumSteps pgNumSteps;

    /** @param config the monitor's configuration, as the manager's */
    ResidentManager(
            String monitor,
            MonDaemon.Env env,
            Config config,
            Services services,
            DaemonHealth daemonHealth,
            CommandRunner commands,
            MonAuthClient authClient) {
        this.monitor = monitor;
        this.env = env;
        this.config = config;
        this.services = services;
        Traffic traffic = new Traffic();
        CommandTable own = new CommandTable();
        new ManagerAdmin(services.mgrmap(), config, traffic.group()).register(own);
        role = new ManagerRole(
                services.osdmap(),
                services.pgMap(),
                daemonHealth,
                daemonConfigs,
                commands,
                own,
                services.monmap().map().fsid(),
                env.clock(),
                config);
        messenger = env.messengers()
                .manager(
                        authClient,
                        new ServiceAuthServer(
                                AuthSettings.configured(EntityType.MGR, env.config()),
                                services.auth().keyServer(),
                                env.random()));
        messenger.setDispatcher(role);
        messenger.countIn(traffic);
        balancer = new Balancer(
                services.osdmap(),
                services.pgMap(),
                services.proposals(),
                config,
                env.reactor(),
                ZoneId.systemDefault());
        autoscale = new PoolAutoscale(services.osdmap(), services.pgMap(), config, env.clock());
        pgNumSteps = new PgNumSteps(services.osdmap(), services.pgMap(), config, env.clock());
        log = services.log()
                .client(config.name(), () -> new EntityId(EntityType.MGR, GLOBAL_ID), messenger::addrs, env.reactor());
    }

    /** Adds what its modules are asked by. */
    void register(CommandTable table) {
        new BalancerCommands(balancer, services.osdmap(), services.pgMap(), services.config(), config).register(table);
        new AutoscaleCommands(services.osdmap(), services.pgMap(), services.config(), config).register(table);
    }

    /** How the cluster's daemons are set up, as they say. */
    DaemonConfigs daemonConfigs() {
        return daemonConfigs;
    }

    /** Listens beside the monitor, whose address has this host. */
    void bind(String host) {
        messenger.bind(EntityAddr.msgr2(
                env.config().string("mgr_host", host),
                (int) env.config().integer("mgr_port", 0),
                env.random().nextInt(1, Integer.MAX_VALUE)));
    }

    /** The monitor leads. */
    void activate() {
        role.activate();
    }

    /** Another monitor leads. */
    void deactivate() {
        role.deactivate();
    }

    /** As the leader's: says where the manager is, unless everybody knows. */
    void publish() {
        MgrMap map = services.mgrmap().map();
        if (!map.available() || !map.activeAddrs().equals(messenger.addrs())) {
            String name =
                    env.config().string("mgr_name", services.monmap().map().size() > 1 ? monitor : "x");
            services.log().info("Activating manager daemon " + name);
            services.mgrmap().activate(name, GLOBAL_ID, messenger.addrs(), Features.PACIFIC);
            services.proposals()
                    .whenCommitted(() -> services.log().info("Manager daemon " + name + " is now available"));
        }
    }

    /** There is somebody who takes its lines for the cluster log. */
    void quorumFormed() {
        log.sessionOpened();
    }

    void audit(LogEntry.Level level, String text) {
        log.log(level, text, LogEntry.AUDIT);
    }

    /** To an OSD that is connected; false where it is not. */
    boolean send(int osd, Message message) {
        return role.send(osd, message);
    }

    /** As the leader's, when there may be a proposal: what its modules find to do. */
    void tick() {
        autoscale.tick();
        pgNumSteps.tick();
        balancer.tick();
    }

    void stop() {
        role.deactivate();
        messenger.shutdown();
    }
}
