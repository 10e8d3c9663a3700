package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.command.Refusal;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.env.Clock;
import io.spirula.common.maps.CephRelease;
import io.spirula.common.maps.Osd;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.OsdMapFlag;
import io.spirula.common.maps.OsdMapIncremental;
import io.spirula.common.maps.OsdState;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.Errno;
import io.spirula.common.types.Uuid;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.IntPredicate;

/** The commands that change OSDs and the map's flags. Source of their answers: mon/OSDMonitor.cc. */
public final class OsdCommands {
    private final OsdmapService osdmap;
    private final Clock clock;

    public OsdCommands(OsdmapService osdmap, Clock clock) {
        this.osdmap = osdmap;
        this.clock = clock;
    }

    public void register(CommandTable table) {
        table.add(
                "osd set"
                        + " name=key,type=CephChoices,strings=full|pause|noup|nodown|noout|noin|nobackfill|norebalance|norecover|noscrub|nodeep-scrub|notieragent|nosnaptrim|pglog_hardlimit"
                        + " name=yes_i_really_mean_it,type=CephBool,req=false",
                "set <key>",
                "osd",
                "rw",
                c -> flag(c, true));
        table.add(
                "osd unset"
                        + " name=key,type=CephChoices,strings=full|pause|noup|nodown|noout|noin|nobackfill|norebalance|norecover|noscrub|nodeep-scrub|notieragent|nosnaptrim",
                "unset <key>",
                "osd",
                "rw",
                c -> flag(c, false));
        table.add(
                "osd require-osd-release name=release,type=CephChoices,strings=luminous|mimic|nautilus|octopus|pacific"
                        + " name=yes_i_really_mean_it,type=CephBool,req=false",
                "set the minimum allowed OSD release to participate in the cluster",
                "osd",
                "rw",
                this::requireRelease);
        table.add(
                "osd down name=ids,type=CephString,n=N name=definitely_dead,type=CephBool,req=false",
                "set osd(s) <id> [<id>...] down, or use <any|all> to set all osds down",
                "osd",
                "rw",
                this::down);
        table.add(
                "osd out name=ids,type=CephString,n=N",
                "set osd(s) <id> [<id>...] out, or use <any|all> to set all osds out",
                "osd",
                "rw",
                this::out);
        table.add(
                "osd in name=ids,type=CephString,n=N",
                "set osd(s) <id> [<id>...] in, can use <any|all> to automatically set all previously out osds in",
                "osd",
                "rw",
                this::in);
        table.add(
                "osd rm name=ids,type=CephString,n=N",
                "remove osd(s) <id> [<id>...], or use <any|all> to remove all osds",
                "osd",
                "rw",
                4,
                this::remove);
        table.add(
                "osd reweight name=id,type=CephOsdName name=weight,type=CephFloat,range=0.0|1.0",
                "reweight osd to 0.0 < <weight> < 1.0",
                "osd",
                "rw",
                this::reweight);
        table.add(
                "osd primary-affinity name=id,type=CephOsdName name=weight,type=CephFloat,range=0.0|1.0",
                "adjust osd primary-affinity from 0.0 <= <weight> <= 1.0",
                "osd",
                "rw",
                this::primaryAffinity);
        table.add(
                "osd set-full-ratio name=ratio,type=CephFloat,range=0.0|1.0",
                "set usage ratio at which OSDs are marked full",
                "osd",
                "rw",
                c -> ratio(c, "set-full-ratio", OsdMapIncremental.Builder::newFullRatio));
        table.add(
                "osd set-backfillfull-ratio name=ratio,type=CephFloat,range=0.0|1.0",
                "set usage ratio at which OSDs are marked too full to backfill",
                "osd",
                "rw",
                c -> ratio(c, "set-backfillfull-ratio", OsdMapIncremental.Builder::newBackfillfullRatio));
        table.add(
                "osd set-nearfull-ratio name=ratio,type=CephFloat,range=0.0|1.0",
                "set usage ratio at which OSDs are marked near-full",
                "osd",
                "rw",
                c -> ratio(c, "set-nearfull-ratio", OsdMapIncremental.Builder::newNearfullRatio));
        table.add(
                "osd setmaxosd name=newmax,type=CephInt,range=0",
                "set new maximum osd value",
                "osd",
                "rw",
                this::setMaxOsd);
        table.add("osd pause", "pause osd", "osd", "rw", c -> pause(true));
        table.add("osd unpause", "unpause osd", "osd", "rw", c -> pause(false));
        table.add(
                "osd create name=uuid,type=CephUUID,req=false name=id,type=CephOsdName,req=false",
                "create new osd (with optional UUID and ID)",
                "osd",
                "rw",
                4,
                this::create);
        table.add(
                "osd new name=uuid,type=CephUUID,req=true name=id,type=CephOsdName,req=false",
                "Create a new OSD. If supplied, the `id` to be replaced needs to exist and have been previously"
                        + " destroyed. Reads secrets from JSON file via `-i <file>` (see man page).",
                "osd",
                "rw",
                this::create);
        table.add(
                "osd lost name=id,type=CephOsdName name=yes_i_really_mean_it,type=CephBool,req=false",
                "mark osd as permanently lost. THIS DESTROYS DATA IF NO MORE REPLICAS EXIST, BE CAREFUL",
                "osd",
                "rw",
                this::lost);
        table.add(
                "osd blocklist name=range,type=CephString,goodchars=[range],req=false"
                        + " name=blocklistop,type=CephChoices,strings=add|rm name=addr,type=CephEntityAddr"
                        + " name=expire,type=CephFloat,range=0.0,req=false",
                "add (optionally until <expire> seconds from now) or remove <addr> from blocklist",
                "osd",
                "rw",
                this::blocklist);
        table.add("osd blocklist ls", "show blocklisted clients", "osd", "r", this::listBlocklist);
        table.add("osd blocklist clear", "clear all blocklisted clients", "osd", "rw", this::clearBlocklist);
        table.add(
                "osd pg-temp name=pgid,type=CephPgid name=id,type=CephOsdName,n=N,req=false",
                "set pg_temp mapping pgid:[<id> [<id>...]] (developers only)",
                "osd",
                "rw",
                this::pgTemp);
        table.add(
                "osd primary-temp name=pgid,type=CephPgid name=id,type=CephOsdName",
                "set primary_temp mapping pgid:<id>|-1 (developers only)",
                "osd",
                "rw",
                this::primaryTemp);
    }

