package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.config.Config;
import io.spirula.common.format.TextTable;
import io.spirula.common.maps.PgPool;
import io.spirula.mon.balancer.Autoscaler;
import io.spirula.mon.mgr.PgMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** {@code ceph osd pool autoscale-status}. Source of the answer: the manager's module pg_autoscaler. */
public final class AutoscaleCommands {
    private static final String UNITS = " kMGTPE";

    private final OsdmapService osdmap;
    private final PgMap pgMap;
    private final ConfigService options;
    private final Config config;

    /** @param config the manager's */
    public AutoscaleCommands(OsdmapService osdmap, PgMap pgMap, ConfigService options, Config config) {
        this.osdmap = osdmap;
        this.pgMap = pgMap;
        this.options = options;
        this.config = config;
    }

    public void register(CommandTable table) {
        table.add(
                "osd pool autoscale-status name=format,type=CephString,req=false",
                "report on pool pg_num sizing recommendation and intent",
                "mgr",
                "r",
                8,
                this::status);
        table.add(
                "osd pool get noautoscale",
                "Get the noautoscale flag to see if all pools are setting the autoscaler on or off as well as newly"
                        + " created pools in the future.",
                "mgr",
                "w",
                8,
                c -> Outcome.text("noautoscale is " + (isOff() ? "on" : "off")));
        table.add(
                "osd pool unset noautoscale",
                "Unset the noautoscale flag so all pools will have autoscale enabled (including newly created pools in"
                        + " the future).",
                "mgr",
                "w",
                8,
                c -> isOff() ? all("on", "unset") : Outcome.text("noautoscale is already unset!"));
        table.add(
                "osd pool set noautoscale",
                "set the noautoscale for all pools (including newly created pools in the future) and complete all"
                        + " on-going progress events regarding PG-autoscaling.",
                "mgr",
                "w",
                8,
                c -> isOff() ? Outcome.text("noautoscale is already set!") : all("off", "set"));
    }

    private boolean isOff() {
        return config.bool(PoolAutoscale.NO_AUTOSCALE, false);
    }

    /** Sets the mode of all pools, and of those to come. */
    private Outcome all(String mode, String done) {
        put("mgr", PoolAutoscale.NO_AUTOSCALE, Boolean.toString(mode.equals("off")));
        put("global", "osd_pool_default_pg_autoscale_mode", mode);
        int epoch = osdmap.map().epoch() + 1;
        osdmap.pendingMap().pools().forEach((id, pool) -> {
            PgPool changed = pool.toBuilder()
                    .autoscaleMode(PgPool.AUTOSCALE_MODES.indexOf(mode))
                    .lastChange(epoch)
                    .build();
            osdmap.change(inc -> inc.putPool(id, changed));
        });
        return Outcome.committed("noautoscale is " + done + ", all pools now have autoscale " + mode);
    }

    private void put(String section, String option, String value) {
        options.put(ConfigService.key(Objects.requireNonNull(ConfigTarget.parse(section)), option), value);
    }

    private Outcome status(CommandCall call) {
        List<Autoscaler.Advice> advices =
                Autoscaler.advise(osdmap.map(), pgMap, pgMap::bytes, config.integer("mon_target_pg_per_osd", 100));
        if (!call.format().equals("plain")) {
            return Outcome.output(Json.render(Json.list(advices, AutoscaleCommands::json), "json-pretty"));
        }
        TextTable table = new TextTable(
                        "POOL",
                        "SIZE",
                        "TARGET SIZE",
                        "RATE",
                        "RAW CAPACITY",
                        "RATIO",
                        "TARGET RATIO",
                        "EFFECTIVE RATIO",
                        "BIAS",
                        "PG_NUM",
                        "NEW PG_NUM",
                        "AUTOSCALE",
                        "BULK")
                .right(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        for (Autoscaler.Advice a : advices) {
            table.row(
                    a.name(),
                    size(a.storedBytes()),
                    a.targetBytes() > 0 ? size(a.targetBytes()) : "",
                    Double.toString(a.rate()),
                    size(a.capacity()),
                    ratio(a.ratio()),
                    a.targetRatio() > 0 ? ratio(a.targetRatio()) : "",
                    a.effectiveTargetRatio() > 0 ? ratio(a.effectiveTargetRatio()) : "",
                    Double.toString(a.bias()),
                    Integer.toString(a.pgNumTarget()),
                    a.wouldAdjust() ? Integer.toString(a.finalPgNum()) : "",
                    a.mode(),
                    a.bulk() ? "True" : "False");
        }
        return Outcome.output(table.toString().replace("\n", "  \n"));
    }

    private static String ratio(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }

    private static Json json(Autoscaler.Advice a) {
        return Json.object()
                .put("actual_capacity_ratio", floating(a.actualRatio()))
                .put("actual_raw_used", floating(a.actualRawUsed()))
                .put("bias", floating(a.bias()))
                .put("bulk", a.bulk())
                .put("capacity_ratio", floating(a.ratio()))
                .put("crush_root_id", a.root())
                .put("effective_target_ratio", floating(a.effectiveTargetRatio()))
                .put("logical_used", a.storedBytes())
                .put("pg_autoscale_mode", a.mode())
                .put("pg_num_final", a.finalPgNum())
                .put("pg_num_ideal", a.ideal())
                .put("pg_num_target", a.pgNumTarget())
                .put("pool_id", a.pool())
                .put("pool_name", a.name())
                .put("raw_used", floating(a.rawUsed()))
                .put("raw_used_rate", floating(a.rate()))
                .put("subtree_capacity", a.capacity())
                .put("target_bytes", a.targetBytes())
                .put("target_ratio", floating(a.targetRatio()))
                .put("would_adjust", a.wouldAdjust());
    }

    /** As Python writes it: with a point always. */
    private static Object floating(double value) {
        boolean whole = value == Math.rint(value) && Math.abs(value) < 1e16;
        return Json.raw(whole ? String.format(Locale.ROOT, "%.1f", value) : Json.number(value, 17));
    }

    /** Five figures and a unit. Source: pybind/mgr/mgr_util.py, format_units. */
    static String size(long bytes) {
        int unit = 0;
        long whole = bytes;
        while (whole > 99_999) {
            whole /= 1024;
            unit++;
        }
        if (unit == 0) {
            return bytes + " ";
        }
        String digits =
                String.format(Locale.ROOT, "%f", bytes / Math.pow(1024, unit)).substring(0, 5);
        return (digits.endsWith(".") ? digits.substring(0, 4) : digits) + UNITS.charAt(unit);
    }
}
