package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.command.Refusal;
import io.spirula.common.config.Config;
import io.spirula.common.maps.CephRelease;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.UpmapItem;
import io.spirula.common.types.Errno;
import io.spirula.common.types.PgId;
import io.spirula.mon.balancer.BalanceScore;
import io.spirula.mon.mgr.PgMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeSet;

/** {@code ceph balancer}. Source of the answers: the manager's module balancer. */
public final class BalancerCommands {
    private static final int MANAGER = 8;
    private static final String OPTION = "mgr/balancer/";

    private final Balancer balancer;
    private final OsdmapService osdmap;
    private final PgMap pgMap;
    private final ConfigService options;
    private final Config config;

    /** @param config the manager's */
    public BalancerCommands(
            Balancer balancer, OsdmapService osdmap, PgMap pgMap, ConfigService options, Config config) {
        this.balancer = balancer;
        this.osdmap = osdmap;
        this.pgMap = pgMap;
        this.options = options;
        this.config = config;
    }

    public void register(CommandTable table) {
        reads(table);
        table.add(
                "balancer mode name=mode,type=CephChoices,strings=none|crush-compat|upmap",
                "Set balancer mode",
                "mgr",
                "rw",
                MANAGER,
                this::mode);
        table.add("balancer on", "Enable automatic balancing", "mgr", "rw", MANAGER, c -> activate(true));
        table.add("balancer off", "Disable automatic balancing", "mgr", "rw", MANAGER, c -> activate(false));
        table.add(
                "balancer pool add name=pools,type=CephString,n=N",
                "Enable automatic balancing for specific pools",
                "mgr",
                "rw",
                MANAGER,
                this::addPools);
        table.add(
                "balancer pool rm name=pools,type=CephString,n=N",
                "Disable automatic balancing for specific pools",
                "mgr",
                "rw",
                MANAGER,
                this::removePools);
        table.add(
                "balancer optimize name=plan,type=CephString name=pools,type=CephString,n=N,req=false",
                "Run optimizer to create a new plan",
                "mgr",
                "rw",
                MANAGER,
                this::optimize);
        table.add("balancer rm name=plan,type=CephString", "Discard an optimization plan", "mgr", "rw", MANAGER, c -> {
            balancer.remove(c.text("plan"));
            return Outcome.text("");
        });
        table.add("balancer reset", "Discard all optimization plans", "mgr", "rw", MANAGER, c -> {
            balancer.reset();
            return Outcome.text("");
        });
        table.add(
                "balancer execute name=plan,type=CephString",
                "Execute an optimization plan",
                "mgr",
                "rw",
                MANAGER,
                this::execute);
    }

    private void reads(CommandTable table) {
        table.add("balancer status", "Show balancer status", "mgr", "r", MANAGER, c -> status());
        table.add(
                "balancer pool ls",
                "List automatic balancing pools. Note that empty list means all existing pools will be automatic"
                        + " balancing targets, which is the default behaviour of balancer.",
                "mgr",
                "r",
                MANAGER,
                c -> listPools());
        table.add(
                "balancer eval name=option,type=CephString,req=false",
                "Evaluate data distribution for the current cluster or specific pool or specific plan",
                "mgr",
                "r",
                MANAGER,
                this::evaluate);
        table.add(
                "balancer show name=plan,type=CephString",
                "Show details of an optimization plan",
                "mgr",
                "r",
                MANAGER,
                c -> {
                    plan(c);
                    return Outcome.output("upmap plan"); // as much as stock says of one
                });
        table.add(
                "balancer dump name=plan,type=CephString",
                "Show an optimization plan",
                "mgr",
                "r",
                MANAGER,
                this::dump);
        table.add(
                "balancer ls",
                "List all plans",
                "mgr",
                "r",
                MANAGER,
                c -> python(List.copyOf(balancer.plans().keySet())));
    }

    private static Outcome python(Object value) {
        return Outcome.output(Json.render(value, "json-pretty"));
    }

    private Outcome status() {
        return python(Json.object()
                .put("active", balancer.isActive())
                .put("last_optimize_duration", balancer.lastDuration())
                .put("last_optimize_started", balancer.lastStarted())
                .put("mode", balancer.mode())
                .put("no_optimization_needed", balancer.noOptimizationNeeded())
                .put("optimize_result", balancer.result())
                .put("plans", List.copyOf(balancer.plans().keySet())));
    }

    private void setOption(String name, String value) {
        options.put(ConfigService.key(Objects.requireNonNull(ConfigTarget.parse("mgr")), OPTION + name), value);
    }

    private Outcome mode(CommandCall call) {
        CephRelease oldest = osdmap.map().requireMinCompatClient();
        if (call.string("mode").equals("upmap") && !oldest.atLeast(CephRelease.LUMINOUS)) {
            return Outcome.refused(
                    Errno.EPERM,
                    "min_compat_client \"" + oldest + "\" < \"luminous\", which is required for pg-upmap. Try \"ceph"
                            + " osd set-require-min-compat-client luminous\" before enabling this mode");
        }
        setOption("mode", call.string("mode"));
        return Outcome.committed("");
    }

