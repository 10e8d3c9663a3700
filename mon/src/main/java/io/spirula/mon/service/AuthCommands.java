package io.spirula.mon.service;

import io.spirula.common.auth.EntityAuth;
import io.spirula.common.auth.Keyring;
import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.command.Refusal;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.Errno;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The commands about keys and capabilities. Source of their answers: mon/AuthMonitor.cc. */
public final class AuthCommands {
    private final AuthService auth;

    public AuthCommands(AuthService auth) {
        this.auth = auth;
    }

    public void register(CommandTable table) {
        table.add(
                "auth export name=entity,type=CephString,req=false",
                "write keyring for requested entity, or master keyring if none given",
                "auth",
                "rx",
                this::export);
        table.add(
                "auth get name=entity,type=CephString",
                "write keyring file with requested key",
                "auth",
                "rx",
                this::get);
        table.add("auth get-key name=entity,type=CephString", "display requested key", "auth", "rx", this::getKey);
        table.add("auth print-key name=entity,type=CephString", "display requested key", "auth", "rx", this::getKey);
        table.add("auth list", "list authentication state", "auth", "rx", 4, this::list);
        table.add("auth ls", "list authentication state", "auth", "rx", this::list);
        table.add("auth import", "auth import: read keyring file from -i <file>", "auth", "rwx", this::importKeys);
        table.add(
                "auth add name=entity,type=CephString name=caps,type=CephString,n=N,req=false",
                "add auth info for <entity> from input file, or random key if no input is given, and/or any caps"
                        + " specified in the command",
                "auth",
                "rwx",
                this::add);
        table.add(
                "auth get-or-create-key name=entity,type=CephString name=caps,type=CephString,n=N,req=false",
                "get, or add, key for <name> from system/caps pairs specified in the command.  If key already exists,"
                        + " any given caps must match the existing caps for that key.",
                "auth",
                "rwx",
                this::getOrCreateKey);
        table.add(
                "auth get-or-create name=entity,type=CephString name=caps,type=CephString,n=N,req=false",
                "add auth info for <entity> from input file, or random key if no input given, and/or any caps"
                        + " specified in the command",
                "auth",
                "rwx",
                this::getOrCreate);
        table.add(
                "auth caps name=entity,type=CephString name=caps,type=CephString,n=N",
                "update caps for <name> from caps specified in the command",
                "auth",
                "rwx",
                this::caps);
        table.add("auth del name=entity,type=CephString", "delete all caps for <name>", "auth", "rwx", 4, this::remove);
        table.add("auth rm name=entity,type=CephString", "remove all caps for <name>", "auth", "rwx", this::remove);
    }

    private static EntityName entity(CommandCall call) {
        String text = call.string("entity");
        try {
            return EntityName.parse(text);
        } catch (IllegalArgumentException e) {
            throw new Refusal(Errno.EINVAL, "bad entity name");
        }
    }

    private Outcome list(CommandCall call) {
        SortedMap<EntityName, EntityAuth> all = auth.entities();
        if (call.format().equals("plain")) {
            StringBuilder out = new StringBuilder();
            all.forEach((name, a) -> {
                out.append(name).append("\n\tkey: ").append(a.key().toBase64()).append('\n');
                a.caps()
                        .forEach((service, caps) -> out.append("\tcaps: [")
                                .append(service)
                                .append("] ")
                                .append(caps)
                                .append('\n'));
            });
            return Outcome.output(out.toString()).withText("installed auth entries:\n\n");
        }
        List<Object> entries = Json.list(all.entrySet(), e -> json(e.getKey(), e.getValue()));
        return Json.answer(call, Json.object().put("auth_dump", entries));
    }

    private static Json json(EntityName name, EntityAuth a) {
        Json caps = Json.object();
        a.caps().forEach(caps::put);
        return Json.object()
                .put("entity", name.toString())
                .put("key", a.key().toBase64())
                .put("caps", caps);
    }

    private static Bytes printed(CommandCall call, EntityName name, EntityAuth a) {
        return call.format().equals("plain")
                ? Bytes.of(new Keyring(new TreeMap<>(Map.of(name, a))).print())
                : Json.render(List.of(json(name, a)), call.format());
    }

    private Outcome export(CommandCall call) {
        if (!call.has("entity")) {
            if (call.format().equals("plain")) {
                return Outcome.output(auth.keyring().print()).withText("exported master keyring");
            }
            return Json.answer(call, Json.list(auth.entities().entrySet(), e -> json(e.getKey(), e.getValue())))
                    .withText("exported master keyring");
        }
        return get(call).withText("export " + call.string("entity"));
    }

    private Outcome get(CommandCall call) {
        EntityName name = entity(call);
        EntityAuth a = auth.entities().get(name);
        return a == null
                ? Outcome.refused(Errno.ENOENT, "failed to find " + name + " in keyring")
                : Outcome.output(printed(call, name, a)).withText("exported keyring for " + name);
    }