    private Outcome flag(CommandCall call, boolean set) {
        String key = call.string("key");
        OsdMap map = osdmap.pendingMap();
        int mask = key.equals("pause")
                ? OsdMapFlag.PAUSERD.mask() | OsdMapFlag.PAUSEWR.mask()
                : java.util.Objects.requireNonNull(OsdMapFlag.of(key), key).mask();
        String name = key.equals("pause") ? "pauserd,pausewr" : key;
        int flags = set ? map.flags() | mask : map.flags() & ~mask;
        osdmap.change(inc -> inc.newFlags(flags));
        return Outcome.committed(name + (set ? " is set" : " is unset"));
    }

    private Outcome pause(boolean set) {
        int mask = OsdMapFlag.PAUSERD.mask() | OsdMapFlag.PAUSEWR.mask();
        int flags = osdmap.pendingMap().flags();
        osdmap.change(inc -> inc.newFlags(set ? flags | mask : flags & ~mask));
        return Outcome.committed("pauserd,pausewr is " + (set ? "set" : "unset"));
    }

    private Outcome requireRelease(CommandCall call) {
        CephRelease release = CephRelease.of(call.string("release"));
        CephRelease now = osdmap.pendingMap().requireOsdRelease();
        if (release == now) {
            return Outcome.text("");
        }
        if (!release.atLeast(now)) {
            return Outcome.refused(Errno.EPERM, "require_osd_release cannot be lowered once it has been set");
        }
        osdmap.change(inc -> inc.newRequireOsdRelease(release));
        return Outcome.committed("");
    }

    private Outcome ratio(
            CommandCall call,
            String name,
            BiFunction<OsdMapIncremental.Builder, Float, OsdMapIncremental.Builder> setter) {
        double ratio = call.real("ratio", 0);
        osdmap.change(inc -> setter.apply(inc, (float) ratio));
        return Outcome.committed("osd " + name + " " + Json.number((float) ratio, 6));
    }

    private Outcome setMaxOsd(CommandCall call) {
        int count = (int) call.integer("newmax", -1);
        OsdMap map = osdmap.pendingMap();
        for (int osd = Math.max(count, 0); osd < map.maxOsd(); osd++) {
            if (map.exists(osd)) {
                return Outcome.refused(
                        Errno.EBUSY,
                        "cannot shrink max_osd to " + count + " because osd." + osd
                                + " (and possibly others) still in use");
            }
        }
        osdmap.change(inc -> inc.newMaxOsd(count));
        return Outcome.committed("set new max_osd = " + count);
    }

