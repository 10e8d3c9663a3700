package io.spirula.mon.service;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spirula.common.auth.CryptoKey;
import io.spirula.common.auth.EntityAuth;
import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandSpec;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.command.Refusal;
import io.spirula.common.config.Config;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.maps.Osd;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.OsdState;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.Errno;
import io.spirula.common.types.Uuid;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The commands that make and remove OSDs. Source of their answers: mon/OSDMonitor.cc. */
final class OsdLifeCommands {
    private static final Map<String, String> CAPS =
            Map.of("mgr", "allow profile osd", "mon", "allow profile osd", "osd", "allow *");
    private static final String SURE =
            "Are you SURE?  Did you verify with 'ceph osd safe-to-destroy'?  This will mean real, permanent data loss, as"
                    + " well as deletion of cephx and lockbox keys. Pass --yes-i-really-mean-it if you really do.";

    private final OsdmapService osdmap;
    private final AuthService auth;
    private final CrushEdits crush;
    private final Config config;

    OsdLifeCommands(OsdmapService osdmap, AuthService auth, CrushEdits crush, Config config) {
        this.osdmap = osdmap;
        this.auth = auth;
        this.crush = crush;
        this.config = config;
    }

    void register(CommandTable table) {
        table.add(
                "osd setmaxosd name=newmax,type=CephInt,range=0",
                "set new maximum osd value",
                "osd",
                "rw",
                this::setMaxOsd);
        table.add(
                "osd create name=uuid,type=CephUUID,req=false name=id,type=CephOsdName,req=false",
                "create new osd (with optional UUID and ID)",
                "osd",
                "rw",
                CommandSpec.DEPRECATED,
                this::create);
        table.add(
                "osd new name=uuid,type=CephUUID,req=true name=id,type=CephOsdName,req=false",
                "Create a new OSD. If supplied, the `id` to be replaced needs to exist and have been previously"
                        + " destroyed. Reads secrets from JSON file via `-i <file>` (see man page).",
                "osd",
                "rw",
                this::makeNew);
        table.add(
                "osd rm name=ids,type=CephString,n=N",
                "remove osd(s) <id> [<id>...], or use <any|all> to remove all osds",
                "osd",
                "rw",
                CommandSpec.DEPRECATED,
                this::remove);
        String sure = " name=id,type=CephOsdName name=yes_i_really_mean_it,type=CephBool,req=false";
        table.add(
                "osd destroy-actual" + sure,
                "mark osd as being destroyed. Keeps the ID intact (allowing reuse), but removes cephx keys, config-key"
                        + " data and lockbox keys, rendering data permanently unreadable.",
                "osd",
                "rw",
                CommandSpec.HIDDEN,
                this::destroy);
        table.add(
                "osd purge-actual" + sure,
                "purge all osd data from the monitors. Combines `osd destroy`, `osd rm`, and `osd crush rm`.",
                "osd",
                "rw",
                CommandSpec.HIDDEN,
                this::purge);
        table.add(
                "osd purge-new" + sure,
                "purge all traces of an OSD that was partially created but never started",
                "osd",
                "rw",
                this::purgeNew);
    }

    private Outcome setMaxOsd(CommandCall call) {
        call.require("newmax");
        long count = call.integer("newmax", -1);
        long most = config.integer("mon_max_osd", 10000);
        if (count > most) {
            return Outcome.refused(
                    Errno.ERANGE, "cannot set max_osd to " + count + " which is > conf.mon_max_osd (" + most + ")");
        }
        OsdMap map = osdmap.pendingMap();
        for (int osd = (int) count; osd < map.maxOsd(); osd++) {
            if (map.exists(osd)) {
                return Outcome.refused(
                        Errno.EBUSY,
                        "cannot shrink max_osd to " + count + " because osd." + osd
                                + " (and possibly others) still in use");
            }
        }
        osdmap.change(inc -> inc.newMaxOsd((int) count));
        return Outcome.committed("set new max_osd = " + count);
    }

    /** The OSD with an identity, or -1. */
    private static int identified(OsdMap map, Uuid uuid) {
        for (int osd = 0; osd < map.maxOsd(); osd++) {
            if (map.exists(osd) && map.osd(osd).uuid().equals(uuid)) {
                return osd;
            }
        }
        return -1;
    }

