package io.spirula.mon.service;

import io.spirula.common.command.CommandTable;
import io.spirula.common.config.Config;
import io.spirula.common.env.Clock;
import io.spirula.mon.Services;
import io.spirula.mon.mgr.DaemonConfigs;
import io.spirula.mon.mgr.OsdLine;
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
    private final OsdLine osdLine;

    public Commands(
            String name,
            Services services,
            Config config,
            Clock clock,
            Map<String, String> metadata,
            CrashCommands crashes,
            DaemonConfigs daemonConfigs,
            List<Config> ownConfigs,
            OsdLine osdLine) {
        this.crashes = crashes;
        this.daemonConfigs = daemonConfigs;
        this.ownConfigs = ownConfigs;
        this.name = name;
        this.services = services;
        this.config = config;
        this.clock = clock;
        this.metadata = metadata;
        this.osdLine = osdLine;
    }

    public void register(CommandTable table) {
        manager(table);
        crashes.register(table);
        new DaemonConfigCommands(daemonConfigs, ownConfigs).register(table);
        new StatusCommands(services, clock, metadata).register(table);
        new AuthCommands(services.auth()).register(table);
        new QuorumCommands(name, services).register(table);
        new MonmapCommands(services).register(table);
        new MonmapSettings(services).register(table);
        new MonCommands(services, metadata).register(table);
        osds(table);
        crush(table);
        pools(table);
        new ConfigCommands(services.config(), services.monmap()::map).register(table);
        new ConfigHistoryCommands(services.config()).register(table);
        new ConfigKeyCommands(services.configKeys(), config).register(table);
    }

    private void manager(CommandTable table) {
        new PgDumpCommands(services).register(table);
        new PgListCommands(services, config, clock).register(table);
        new PgOrderCommands(services, osdLine).register(table);
        new OsdUsageCommands(services).register(table);
        new ReweightCommands(services, config).register(table);
        new OsdSafetyCommands(services, life()).register(table);
        new OsdStatusCommand(services).register(table);
        new ManagerCommands(services).register(table);
        new ProgressCommands(services.progress(), services.config(), clock::now).register(table);
    }

    private OsdLifeCommands life() {
        return new OsdLifeCommands(services.osdmap(), services.auth(), new CrushEdits(services.osdmap()), config);
    }

    private void osds(CommandTable table) {
        OsdmapService osdmap = services.osdmap();
        new OsdQueries(services).register(table);
        new OsdFlagCommands(osdmap).register(table);
        new OsdGroupFlagCommands(osdmap).register(table);
        new OsdStateCommands(osdmap, services.log()).register(table);
        life().register(table);
        new OsdLimitCommands(osdmap, services.sessions()).register(table);
        new BlocklistCommands(osdmap, config, clock).register(table);
        new PgPlacementCommands(osdmap).register(table);
    }

    private void crush(CommandTable table) {
        OsdmapService osdmap = services.osdmap();
        CrushEdits crush = new CrushEdits(osdmap);
        new CrushQueries(crush).register(table);
        new CrushMapCommands(osdmap, crush).register(table);
        new CrushBucketCommands(crush).register(table);
        new CrushDeviceCommands(osdmap, crush, config).register(table);
        new CrushClassCommands(osdmap, crush).register(table);
        new CrushRuleCommands(osdmap, crush).register(table);
        new CrushWeightSetCommands(osdmap, crush).register(table);
        new CrushTunableCommands(crush).register(table);
    }

    private void pools(CommandTable table) {
        OsdmapService osdmap = services.osdmap();
        new PoolCommands(osdmap, config).register(table);
        new PoolCreateCommand(osdmap, config, clock).register(table);
        new PoolGetCommand(osdmap).register(table);
        new PoolSetCommand(osdmap, config).register(table);
        new PoolQuotaCommands(osdmap, services.pgMap()).register(table);
        new PoolApplicationCommands(osdmap).register(table);
        new PoolSnapCommands(osdmap, clock).register(table);
        new ErasureCodeCommands(osdmap).register(table);
    }
}