    /** The OSDs that a command names: {@code all}, {@code any}, {@code *}, or numbers with or without {@code osd.} in front. */
    private static List<Integer> ids(CommandCall call, OsdMap map, IntPredicate ofAll) {
        List<Integer> ids = new ArrayList<>();
        for (String text : call.strings("ids")) {
            if (text.equals("all") || text.equals("any") || text.equals("*")) {
                for (int osd = 0; osd < map.maxOsd(); osd++) {
                    if (map.exists(osd) && ofAll.test(osd)) {
                        ids.add(osd);
                    }
                }
            } else {
                ids.add(id(text));
            }
        }
        return ids;
    }

    static int id(String text) {
        String number = text.startsWith("osd.") ? text.substring(4) : text;
        try {
            int id = Integer.parseInt(number);
            if (id >= 0) {
                return id;
            }
        } catch (NumberFormatException e) {
            throw new Refusal(
                    Errno.EINVAL, "Expected option value to be integer, got '" + number + "'invalid osd id-1");
        }
        throw new Refusal(Errno.EINVAL, "invalid osd id" + number);
    }

    private Outcome down(CommandCall call) {
        OsdMap map = osdmap.pendingMap();
        StringBuilder text = new StringBuilder();
        boolean changed = false;
        for (int osd : ids(call, map, map::isUp)) {
            if (!map.exists(osd)) {
                text.append("osd.").append(osd).append(" does not exist. ");
            } else if (map.isDown(osd)) {
                text.append("osd.").append(osd).append(" is already down. ");
            } else {
                osdmap.change(inc -> inc.xorState(osd, OsdState.UP));
                text.append("marked down osd.").append(osd).append(". ");
                changed = true;
            }
        }
        return done(changed, text);
    }

    private static Outcome done(boolean changed, StringBuilder text) {
        return changed ? Outcome.committed(text.toString()) : Outcome.text(text.toString());
    }

    private Outcome out(CommandCall call) {
        OsdMap map = osdmap.pendingMap();
        StringBuilder text = new StringBuilder();
        boolean changed = false;
        for (int osd : ids(call, map, map::isIn)) {
            if (!map.exists(osd)) {
                text.append("osd.").append(osd).append(" does not exist. ");
            } else if (!map.isIn(osd)) {
                text.append("osd.").append(osd).append(" is already out. ");
            } else {
                Osd before = map.osd(osd);
                osdmap.change(inc -> {
                    inc.putWeight(osd, Osd.OUT);
                    inc.putXinfo(osd, before.xinfo().withOldWeight(before.weight()));
                });
                text.append("marked out osd.").append(osd).append(". ");
                changed = true;
            }
        }
        return done(changed, text);
    }

    private Outcome in(CommandCall call) {
        OsdMap map = osdmap.pendingMap();
        StringBuilder text = new StringBuilder();
        boolean changed = false;
        for (int osd : ids(call, map, o -> !map.isIn(o))) {
            if (!map.exists(osd)) {
                text.append("osd.").append(osd).append(" does not exist. ");
            } else if (map.isIn(osd)) {
                text.append("osd.").append(osd).append(" is already in. ");
            } else {
                osdmap.change(inc -> markIn(inc, osd, map.osd(osd)));
                text.append("marked in osd.").append(osd).append(". ");
                changed = true;
            }
        }
        return done(changed, text);
    }

    /** Back in, with the weight that it had. A weight clears the bits NEW and AUTOOUT by itself. */
    static void markIn(OsdMapIncremental.Builder inc, int osd, Osd row) {
        int old = row.xinfo().oldWeight();
        inc.putWeight(osd, old > 0 ? old : Osd.IN);
        if (old > 0) {
            inc.putXinfo(osd, row.xinfo().withOldWeight(0));
        }
    }

    private Outcome remove(CommandCall call) {
        OsdMap map = osdmap.pendingMap();
        StringBuilder text = new StringBuilder();
        List<String> removed = new ArrayList<>();
        for (int osd : ids(call, map, o -> true)) {
            if (!map.exists(osd)) {
                text.append("osd.").append(osd).append(" does not exist. ");
            } else if (map.isUp(osd)) {
                return Outcome.refused(
                        Errno.EBUSY, text + "osd." + osd + " is still up; must be down before removal. ");
            } else {
                Osd row = map.osd(osd);
                osdmap.change(inc -> {
                    inc.xorState(osd, row.state());
                    inc.putUuid(osd, Uuid.ZERO);
                    inc.putWeight(osd, Osd.OUT);
                });
                removed.add("osd." + osd);
            }
        }
        if (!removed.isEmpty()) {
            text.append("removed ").append(String.join(", ", removed));
        }
        return done(!removed.isEmpty(), text);
    }