    private Outcome create(CommandCall call) {
        OsdMap map = osdmap.pendingMap();
        Uuid uuid = call.has("uuid") ? Uuid.parse(call.string("uuid")) : Uuid.ZERO;
        int wanted = call.has("id") ? OsdIds.of(call) : -1;
        if (call.has("id") && wanted < 0) {
            return Outcome.refused(Errno.EINVAL, "invalid osd id value '" + call.integer("id", -1) + "'");
        }
        int known = uuid.isZero() ? -1 : identified(map, uuid);
        if (known >= 0) {
            return wanted >= 0 && wanted != known
                    ? Outcome.refused(Errno.EINVAL, "uuid " + uuid + " already in use for different id " + known)
                    : Outcome.output(created(call, known));
        }
        if (wanted >= 0 && map.exists(wanted)) {
            return Outcome.refused(Errno.EINVAL, "id " + wanted + " already in use and does not match uuid " + uuid);
        }
        int osd = wanted >= 0 ? wanted : free(map);
        add(map, osd, uuid);
        return Outcome.committed("", created(call, osd));
    }

    private int free(OsdMap map) {
        int free = 0;
        while (map.exists(free)) {
            free++;
        }
        return free;
    }

    private void add(OsdMap map, int osd, Uuid uuid) {
        if (osd >= config.integer("mon_max_osd", 10000)) {
            throw new Refusal(Errno.ERANGE, "osd id " + osd + " is out of range");
        }
        osdmap.change(inc -> {
            if (osd >= map.maxOsd()) {
                inc.newMaxOsd(osd + 1);
            }
            int state = osd < map.maxOsd() ? map.osd(osd).state() : 0;
            int destroyed = state & OsdState.DESTROYED;
            inc.xorState(osd, (OsdState.EXISTS | OsdState.NEW) & ~state | destroyed);
            if (!uuid.isZero()) {
                inc.putUuid(osd, uuid);
            }
        });
    }

    private static Bytes created(CommandCall call, int osd) {
        return call.format().equals("plain")
                ? Bytes.of(osd + "\n")
                : Json.render(Json.object().put("osdid", osd), call.format());
    }

    /** Unlike {@code osd create} it is certain which OSD is meant, and keys may come with it. */
    private Outcome makeNew(CommandCall call) {
        OsdMap map = osdmap.pendingMap();
        Uuid uuid = Uuid.parse(call.string("uuid"));
        long wanted = call.has("id") ? OsdIds.of(call) : -1;
        if (call.has("id") && wanted < 0) {
            return Outcome.refused(Errno.EINVAL, "invalid OSD id; must be greater or equal than zero.");
        }
        JsonNode secrets = secrets(call.input());
        int known = identified(map, uuid);
        if (known >= 0) {
            return wanted >= 0 && wanted != known
                    ? Outcome.refused(Errno.EEXIST, "uuid " + uuid + " already in use for different id " + known)
                    : Outcome.output(created(call, known));
        }
        if (wanted >= 0 && map.exists((int) wanted) && !map.osd((int) wanted).has(OsdState.DESTROYED)) {
            return Outcome.refused(Errno.EINVAL, "id " + wanted + " already in use and does not match uuid " + uuid);
        }
        int osd = wanted >= 0 ? (int) wanted : free(map);
        add(map, osd, uuid);
        String key = secrets.path("cephx_secret").asText("");
        if (!key.isEmpty()) {
            auth.put(name(osd), new EntityAuth(CryptoKey.parse(key), CAPS));
        }
        String deviceClass = secrets.path("crush_device_class").asText("");
        if (!deviceClass.isEmpty()) {
            crush.apply(e -> e.setItemClass(osd, deviceClass));
        }
        return Outcome.committed("", created(call, osd));
    }

    private static JsonNode secrets(Bytes input) {
        try {
            return new ObjectMapper().readTree(input.isEmpty() ? "{}" : input.utf8());
        } catch (JsonProcessingException e) {
            throw new Refusal(Errno.EINVAL, "error parsing secrets JSON");
        }
    }

    private static EntityName name(int osd) {
        return new EntityName(EntityType.OSD, Integer.toString(osd));
    }