    private Outcome getKey(CommandCall call) {
        EntityName name = entity(call);
        EntityAuth a = auth.entities().get(name);
        return a == null ? Outcome.refused(Errno.ENOENT, "don't have " + name) : Outcome.output(key(call, a));
    }

    private static Bytes key(CommandCall call, EntityAuth a) {
        return call.format().equals("plain")
                ? Bytes.of(a.key().toBase64())
                : Json.render(Json.object().put("key", a.key().toBase64()), call.format());
    }

    private static Keyring inputKeyring(CommandCall call) {
        try {
            return Keyring.parse(call.input().utf8());
        } catch (MalformedInput e) {
            throw new Refusal(Errno.EINVAL, "error decoding keyring");
        }
    }

    private Outcome importKeys(CommandCall call) {
        if (call.input().isEmpty()) {
            return Outcome.refused(Errno.EINVAL, "auth import: no data supplied");
        }
        inputKeyring(call).entries().forEach(auth::put);
        return Outcome.committed("imported keyring");
    }

    /** Pairs of a service and its capabilities. */
    private static Map<String, String> requestedCaps(CommandCall call) {
        List<String> words = call.strings("caps");
        if (words.size() % 2 != 0) {
            throw new Refusal(Errno.EINVAL, "bad capabilities request; odd number of arguments");
        }
        Map<String, String> caps = new TreeMap<>();
        for (int i = 0; i < words.size(); i += 2) {
            String service = words.get(i);
            if (!List.of("mon", "osd", "mds", "mgr").contains(service)) {
                throw new Refusal(Errno.EINVAL, "unknown cap type '" + service + "'");
            }
            String text = words.get(i + 1);
            if (!text.isBlank() && !text.contains("allow") && !text.contains("profile")) {
                throw new Refusal(
                        Errno.EINVAL,
                        service + " capability parse failed, stopped at '" + text + "' of '" + text + "'");
            }
            caps.put(service, text);
        }
        return caps;
    }

    private Outcome add(CommandCall call) {
        EntityName name = entity(call);
        Map<String, String> caps = requestedCaps(call);
        EntityAuth given = call.input().isEmpty() ? null : inputKeyring(call).find(name);
        if (!call.input().isEmpty() && given == null) {
            return Outcome.refused(Errno.ENOENT, "no key for " + name + " in the keyring given");
        }
        EntityAuth known = auth.find(name);
        if (known != null) {
            if (given != null && !given.key().secret().equals(known.key().secret())) {
                return Outcome.refused(Errno.EINVAL, "entity " + name + " exists but key does not match");
            }
            if (!known.caps().equals(new TreeMap<>(caps)) && !caps.isEmpty()) {
                return Outcome.refused(Errno.EINVAL, "entity " + name + " exists but caps do not match");
            }
            return Outcome.text("added key for " + name);
        }
        Map<String, String> effective = caps.isEmpty() && given != null ? given.caps() : caps;
        auth.put(name, new EntityAuth(given == null ? auth.newKey() : given.key(), effective));
        return Outcome.committed("added key for " + name);
    }

    private EntityAuth existingOrNew(CommandCall call, EntityName name, boolean[] created) {
        Map<String, String> caps = requestedCaps(call);
        EntityAuth known = auth.find(name);
        if (known == null) {
            EntityAuth made = new EntityAuth(auth.newKey(), caps);
            auth.put(name, made);
            created[0] = true;
            return made;
        }
        caps.forEach((service, text) -> {
            if (!text.equals(known.caps().get(service))) {
                throw new Refusal(Errno.EINVAL, "key for " + name + " exists but cap " + service + " does not match");
            }
        });
        return known;
    }

    private Outcome getOrCreate(CommandCall call) {
        EntityName name = entity(call);
        boolean[] created = {false};
        EntityAuth a = existingOrNew(call, name, created);
        // Only the key is shown here, whatever the capabilities are.
        Bytes output = call.format().equals("plain")
                ? Bytes.of("[" + name + "]\n\tkey = " + a.key().toBase64() + "\n")
                : printed(call, name, a);
        return created[0] ? Outcome.committed("", output) : Outcome.output(output);
    }

    private Outcome getOrCreateKey(CommandCall call) {
        boolean[] created = {false};
        EntityAuth a = existingOrNew(call, entity(call), created);
        Bytes output = key(call, a);
        return created[0] ? Outcome.committed("", output) : Outcome.output(output);
    }

    private Outcome caps(CommandCall call) {
        EntityName name = entity(call);
        EntityAuth known = auth.find(name);
        if (known == null) {
            return Outcome.refused(Errno.ENOENT, "couldn't find entry " + name);
        }
        Map<String, String> caps = requestedCaps(call);
        auth.put(name, new EntityAuth(known.key(), caps));
        return Outcome.committed("updated caps for " + name);
    }

    private Outcome remove(CommandCall call) {
        EntityName name = entity(call);
        if (auth.find(name) == null) {
            return Outcome.text("entity " + name + " does not exist");
        }
        auth.remove(name);
        return Outcome.committed("updated");
    }
}
