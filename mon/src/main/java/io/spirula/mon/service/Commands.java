package io.spirula.mon.service;

import io.spirula.common.command.CommandTable;
import io.spirula.common.config.Config;
import io.spirula.common.env.Clock;
import io.spirula.mon.Services;
import io.spirula.mon.mgr.DaemonConfigs;
import java.util.List;
import java.util.Map;

/** All commands, in the order in which they are described. */
public final class Commands {
    private final String name;
    private final Services services;
    private final Config config;
    private final Clock clock;
    private final Map<String, String> metadata;
    private final CrashCommands crashes;
    private final DaemonConfigs daemonConfigs;
    private final List<Config> ownConfigs;

    public Commands(
            String name,
            Services services,
            Config config,
            Clock clock,
            Map<String, String> metadata,
            CrashCommands crashes,
            DaemonConfigs daemonConfigs,
            List<Config> ownConfigs) {
        this.crashes = crashes;
        this.daemonConfigs = daemonConfigs;
        this.ownConfigs = ownConfigs;
        this.name = name;
        this.services = services;
        this.config = config;
        this.clock = clock;
        this.metadata = metadata;
    }

    public void register(CommandTable table) {
        new PgCommands(services, config, clock).register(table);
        new ManagerCommands(services).register(table);
        crashes.register(table);
        new DaemonConfigCommands(daemonConfigs, ownConfigs).register(table);
        new StatusCommands(services, clock, metadata).register(table);
        new AuthCommands(services.auth()).register(table);
        new QuorumCommands(name, services).register(table);
        new MonmapCommands(services).register(table);
        new MonCommands(services, metadata).register(table);
        new OsdQueries(services).register(table);
        new CrushCommands(services.osdmap(), config).register(table);
        new OsdCommands(services.osdmap(), clock).register(table);
        new PoolCommands(services.osdmap(), config, clock, services.pgMap()).register(table);
        new PoolSettings(services.osdmap(), config).register(table);
        new ConfigCommands(services.config(), services.monmap()::map).register(table);
        new ConfigHistoryCommands(services.config()).register(table);
        new ConfigKeyCommands(services.configKeys(), config).register(table);
    }
}