    private Outcome remove(CommandCall call) {
        OsdMap map = osdmap.pendingMap();
        StringBuilder text = new StringBuilder();
        List<String> removed = new ArrayList<>();
        for (int osd : OsdIds.all(call.strings("ids"), map)) {
            if (!map.exists(osd)) {
                text.append("osd.").append(osd).append(" does not exist. ");
            } else if (map.isUp(osd)) {
                text.append("osd.").append(osd).append(" is still up; must be down before removal. ");
                // What is removed already stays removed, although the answer is a refusal.
                String before = removed.isEmpty() ? "" : "removed " + String.join(", ", removed) + ", ";
                return new Outcome(-Errno.EBUSY, before + text, Bytes.EMPTY, !removed.isEmpty());
            } else {
                forget(osd);
                removed.add("osd." + osd);
            }
        }
        if (!removed.isEmpty()) {
            text.append("removed ").append(String.join(", ", removed));
        }
        return removed.isEmpty() ? Outcome.text(text.toString()) : Outcome.committed(text.toString());
    }

    private void forget(int osd) {
        Osd row = osdmap.pendingMap().osd(osd);
        osdmap.change(inc -> {
            inc.xorState(osd, row.state());
            inc.putUuid(osd, Uuid.ZERO);
            inc.putWeight(osd, Osd.OUT);
        });
    }

    private Outcome destroy(CommandCall call) {
        call.require("id");
        int osd = OsdIds.of(call);
        OsdMap map = osdmap.pendingMap();
        if (!call.flag("yes_i_really_mean_it")) {
            return Outcome.refused(Errno.EPERM, SURE);
        }
        if (!map.exists(osd)) {
            return Outcome.text("osd." + osd + " does not exist");
        }
        if (map.isUp(osd)) {
            return Outcome.refused(Errno.EBUSY, "osd." + osd + " is not `down`.");
        }
        return destroyed(osd);
    }

    /** Marks an OSD that is down as destroyed. */
    Outcome destroyed(int osd) {
        if (osdmap.pendingMap().osd(osd).has(OsdState.DESTROYED)) {
            return Outcome.text("destroyed osd." + osd);
        }
        forgetKeys(osd);
        osdmap.change(inc -> {
            inc.xorState(osd, OsdState.DESTROYED);
            inc.putUuid(osd, Uuid.ZERO);
        });
        return Outcome.committed("destroyed osd." + osd);
    }

    private void forgetKeys(int osd) {
        Uuid uuid = osdmap.pendingMap().osd(osd).uuid();
        for (EntityName name : List.of(name(osd), EntityName.client("osd-lockbox." + uuid))) {
            if (auth.find(name) != null) {
                auth.remove(name);
            }
        }
    }

    private Outcome purge(CommandCall call) {
        int osd = OsdIds.of(call);
        Outcome refusal = keptFromPurge(call, osd);
        return refusal == null ? purged(osd) : refusal;
    }

    private Outcome purgeNew(CommandCall call) {
        int osd = OsdIds.of(call);
        Outcome refusal = keptFromPurge(call, osd);
        if (refusal != null) {
            return refusal;
        }
        if (!osdmap.pendingMap().osd(osd).has(OsdState.NEW)) {
            return Outcome.refused(Errno.EPERM, "osd." + osd + " is not new");
        }
        return purged(osd);
    }

    /** The answer where nothing is to be purged, or not yet; null where it may be. */
    private @Nullable Outcome keptFromPurge(CommandCall call, int osd) {
        call.require("id");
        if (!call.flag("yes_i_really_mean_it")) {
            return Outcome.refused(Errno.EPERM, SURE);
        }
        OsdMap map = osdmap.pendingMap();
        if (!map.exists(osd)) {
            return Outcome.text("osd." + osd + " does not exist");
        }
        if (map.isUp(osd)) {
            return Outcome.refused(Errno.EBUSY, "osd." + osd + " is not `down`.");
        }
        return null;
    }

    /** Forgets an OSD that is down in every way. */
    Outcome purged(int osd) {
        forgetKeys(osd);
        crush.apply(e -> {
            if (e.isPlaced(osd)) {
                e.removeItem(osd, false);
            }
        });
        forget(osd);
        return Outcome.committed("purged osd." + osd);
    }
}