    private int osd(CommandCall call) {
        int osd = id(call.string("id"));
        if (!osdmap.pendingMap().exists(osd)) {
            throw new Refusal(Errno.ENOENT, "osd." + osd + " does not exist");
        }
        return osd;
    }

    private Outcome reweight(CommandCall call) {
        int osd = osd(call);
        double weight = call.real("weight", 1);
        int fixed = (int) (Osd.IN * weight);
        osdmap.change(inc -> inc.putWeight(osd, fixed));
        return Outcome.committed(
                "reweighted osd." + osd + " to " + Json.number(weight, 6) + " (" + Integer.toHexString(fixed) + ")");
    }

    private Outcome primaryAffinity(CommandCall call) {
        int osd = osd(call);
        double weight = call.real("weight", 1);
        int fixed = (int) (Osd.DEFAULT_AFFINITY * weight);
        osdmap.change(inc -> inc.putPrimaryAffinity(osd, fixed));
        return Outcome.committed("set osd." + osd + " primary-affinity to " + Json.number(weight, 6) + " ("
                + Integer.toHexString(fixed) + ")");
    }

    private Outcome lost(CommandCall call) {
        int osd = osd(call);
        if (!call.flag("yes_i_really_mean_it")) {
            return Outcome.refused(
                    Errno.EPERM,
                    "are you SURE?  this might mean real, permanent data loss.  pass --yes-i-really-mean-it if you"
                            + " really do.");
        }
        OsdMap map = osdmap.pendingMap();
        if (map.isUp(osd)) {
            return Outcome.refused(Errno.EBUSY, "osd." + osd + " is not down");
        }
        int downAt = map.osd(osd).info().downAt();
        osdmap.change(inc -> inc.putLost(osd, downAt));
        return Outcome.committed("marked osd lost in epoch " + Integer.toUnsignedString(downAt));
    }

    /** {@code osd new UUID [ID]} and {@code osd create [UUID [ID]]}: the number of an OSD with this identity, made if there is none. */
    private Outcome create(CommandCall call) {
        OsdMap map = osdmap.pendingMap();
        Uuid uuid = call.has("uuid") ? Uuid.parse(call.string("uuid")) : Uuid.ZERO;
        int wanted = call.has("id") ? id(call.string("id")) : -1;
        if (!uuid.isZero()) {
            for (int osd = 0; osd < map.maxOsd(); osd++) {
                if (map.exists(osd) && map.osd(osd).uuid().equals(uuid)) {
                    if (wanted >= 0 && wanted != osd) {
                        return Outcome.refused(
                                Errno.EEXIST, "uuid " + uuid + " already in use for different id " + osd);
                    }
                    return Outcome.output(number(call, osd))
                            .withText(wanted == osd ? "osd." + osd + " already exists with uuid " + uuid : "");
                }
            }
        }
        if (wanted >= 0 && map.exists(wanted)) {
            return Outcome.refused(Errno.EEXIST, "id " + wanted + " already in use and does not match uuid " + uuid);
        }
        int free = 0;
        while (map.exists(free)) {
            free++;
        }
        int osd = wanted >= 0 ? wanted : free;
        if (osd > 100_000) {
            return Outcome.refused(Errno.ERANGE, "id " + osd + " is out of range");
        }
        osdmap.change(inc -> {
            if (osd >= map.maxOsd()) {
                inc.newMaxOsd(osd + 1);
            }
            int state = osd < map.maxOsd() ? map.osd(osd).state() : 0;
            inc.xorState(osd, (OsdState.EXISTS | OsdState.NEW) & ~state);
            if (!uuid.isZero()) {
                inc.putUuid(osd, uuid);
            }
        });
        return Outcome.committed("", number(call, osd));
    }

    private static Bytes number(CommandCall call, int osd) {
        return call.format().equals("plain")
                ? Bytes.of(osd + "\n")
                : Json.render(Json.object().put("osdid", osd), call.format());
    }

