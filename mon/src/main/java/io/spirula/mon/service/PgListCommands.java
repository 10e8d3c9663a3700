package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.config.Config;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.env.Clock;
import io.spirula.common.format.TextTable;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgPool;
import io.spirula.common.pg.ObjectStats.Counter;
import io.spirula.common.pg.PgState;
import io.spirula.common.pg.PgStats;
import io.spirula.common.types.Errno;
import io.spirula.common.types.PgId;
import io.spirula.mon.Services;
import io.spirula.mon.health.PgExplanation;
import io.spirula.mon.mgr.PgMap;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The commands that list placement groups, all or those of a kind. Source of their answers: mon/PGMap.cc, process_pg_map_command. */
final class PgListCommands {
    private final Services services;
    private final Clock clock;
    private final Duration stuck;

    PgListCommands(Services services, Config config, Clock clock) {
        this.services = services;
        this.clock = clock;
        stuck = config.span("mon_pg_stuck_threshold", Duration.ofMinutes(1));
    }

    void register(CommandTable table) {
        table.add(
                "pg ls-by-pool name=poolstr,type=CephString name=states,type=CephString,n=N,req=false",
                "list pg with pool = [poolname]",
                "pg",
                "r",
                8,
                this::listByPool);
        table.add(
                "pg ls-by-primary name=osd,type=CephOsdName name=pool,type=CephInt,req=false"
                        + " name=states,type=CephString,n=N,req=false",
                "list pg with primary = [osd]",
                "pg",
                "r",
                8,
                c -> listedOf(c, (s, osd) -> s.mapping().actingPrimary() == osd));
        table.add(
                "pg ls-by-osd name=osd,type=CephOsdName name=pool,type=CephInt,req=false"
                        + " name=states,type=CephString,n=N,req=false",
                "list pg on osd [osd]",
                "pg",
                "r",
                8,
                c -> listedOf(
                        c,
                        (s, osd) -> s.mapping().acting().contains(osd)
                                || s.mapping().up().contains(osd)));
        table.add(
                "pg ls name=pool,type=CephInt,req=false name=states,type=CephString,n=N,req=false",
                "list pg with specific pool, osd, state",
                "pg",
                "r",
                8,
                c -> listed(c, e -> true));
        table.add(
                "pg dump_stuck"
                        + " name=stuckops,type=CephChoices,n=N,req=false,strings=inactive|unclean|stale|undersized|degraded"
                        + " name=threshold,type=CephInt,req=false",
                "show information about stuck pgs",
                "pg",
                "r",
                8,
                this::dumpStuck);
        table.add(
                "pg debug name=debugop,type=CephChoices,strings=unfound_objects_exist|degraded_pgs_exist",
                "show debug info about pgs",
                "pg",
                "r",
                8,
                this::debug);
        table.add(
                "pg explain name=pgid,type=CephPgid",
                "say in words what a placement group waits for, and what would free it",
                "pg",
                "r",
                8,
                this::explain);
    }

    private Outcome explain(CommandCall call) {
        PgId pg;
        try {
            pg = PgId.parse(call.string("pgid"));
        } catch (IllegalArgumentException e) {
            return Outcome.refused(Errno.EINVAL, "invalid pgid '" + call.string("pgid") + "'");
        }
        OsdMap osds = services.osdmap().map();
        PgPool pool = osds.pool(pg.pool());
        if (pool == null || Integer.compareUnsigned(pg.seed(), pool.pgNum()) >= 0) {
            return Outcome.refused(Errno.ENOENT, "pg " + pg + " does not exist");
        }
        List<String> lines = PgExplanation.of(pg, pool, map().pgs().get(pg), osds, clock.now());
        return call.format().equals("plain")
                ? Outcome.output(String.join("\n", lines) + "\n")
                : Json.answer(call, Json.object().put("pgid", pg.toString()).put("explanation", lines));
    }

    private PgMap map() {
        return services.pgMap();
    }

    private interface OfOsd {
        boolean test(PgStats stats, int osd);
    }

    private Outcome listedOf(CommandCall call, OfOsd wanted) {
        int osd = OsdIds.of(call, "osd");
        long pool = call.integer("pool", -1);
        call.strings("states"); // refused where it is no list, before the others are looked at
        if (pool >= 0 && services.osdmap().map().pool(pool) == null) {
            return notListed(call, Errno.ENOENT, "pool " + pool + " does not exist");
        }
        return osd == -1 || services.osdmap().map().isUp(osd)
                ? listed(call, e -> osd == -1 || wanted.test(e.getValue(), osd))
                : notListed(call, Errno.EAGAIN, "osd " + osd + " is not up");
    }

    /** In JSON a refusal says nevertheless that the statistics are there. */
    private static Outcome notListed(CommandCall call, int errno, String text) {
        Bytes output = call.format().equals("plain")
                ? Bytes.EMPTY
                : Json.render(Json.object().put("pg_ready", true), call.format());
        return new Outcome(-errno, text, output, false);
    }

    private Outcome listByPool(CommandCall call) {
        String name = call.string("poolstr");
        long id = services.osdmap().map().poolId(name);
        return id < 0
                ? notListed(call, Errno.ENOENT, "pool " + name + " does not exist")
                : listed(call, e -> e.getKey().pool() == id);
    }

