package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.command.Refusal;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgPool;
import io.spirula.common.types.Errno;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The commands about profiles of erasure codes. Source of their answers: mon/OSDMonitor.cc. */
final class ErasureCodeCommands {
    private static final String NAME = " name=name,type=CephString,goodchars=[A-Za-z0-9-_.]";
    /** What a profile starts from that names no other plugin. Ceph: osd_pool_default_erasure_code_profile. */
    private static final Map<String, String> DEFAULTS =
            Map.of("plugin", "jerasure", "technique", "reed_sol_van", "k", "2", "m", "2");

    private final OsdmapService osdmap;

    ErasureCodeCommands(OsdmapService osdmap) {
        this.osdmap = osdmap;
    }

    void register(CommandTable table) {
        table.add(
                "osd erasure-code-profile set" + NAME
                        + " name=profile,type=CephString,n=N,req=false name=force,type=CephBool,req=false",
                "create erasure code profile <name> with [<key[=value]> ...] pairs. Add a --force at the end to"
                        + " override an existing profile (VERY DANGEROUS)",
                "osd",
                "rw",
                this::set);
        table.add("osd erasure-code-profile get" + NAME, "get erasure code profile <name>", "osd", "r", this::get);
        table.add(
                "osd erasure-code-profile rm" + NAME, "remove erasure code profile <name>", "osd", "rw", this::remove);
        table.add("osd erasure-code-profile ls", "list all erasure code profiles", "osd", "r", this::list);
    }

    private Outcome list(CommandCall call) {
        return CrushEdits.names(
                call, List.copyOf(osdmap.map().erasureCodeProfiles().keySet()));
    }

    private Outcome get(CommandCall call) {
        String name = call.string("name");
        NavigableMap<String, String> profile =
                osdmap.map().erasureCodeProfiles().get(name);
        if (profile == null) {
            return Outcome.refused(Errno.ENOENT, "unknown erasure code profile '" + name + "'");
        }
        Json json = Json.object();
        StringBuilder text = new StringBuilder();
        profile.forEach((k, v) -> {
            json.put(k, v);
            text.append(k).append('=').append(v).append('\n');
        });
        return call.format().equals("plain") ? Outcome.output(text.toString()) : Json.answer(call, json);
    }

    private Outcome set(CommandCall call) {
        String name = call.string("name");
        if (name.isEmpty()) {
            return Outcome.refused(Errno.EINVAL, "(22) Invalid argument");
        }
        TreeMap<String, String> wanted = new TreeMap<>();
        boolean force = call.flag("force");
        for (String word : call.strings("profile")) {
            if (word.equals("--force")) {
                force = true;
                continue;
            }
            int equals = word.indexOf('=');
            String key = equals < 0 ? word : word.substring(0, equals);
            if (key.startsWith("ruleset-")) {
                return Outcome.refused(
                        Errno.EINVAL,
                        "property '" + key + "' is no longer supported; try 'crush-" + key.substring(8) + "' instead");
            }
            wanted.put(key, equals < 0 ? "" : word.substring(equals + 1));
        }
        if (wanted.getOrDefault("plugin", "jerasure").equals("jerasure")) {
            DEFAULTS.forEach(wanted::putIfAbsent);
        }
        checkFailureDomain(wanted);
        NavigableMap<String, String> profile = ErasureCodeProfile.of(wanted).values();
        NavigableMap<String, String> known =
                osdmap.pendingMap().erasureCodeProfiles().get(name);
        if (profile.equals(known)) {
            return Outcome.text("");
        }
        if (known != null && !force) {
            return Outcome.refused(
                    Errno.EPERM,
                    "will not override erasure code profile " + name + " because the existing profile "
                            + ErasureCodeProfile.shown(known) + " is different from the proposed profile "
                            + ErasureCodeProfile.shown(profile));
        }
        osdmap.change(inc -> inc.putErasureCodeProfile(name, profile));
        return Outcome.committed("");
    }

    private void checkFailureDomain(TreeMap<String, String> profile) {
        String domain = profile.getOrDefault("crush-failure-domain", "");
        if (!domain.isEmpty() && CrushEdits.decoded(osdmap.pendingMap()).typeId(domain) < 0) {
            throw new Refusal(
                    Errno.EINVAL,
                    "erasure-code-profile " + ErasureCodeProfile.shown(profile)
                            + " contains an invalid failure-domain \"" + domain + "\"");
        }
    }

    private Outcome remove(CommandCall call) {
        String name = call.string("name");
        OsdMap map = osdmap.pendingMap();
        if (!map.erasureCodeProfiles().containsKey(name)) {
            return Outcome.text("erasure-code-profile " + name + " does not exist");
        }
        for (Map.Entry<Long, PgPool> e : map.pools().entrySet()) {
            if (e.getValue().erasureCodeProfile().equals(name)) {
                return Outcome.refused(
                        Errno.EBUSY,
                        map.poolName(e.getKey()) + " pool(s) are using the erasure code profile '" + name + "'");
            }
        }
        osdmap.change(inc -> inc.removeErasureCodeProfile(name));
        return Outcome.committed("");
    }
}
