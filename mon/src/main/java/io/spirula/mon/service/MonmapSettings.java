package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.command.Refusal;
import io.spirula.common.maps.MonInfo;
import io.spirula.common.maps.MonMap;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.Errno;
import io.spirula.mon.Services;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;

/** The commands that set something of the monitor map: features, how leaders are elected, and a monitor's rank, weight, addresses and place. Source of their answers: mon/MonmapMonitor.cc. */
public final class MonmapSettings {
    private static final List<String> STRATEGIES = List.of("", "classic", "disallow", "connectivity");
    private static final String NAME = " name=name,type=CephString";
    private static final String SURE = " name=yes_i_really_mean_it,type=CephBool,req=false";

    private final Services services;

    public MonmapSettings(Services services) {
        this.services = services;
    }

    public void register(CommandTable table) {
        table.add(
                "mon feature ls name=with_value,type=CephChoices,strings=--with-value,req=false",
                "list available mon map features to be set/unset",
                "mon",
                "r",
                this::features);
        table.add(
                "mon feature set name=feature_name,type=CephString" + SURE,
                "set provided feature on mon map",
                "mon",
                "rw",
                this::setFeature);
        monitor(table);
        elections(table);
        stretch(table);
    }

    private void monitor(CommandTable table) {
        table.add(
                "mon set-rank" + NAME + " name=rank,type=CephInt",
                "set the rank for the specified mon",
                "mon",
                "rw",
                this::rank);
        table.add(
                "mon set-weight" + NAME + " name=weight,type=CephInt,range=0|65535",
                "set the weight for the specified mon",
                "mon",
                "rw",
                this::weight);
        table.add(
                "mon set-addrs" + NAME + " name=addrs,type=CephString",
                "set the addrs (IPs and ports) a specific monitor binds to",
                "mon",
                "rw",
                this::addrs);
        table.add(
                "mon set_location" + NAME + " name=args,type=CephString,n=N,goodchars=[A-Za-z0-9-_.=]",
                "specify location <args> for the monitor <name>, using CRUSH bucket names",
                "mon",
                "rw",
                c -> change(c, m -> m.withLocation(location(c, "args"))));
        // All of our monitors speak nothing else.
        table.add("mon enable-msgr2", "enable the msgr2 protocol on port 3300", "mon", "rw", c -> Outcome.text(""));
    }

    /** Stretch mode is not there: it can't be begun, and so has no tiebreaker. */
    private void stretch(CommandTable table) {
        table.add(
                "mon enable_stretch_mode name=tiebreaker_mon,type=CephString name=new_crush_rule,type=CephString"
                        + " name=dividing_bucket,type=CephString",
                "enable stretch mode, changing the peering rules and failure handling on all pools with"
                        + " <tiebreaker_mon> as the tiebreaker and setting <dividing_bucket> locations as the units for"
                        + " stretching across",
                "mon",
                "rw",
                this::beginStretching);
        table.add(
                "mon set_new_tiebreaker" + NAME + SURE,
                "switch the stretch tiebreaker to be the named mon",
                "mon",
                "rw",
                c -> Outcome.refused(Errno.EINVAL, "Stretch mode is not enabled, so there is no tiebreaker"));
    }

    private Outcome beginStretching(CommandCall call) {
        call.require("tiebreaker_mon", "new_crush_rule", "dividing_bucket");
        for (String argument : List.of("tiebreaker_mon", "dividing_bucket")) {
            call.string(argument);
        }
        int rule = services.osdmap().map().crushMap().ruleId(call.string("new_crush_rule"));
        return rule < 0
                ? Outcome.refused(Errno.ENOENT, "unrecognized crush rule " + -Errno.ENOENT)
                : Outcome.refused(Errno.EINVAL, "Monitors must use the connectivity strategy to enable stretch mode");
    }

    private void elections(CommandTable table) {
        table.add(
                "mon set election_strategy name=strategy,type=CephString",
                "set the election strategy to use; choices classic, disallow, connectivity",
                "mon",
                "rw",
                this::strategy);
        table.add(
                "mon add disallowed_leader" + NAME,
                "prevent the named mon from being a leader",
                "mon",
                "rw",
                c -> disallow(c.string("name"), true));
        table.add(
                "mon rm disallowed_leader" + NAME,
                "allow the named mon to be a leader again",
                "mon",
                "rw",
                c -> disallow(c.string("name"), false));
    }

    private Outcome features(CommandCall call) {
        boolean plain = call.format().equals("plain");
        boolean values = call.string("with_value").equals("--with-value");
        List<String> all = LongStream.range(0, MonMap.FEATURE_NAMES.size())
                .mapToObj(bit -> MonMap.FEATURE_NAMES.get((int) bit) + (values ? "(" + (1L << bit) + ")" : ""))
                .toList();
        if (!plain) {
            Json here = Json.object()
                    .put("persistent", all)
                    .put("optional", List.of())
                    .put("required", all);
            return Json.answer(
                    call,
                    Json.object()
                            .put("all", Json.object().put("supported", all).put("persistent", all))
                            .put("monmap", here));
        }
        String list = "[" + String.join(",", all) + "]";
        return Outcome.output("all features\n\tsupported: " + list + "\n\tpersistent: " + list
                + "\non current monmap (epoch " + services.monmap().map().epoch() + ")\n\tpersistent: " + list
                + "\n\trequired: " + list + "\n");
    }