    private Outcome listed(CommandCall call, Predicate<Map.Entry<PgId, PgStats>> wanted) {
        long pool = call.integer("pool", -1);
        List<String> states = call.strings("states").stream()
                .flatMap(s -> List.of(s.split("\\+")).stream())
                .filter(s -> !s.equals("all"))
                .toList();
        for (String s : states) {
            if (PgState.of(s) == 0 && !s.equals("unknown")) {
                return notListed(
                        call,
                        Errno.EINVAL,
                        "'" + s + "' is not a valid pg state, available choices: " + PgState.choices());
            }
        }
        if (pool >= 0 && services.osdmap().map().pool(pool) == null) {
            return notListed(call, Errno.ENOENT, "pool " + pool + " does not exist");
        }
        TreeMap<PgId, PgStats> found = new TreeMap<>();
        for (Map.Entry<PgId, PgStats> e : map().pgs().entrySet()) {
            boolean inPool = pool < 0 || e.getKey().pool() == pool;
            boolean inState = states.isEmpty()
                    || states.stream()
                            .anyMatch(s -> s.equals("unknown")
                                    ? e.getValue().state() == 0
                                    : (e.getValue().state() & PgState.of(s)) != 0);
            if (inPool && inState && wanted.test(e)) {
                found.put(e.getKey(), e.getValue());
            }
        }
        if (!call.format().equals("plain")) {
            Json json = Json.object().put("pg_ready", true);
            if (!found.isEmpty()) {
                json.put("pg_stats", Json.list(found.entrySet(), e -> PgJson.pg(e.getKey(), e.getValue())));
            }
            return Json.answer(call, json);
        }
        TextTable t = new TextTable(
                        "PG",
                        "OBJECTS",
                        "DEGRADED",
                        "MISPLACED",
                        "UNFOUND",
                        "BYTES",
                        "OMAP_BYTES*",
                        "OMAP_KEYS*",
                        "LOG",
                        "STATE",
                        "SINCE",
                        "VERSION",
                        "REPORTED",
                        "UP",
                        "ACTING",
                        "SCRUB_STAMP",
                        "DEEP_SCRUB_STAMP")
                .rightUnderLeft(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);
        found.forEach((pg, s) -> t.row(
                pg.toString(),
                PgDumpCommands.n(s, Counter.OBJECTS),
                PgDumpCommands.n(s, Counter.OBJECTS_DEGRADED),
                PgDumpCommands.n(s, Counter.OBJECTS_MISPLACED),
                PgDumpCommands.n(s, Counter.OBJECTS_UNFOUND),
                PgDumpCommands.n(s, Counter.BYTES),
                PgDumpCommands.n(s, Counter.OMAP_BYTES),
                PgDumpCommands.n(s, Counter.OMAP_KEYS),
                Long.toString(s.logSize()),
                PgState.names(s.state()),
                Stamps.span(Duration.between(s.stamps().change(), clock.now())),
                s.version().toString(),
                s.reportedEpoch() + ":" + s.reportedSequence(),
                OsdQueries.list(s.mapping().up()) + "p" + s.mapping().upPrimary(),
                OsdQueries.list(s.mapping().acting()) + "p" + s.mapping().actingPrimary(),
                Stamps.iso(s.scrub().lastScrubStamp()),
                Stamps.iso(s.scrub().lastDeepScrubStamp())));
        return Outcome.output(found.isEmpty() ? "" : t + PgDumpCommands.NOTE);
    }

    private Outcome dumpStuck(CommandCall call) {
        List<String> kinds = call.strings("stuckops").isEmpty()
                ? List.of("inactive", "unclean", "stale", "undersized", "degraded")
                : call.strings("stuckops");
        long threshold = call.integer("threshold", stuck.toSeconds());
        long now = clock.now().getEpochSecond();
        TreeMap<PgId, PgStats> found = new TreeMap<>();
        map().pgs().forEach((pg, s) -> {
            var st = s.stamps();
            boolean isStuck = kinds.stream().anyMatch(k -> switch (k) {
                case "inactive" ->
                    (s.state() & PgState.ACTIVE) == 0 && now - st.active().getEpochSecond() > threshold;
                case "unclean" ->
                    (s.state() & PgState.CLEAN) == 0 && now - st.clean().getEpochSecond() > threshold;
                case "stale" ->
                    (s.state() & PgState.STALE) != 0 && now - st.unstale().getEpochSecond() > threshold;
                case "undersized" ->
                    (s.state() & PgState.UNDERSIZED) != 0
                            && now - st.fullsized().getEpochSecond() > threshold;
                default ->
                    (s.state() & PgState.DEGRADED) != 0 && now - st.undegraded().getEpochSecond() > threshold;
            });
            if (isStuck) {
                found.put(pg, s);
            }
        });
        if (!call.format().equals("plain")) {
            List<Object> rows = Json.list(found.entrySet(), e -> PgJson.pg(e.getKey(), e.getValue()));
            return Json.answer(call, Json.object().put("pg_ready", true).put("stuck_pg_stats", rows))
                    .withText("ok");
        }
        return found.isEmpty()
                ? Outcome.text("ok")
                : Outcome.output(PgDumpCommands.brief(found)).withText("ok");
    }

    private Outcome debug(CommandCall call) {
        List<String> known = List.of("unfound_objects_exist", "degraded_pgs_exist");
        if (!known.contains(call.string("debugop", known.get(0)))) {
            return Outcome.refused(Errno.EINVAL, "no handler found for 'pg debug'");
        }
        Counter counted = call.string("debugop").equals("unfound_objects_exist")
                ? Counter.OBJECTS_UNFOUND
                : Counter.OBJECTS_DEGRADED;
        boolean found = map().pgs().values().stream().anyMatch(s -> s.stats().get(counted) > 0);
        String text = found ? "TRUE\n" : "FALSE\n";
        // In JSON, too, with what all answers of the kind say behind it.
        return call.format().equals("plain")
                ? Outcome.output(text)
                : Outcome.output(Bytes.concat(
                        List.of(Bytes.of(text), Json.render(Json.object().put("pg_ready", true), call.format()))));
    }
}
