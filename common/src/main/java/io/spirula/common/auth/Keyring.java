package io.spirula.common.auth;

import io.spirula.common.config.Config;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.types.EntityName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Entities with their keys and capabilities, as keyring files have them. Immutable. Ceph: KeyRing. */
public record Keyring(SortedMap<EntityName, EntityAuth> entries) {
    public static final Keyring EMPTY = new Keyring(new TreeMap<>());

    private static final long MAX_FILE_BYTES = 16 << 20;

    public Keyring {
        entries = Collections.unmodifiableSortedMap(new TreeMap<>(entries));
    }

    public static Keyring of(EntityName name, CryptoKey key) {
        return EMPTY.with(name, new EntityAuth(key, Map.of()));
    }

    /** Reads a keyring file. Throws IOException where it cannot be read, MalformedInput naming file and line where it is not a keyring. */
    public static Keyring load(Path file) throws IOException {
        if (Files.size(file) > MAX_FILE_BYTES) {
            throw new MalformedInput(file + " is too large for a keyring");
        }
        try {
            return parse(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
        } catch (MalformedInput e) {
            throw new MalformedInput(file + ": " + e.getMessage(), e);
        }
    }

    /**
     * The key that a configuration gives its own entity: {@code key}, else the file {@code keyfile}, else the first of {@code keyring}'s files that exists; empty where there is none. Ceph: KeyRing::from_ceph_context.
     *
     * @param files the keyring files, separated by commas, where the configuration names none
     */
    public static Keyring configured(Config config, String files) throws IOException {
        String key = config.string("key", "");
        String keyFile = config.string("keyfile", "");
        if (!key.isEmpty() || !keyFile.isEmpty()) {
            String text = key.isEmpty() ? Files.readString(Path.of(keyFile)) : key;
            return of(config.name(), CryptoKey.parse(text.strip()));
        }
        for (String file : config.string("keyring", files).split("[,;\\s]+")) {
            if (!file.isEmpty() && Files.exists(Path.of(file))) {
                return load(Path.of(file));
            }
        }
        return EMPTY;
    }

    public static Keyring parse(String text) {
        return new KeyringParser(text).parse();
    }

    public @Nullable EntityAuth find(EntityName name) {
        return entries.get(name);
    }

    /** Null where there is no usable key. */
    public @Nullable CryptoKey key(EntityName name) {
        EntityAuth auth = entries.get(name);
        return auth == null || auth.key().isEmpty() ? null : auth.key();
    }

    public Keyring with(EntityName name, EntityAuth auth) {
        TreeMap<EntityName, EntityAuth> more = new TreeMap<>(entries);
        more.put(name, auth);
        return new Keyring(more);
    }

    /** The file's text, as {@code ceph auth get} and ceph-authtool print it. */
    public String print() {
        StringBuilder out = new StringBuilder();
        entries.forEach((name, auth) -> {
            out.append('[').append(name).append("]\n\tkey = ");
            out.append(auth.key().toBase64()).append('\n');
            auth.caps()
                    .forEach((service, caps) -> out.append("\tcaps ")
                            .append(service)
                            .append(" = \"")
                            .append(caps.replace("\\", "\\\\").replace("\"", "\\\""))
                            .append("\"\n"));
        });
        return out.toString();
    }

    /** Names only: keys never reach a log. */
    @Override
    public String toString() {
        return "keyring of " + entries.keySet();
    }
}