    private static EntityAddr address(CommandCall call) {
        String text = call.string("addr");
        String rest = text.replaceFirst("^(v1|v2|any):", "");
        try {
            int slash = rest.indexOf('/');
            int nonce = slash < 0 ? 0 : Integer.parseUnsignedInt(rest.substring(slash + 1));
            String hostPort = slash < 0 ? rest : rest.substring(0, slash);
            int colon = hostPort.lastIndexOf(':');
            boolean port =
                    colon > hostPort.indexOf(']') && (hostPort.startsWith("[") || hostPort.indexOf(':') == colon);
            String host = (port ? hostPort.substring(0, colon) : hostPort).replaceAll("[\\[\\]]", "");
            if (!host.matches("[0-9.]+|[0-9a-fA-F:.]+")) {
                throw new IllegalArgumentException(host);
            }
            EntityAddr addr = EntityAddr.msgr2(host, port ? Integer.parseInt(hostPort.substring(colon + 1)) : 0, nonce);
            // Blocked addresses hold for every protocol.
            return addr.withKind(EntityAddr.Kind.ANY);
        } catch (IllegalArgumentException e) {
            throw new Refusal(Errno.EINVAL, "unable to parse address " + text);
        }
    }

    private Outcome blocklist(CommandCall call) {
        EntityAddr addr = address(call);
        OsdMap map = osdmap.pendingMap();
        if (call.string("blocklistop").equals("add")) {
            double seconds = call.real("expire", 3600);
            Instant until = clock.now().plus(Duration.ofNanos((long) (seconds * 1e9)));
            osdmap.change(inc -> inc.block(addr, until));
            return Outcome.committed("blocklisting " + addr.hostPortNonce() + " until " + Stamps.iso(until) + " ("
                    + Json.number(seconds, 6) + " sec)");
        }
        if (!map.blocklist().containsKey(addr)) {
            return Outcome.text(addr.hostPortNonce() + " isn't blocklisted");
        }
        osdmap.change(inc -> inc.unblock(addr));
        return Outcome.committed("un-blocklisting " + addr.hostPortNonce());
    }

    private Outcome listBlocklist(CommandCall call) {
        var blocked = osdmap.map().blocklist();
        String summary = "listed " + blocked.size() + " entries";
        if (!call.format().equals("plain")) {
            // Two lists one after the other, single clients and whole networks: pacific writes no JSON here but this.
            Bytes clients = Json.render(blocked(blocked), call.format());
            Bytes networks = Json.render(blocked(osdmap.map().rangeBlocklist()), call.format());
            return Outcome.output(Bytes.concat(List.of(clients, networks))).withText(summary);
        }
        StringBuilder out = new StringBuilder();
        blocked.forEach((addr, until) -> out.append(addr.hostPortNonce())
                .append(' ')
                .append(Stamps.iso(until))
                .append('\n'));
        return Outcome.output(out.toString()).withText(summary);
    }

    private static List<Object> blocked(Map<EntityAddr, Instant> entries) {
        return Json.list(
                entries.entrySet(),
                e -> Json.object().put("addr", e.getKey().hostPortNonce()).put("until", Stamps.iso(e.getValue())));
    }

    private Outcome clearBlocklist(CommandCall call) {
        OsdMap map = osdmap.pendingMap();
        if (map.blocklist().isEmpty()) {
            return Outcome.text(" removed all blocklist entries");
        }
        osdmap.change(inc -> map.blocklist().keySet().forEach(inc::unblock));
        return Outcome.committed(" removed all blocklist entries");
    }

    private io.spirula.common.types.PgId pg(CommandCall call) {
        io.spirula.common.types.PgId pg = io.spirula.common.types.PgId.parse(call.string("pgid"));
        var pool = osdmap.pendingMap().pool(pg.pool());
        if (pool == null || Integer.compareUnsigned(pg.seed(), pool.pgNum()) >= 0) {
            throw new Refusal(Errno.ENOENT, "pgid '" + pg + "' does not exist");
        }
        return pg;
    }

    private Outcome pgTemp(CommandCall call) {
        var pg = pg(call);
        List<Integer> acting = call.strings("id").stream().map(OsdCommands::id).toList();
        osdmap.change(inc -> inc.putPgTemp(pg, acting));
        return Outcome.committed(
                "set " + pg + " pg_temp mapping to " + acting.toString().replace(" ", ""));
    }

    private Outcome primaryTemp(CommandCall call) {
        var pg = pg(call);
        String text = call.string("id");
        int osd = text.equals("-1") ? -1 : id(text);
        osdmap.change(inc -> inc.putPrimaryTemp(pg, osd));
        return Outcome.committed("set " + pg + " primary_temp mapping to " + osd);
    }
}