    private Outcome activate(boolean on) {
        if (balancer.isActive() == on) {
            return Outcome.text("");
        }
        setOption("active", Boolean.toString(on));
        return Outcome.committed("");
    }

    private List<String> poolIds() {
        String ids = config.string(OPTION + "pool_ids", "");
        return ids.isEmpty() ? List.of() : List.of(ids.split(","));
    }

    private Outcome listPools() {
        if (poolIds().isEmpty()) {
            return Outcome.output("");
        }
        TreeSet<String> names = new TreeSet<>();
        OsdMap map = osdmap.map();
        map.poolNames().forEach((id, name) -> {
            if (poolIds().contains(Long.toString(id))) {
                names.add(name);
            }
        });
        return python(List.copyOf(names));
    }

    private List<Long> ids(Collection<String> names, String refusal) {
        List<Long> ids = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        for (String name : names) {
            long id = osdmap.map().poolId(name);
            if (id < 0) {
                unknown.add("'" + name + "'");
            } else {
                ids.add(id);
            }
        }
        if (!unknown.isEmpty() && !refusal.isEmpty()) {
            throw new Refusal(Errno.EINVAL, refusal.replace("%s", "[" + String.join(", ", unknown) + "]"));
        }
        return ids;
    }

    private Outcome addPools(CommandCall call) {
        TreeSet<String> all = new TreeSet<>(poolIds());
        ids(call.strings("pools"), "pool(s) %s not found").forEach(id -> all.add(id.toString()));
        setOption("pool_ids", String.join(",", all));
        return Outcome.committed("");
    }

    private Outcome removePools(CommandCall call) {
        TreeSet<String> all = new TreeSet<>(poolIds());
        ids(call.strings("pools"), "").forEach(id -> all.remove(id.toString()));
        setOption("pool_ids", String.join(",", all));
        return Outcome.committed("");
    }

    private Outcome evaluate(CommandCall call) {
        OsdMap map = osdmap.map();
        Collection<Long> pools = map.pools().keySet();
        String what = "current cluster";
        if (call.has("option")) {
            String option = call.string("option");
            Balancer.Plan plan = balancer.plans().get(option);
            long pool = map.poolId(option);
            if (plan != null) {
                what = "plan \"" + option + "\"";
                map = plan.map();
                pools = plan.pools().isEmpty() ? map.pools().keySet() : plan.pools();
            } else if (pool >= 0) {
                what = "pool \"" + option + "\"";
                pools = List.of(pool);
            } else {
                return Outcome.refused(Errno.EINVAL, "option \"" + option + "\" not a plan or a pool");
            }
        }
        List<String> metrics = List.of(config.string(OPTION + "crush_compat_metrics", "pgs,objects,bytes")
                .split(","));
        double score = BalanceScore.of(map, pgMap, pools, metrics);
        return Outcome.output(String.format(Locale.ROOT, "%s score %f (lower is better)%n", what, score));
    }

    private Outcome optimize(CommandCall call) {
        if (balancer.isActive()) {
            return Outcome.refused(Errno.EINVAL, "Balancer enabled, disable to optimize manually");
        }
        List<Long> pools = ids(call.strings("pools"), "pools %s not found");
        Balancer.Attempt attempt = balancer.optimize(call.string("plan"), pools);
        return attempt.errno() == 0 ? Outcome.text("") : Outcome.refused(attempt.errno(), attempt.text());
    }

    private Balancer.Plan plan(CommandCall call) {
        call.require("plan");
        Balancer.Plan plan = balancer.plans().get(call.text("plan"));
        if (plan == null) {
            throw new Refusal(Errno.ENOENT, "plan " + call.text("plan") + " not found");
        }
        return plan;
    }

    private Outcome execute(CommandCall call) {
        if (balancer.isActive()) {
            return Outcome.refused(Errno.EINVAL, "Balancer enabled, disable to execute a plan");
        }
        balancer.execute(plan(call));
        balancer.remove(call.string("plan"));
        return Outcome.committed("");
    }

    /** The changes as those of an increment of the map. */
    private Outcome dump(CommandCall call) {
        Balancer.Plan plan = plan(call);
        List<Object> removed = new ArrayList<>();
        List<Object> added = new ArrayList<>();
        plan.changes().forEach((pg, items) -> {
            if (items.isEmpty()) {
                removed.add(pg.toString());
            } else {
                added.add(entry(pg, items));
            }
        });
        return python(Json.object()
                .put("epoch", plan.map().epoch() + 1)
                .put("new_pg_upmap_items", added)
                .put("old_pg_upmap_items", removed));
    }

    private static Json entry(PgId pg, List<UpmapItem> items) {
        return Json.object()
                .put(
                        "mappings",
                        Json.list(
                                items, i -> Json.object().put("from", i.from()).put("to", i.to())))
                .put("pgid", pg.toString());
    }
}