    /** A map of our monitors has all features there are. */
    private Outcome setFeature(CommandCall call) {
        call.require("feature_name");
        String feature = call.string("feature_name");
        if (!MonMap.FEATURE_NAMES.contains(feature)) {
            return Outcome.refused(Errno.ENOENT, "unknown feature '" + feature + "'");
        }
        String shown = "feature 'mon_feature_t([" + feature + "])'";
        return call.flag("yes_i_really_mean_it")
                ? Outcome.text("setting " + shown)
                : Outcome.refused(
                        Errno.EPERM,
                        "please specify '--yes-i-really-mean-it' if you really, **really** want to set " + shown
                                + " in the monmap.");
    }

    /** The place that somebody has named with words like {@code rack=one}. */
    static NavigableMap<String, String> location(CommandCall call, String argument) {
        TreeMap<String, String> location = new TreeMap<>();
        for (String word : call.strings(argument)) {
            int equals = word.indexOf('=');
            if (equals > 0 && equals < word.length() - 1) {
                location.put(word.substring(0, equals), word.substring(equals + 1));
            }
        }
        if (location.isEmpty()) {
            throw new Refusal(
                    Errno.EINVAL,
                    "We could not parse your input location to anything real; ["
                            + String.join(",", call.strings(argument)) + "] turned into an empty map!");
        }
        return Collections.unmodifiableNavigableMap(location);
    }

    private static MonInfo known(MonMap map, String name) {
        MonInfo info = map.monitors().get(name);
        if (info == null) {
            throw new Refusal(Errno.ENOENT, "mon." + name + " does not exist");
        }
        return info;
    }

    private Outcome change(CommandCall call, UnaryOperator<MonInfo> how) {
        call.require("name");
        MonMap map = services.monmap().pendingMap();
        MonInfo before = known(map, call.string("name"));
        MonInfo after = how.apply(before);
        if (after.equals(before)) {
            return Outcome.text("");
        }
        services.monmap().change(map.replacing(after));
        return Outcome.committed("");
    }

    private Outcome weight(CommandCall call) {
        call.require("name", "weight");
        long weight = call.integer("weight", 0);
        return change(call, m -> m.withWeight((int) weight));
    }

    private Outcome addrs(CommandCall call) {
        call.require("name", "addrs");
        MonMap map = services.monmap().pendingMap();
        String name = call.string("name");
        String text = call.string("addrs");
        known(map, name);
        List<EntityAddrs> parsed = MonmapCommands.literals(text);
        if (parsed.isEmpty() || parsed.get(0).msgr2() == null) {
            return Outcome.refused(Errno.EINVAL, "failed to parse addrs '" + text + "'");
        }
        EntityAddrs addrs = parsed.get(0);
        int other = map.rank(addrs);
        if (other >= 0 && !map.ranks().get(other).equals(name)) {
            return Outcome.refused(
                    Errno.EEXIST, "mon." + map.ranks().get(other) + " already exists at address " + addrs);
        }
        return change(call, m -> m.withAddrs(addrs));
    }

    private Outcome rank(CommandCall call) {
        call.require("name", "rank");
        MonMap map = services.monmap().pendingMap();
        String name = call.string("name");
        long rank = call.integer("rank", 0);
        if (map.rank(name) < 0) {
            return Outcome.refused(Errno.ENOENT, "mon." + name + " does not exist in monmap");
        }
        List<String> ranks = new ArrayList<>(map.ranks());
        ranks.remove(name);
        ranks.add(Math.clamp(rank, 0, ranks.size()), name);
        if (ranks.equals(map.ranks())) {
            return Outcome.text("");
        }
        services.monmap().change(map.withRanks(ranks));
        return Outcome.committed("");
    }

    private Outcome strategy(CommandCall call) {
        int strategy = STRATEGIES.indexOf(call.string("strategy"));
        if (strategy <= 0) {
            return Outcome.refused(Errno.EINVAL, "");
        }
        MonMap map = services.monmap().pendingMap();
        if (strategy == map.strategy()) {
            return Outcome.text("");
        }
        services.monmap().change(map.withElections(strategy, map.disallowedLeaders()));
        return Outcome.committed("");
    }

    private Outcome disallow(String name, boolean disallowed) {
        MonMap map = services.monmap().pendingMap();
        if (map.strategy() == MonMap.CLASSIC) {
            return Outcome.refused(Errno.EINVAL, "You cannot disallow monitors in your current election mode");
        }
        known(map, name);
        NavigableSet<String> names = new TreeSet<>(map.disallowedLeaders());
        boolean changed = disallowed ? names.add(name) : names.remove(name);
        if (!changed) {
            return Outcome.text("mon." + name + (disallowed ? " is already disallowed" : " is already allowed"));
        }
        if (names.size() >= map.size()) {
            return Outcome.refused(Errno.EINVAL, "mon." + name + " is the only remaining allowed leader!");
        }
        services.monmap().change(map.withElections(map.strategy(), Collections.unmodifiableNavigableSet(names)));
        return Outcome.committed("");
    }
}
