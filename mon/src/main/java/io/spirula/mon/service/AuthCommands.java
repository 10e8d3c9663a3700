package io.spirula.mon.service;

import io.spirula.common.auth.CryptoKey;
import io.spirula.common.auth.EntityAuth;
import io.spirula.common.auth.Keyring;
import io.spirula.common.auth.caps.Caps;
import io.spirula.common.auth.caps.CapsSyntaxException;
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
        table.add("auth print_key name=entity,type=CephString", "display requested key", "auth", "rx", this::getKey);
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

    /** @param mistake what is said of a name that is none, in front of it */
    private static EntityName entity(CommandCall call, String mistake) {
        try {
            return EntityName.parse(call.string("entity"));
        } catch (IllegalArgumentException e) {
            throw new Refusal(Errno.EINVAL, mistake);
        }
    }

    private static EntityName entityToRead(CommandCall call) {
        return entity(call, "invalid entity_auth " + call.string("entity"));
    }

    private static EntityName entityToChange(CommandCall call) {
        return entity(call, "bad entity name");
    }

    private Outcome list(CommandCall call) {
        SortedMap<EntityName, EntityAuth> all = auth.entities();
        if (!call.format().equals("plain")) {
            List<Object> entries = Json.list(all.entrySet(), e -> json(e.getKey(), e.getValue()));
            return Json.answer(call, Json.object().put("auth_dump", entries)).withText("");
        }
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
        return Outcome.output(out.toString()).withText("installed auth entries:\n");
    }

    private static Json json(EntityName name, EntityAuth a) {
        Json caps = Json.object();
        a.caps().forEach(caps::put);
        return Json.object()
                .put("entity", name.toString())
                .put("key", a.key().toBase64())
                .put("caps", caps);
    }

    private static Bytes printed(CommandCall call, SortedMap<EntityName, EntityAuth> entities) {
        return call.format().equals("plain")
                ? Bytes.of(new Keyring(entities).print())
                : Json.render(Json.list(entities.entrySet(), e -> json(e.getKey(), e.getValue())), call.format());
    }

    private static Bytes printed(CommandCall call, EntityName name, EntityAuth a) {
        return printed(call, new TreeMap<>(Map.of(name, a)));
    }

    private Outcome export(CommandCall call) {
        if (call.string("entity").isEmpty()) {
            return Outcome.output(printed(call, auth.entities())).withText("exported master keyring");
        }
        EntityName name = entityToRead(call);
        EntityAuth a = auth.entities().get(name);
        return a == null
                ? Outcome.refused(Errno.ENOENT, "no key for " + shown(CryptoKey.EMPTY))
                : Outcome.output(printed(call, name, a)).withText("export " + shown(a.key()));
    }

    private static String shown(CryptoKey key) {
        return "auth(key=" + key.toBase64() + ")";
    }

    private Outcome get(CommandCall call) {
        EntityName name = entityToRead(call);
        EntityAuth a = auth.entities().get(name);
        return a == null
                ? Outcome.refused(Errno.ENOENT, "failed to find " + name + " in keyring")
                : Outcome.output(printed(call, name, a)).withText("exported keyring for " + name);
    }

    private Outcome getKey(CommandCall call) {
        if (call.string("entity").isEmpty()) {
            return Outcome.refused(Errno.ENOENT, "don't have an entity without a name");
        }
        EntityName name = entityToRead(call);
        EntityAuth a = auth.entities().get(name);
        return a == null ? Outcome.refused(Errno.ENOENT, "don't have " + name) : Outcome.output(key(call, a));
    }

    private static Bytes key(CommandCall call, EntityAuth a) {
        return call.format().equals("plain")
                ? Bytes.of(a.key().toBase64())
                : Json.render(Json.object().put("key", a.key().toBase64()), call.format());
    }

    /** @param mistake what is said of an input that is no keyring */
    private static Keyring inputKeyring(CommandCall call, String mistake) {
        try {
            return Keyring.parse(call.input().utf8());
        } catch (MalformedInput e) {
            throw new Refusal(Errno.EINVAL, mistake);
        }
    }

    private Outcome importKeys(CommandCall call) {
        if (call.input().isEmpty()) {
            return Outcome.refused(Errno.EINVAL, "auth import: no data supplied");
        }
        Keyring keyring;
        try {
            keyring = Keyring.parse(call.input().utf8());
        } catch (MalformedInput e) {
            return Outcome.refused(Errno.EINVAL, "error decoding keyring " + e.getMessage());
        }
        if (keyring.entries().values().stream().anyMatch(a -> a.caps().isEmpty())) {
            return Outcome.refused(Errno.EINVAL, "auth import: no caps supplied");
        }
        keyring.entries().forEach(auth::put);
        return Outcome.committed("imported keyring");
    }

    /** The words of a request: pairs of a service and its capabilities. */
    private static List<String> capsWords(CommandCall call) {
        List<String> words = call.strings("caps");
        if (words.size() % 2 != 0) {
            throw new Refusal(Errno.EINVAL, "bad capabilities request; odd number of arguments");
        }
        return words;
    }

    /** @param lastCounts which of two capabilities for one service is meant */
    private static SortedMap<String, String> checked(List<String> words, boolean lastCounts) {
        SortedMap<String, String> caps = new TreeMap<>();
        for (int i = 0; i < words.size(); i += 2) {
            String service = words.get(i);
            try {
                Caps.check(service, words.get(i + 1));
            } catch (CapsSyntaxException e) {
                throw new Refusal(Errno.EINVAL, e.text());
            }
            if (lastCounts || !caps.containsKey(service)) {
                caps.put(service, words.get(i + 1));
            }
        }
        return caps;
    }

    private Outcome add(CommandCall call) {
        List<String> words = capsWords(call);
        EntityName name = entityToChange(call);
        boolean hasKeyring = !call.input().isEmpty();
        Keyring keyring = hasKeyring ? inputKeyring(call, "error decoding keyring") : Keyring.EMPTY;
        SortedMap<String, String> caps = checked(words, true);
        EntityAuth given = keyring.find(name);
        if (hasKeyring && given == null) {
            return Outcome.refused(Errno.EINVAL, "key for " + name + " not found in provided keyring");
        }
        if (given != null && !caps.isEmpty() && !given.caps().isEmpty()) {
            return Outcome.refused(Errno.EINVAL, "caps cannot be specified both in keyring and in command");
        }
        EntityAuth wanted = new EntityAuth(
                given == null ? auth.newKey() : given.key(), given == null || !caps.isEmpty() ? caps : given.caps());
        EntityAuth known = auth.find(name);
        if (known != null) {
            return matching(name, known, wanted, hasKeyring);
        }
        auth.put(name, wanted);
        return Outcome.committed("added key for " + name);
    }

    /** Adding what is there already does nothing; anything else is refused. Ceph: exists_and_matches_entity. */
    private static Outcome matching(EntityName name, EntityAuth known, EntityAuth wanted, boolean withKey) {
        String exists = "entity " + name + " exists but ";
        if (withKey && !known.key().secret().equals(wanted.key().secret())) {
            return Outcome.refused(Errno.EEXIST, exists + "key does not match");
        }
        if (known.caps().size() != wanted.caps().size()) {
            return Outcome.refused(Errno.EINVAL, exists + "caps do not match");
        }
        for (Map.Entry<String, String> e : wanted.caps().entrySet()) {
            if (!e.getValue().equals(known.caps().get(e.getKey()))) {
                return Outcome.refused(Errno.EINVAL, exists + "cap " + e.getKey() + " does not match");
            }
        }
        return Outcome.text("");
    }

    /** @param created whether the entity was not there before, and is pending now */
    private record Found(EntityAuth entity, boolean created) {
        Outcome answer(Bytes output) {
            return created ? Outcome.committed("", output) : Outcome.output(output);
        }
    }

    private Found existingOrNew(CommandCall call, EntityName name) {
        SortedMap<String, String> caps = checked(capsWords(call), true);
        EntityAuth known = auth.find(name);
        if (known == null) {
            EntityAuth made = new EntityAuth(auth.newKey(), caps);
            auth.put(name, made);
            return new Found(made, true);
        }
        caps.forEach((service, text) -> {
            if (!text.equals(known.caps().get(service))) {
                throw new Refusal(Errno.EINVAL, "key for " + name + " exists but cap " + service + " does not match");
            }
        });
        return new Found(known, false);
    }

    private Outcome getOrCreate(CommandCall call) {
        EntityName name = entityToChange(call);
        Found found = existingOrNew(call, name);
        // As a keyring it is the key alone, whatever the capabilities are.
        boolean plain = call.format().equals("plain");
        EntityAuth shown = plain ? new EntityAuth(found.entity.key(), Map.of()) : found.entity;
        return found.answer(printed(call, name, shown));
    }

    private Outcome getOrCreateKey(CommandCall call) {
        Found found = existingOrNew(call, entityToChange(call));
        boolean plain = call.format().equals("plain");
        return found.answer(plain ? Bytes.of(found.entity.key().toBase64() + "\n") : key(call, found.entity));
    }

    private Outcome caps(CommandCall call) {
        List<String> words = capsWords(call);
        EntityName name = entityToChange(call);
        EntityAuth known = auth.find(name);
        if (known == null) {
            return Outcome.refused(Errno.ENOENT, "couldn't find entry " + name);
        }
        auth.put(name, new EntityAuth(known.key(), checked(words, false)));
        return Outcome.committed("updated caps for " + name);
    }

    private Outcome remove(CommandCall call) {
        EntityName name = entityToChange(call);
        if (auth.find(name) == null) {
            return Outcome.text("entity " + name + " does not exist");
        }
        auth.remove(name);
        return Outcome.committed("updated");
    }
}
