package io.spirula.common.daemon;

import io.spirula.common.auth.Keyring;
import io.spirula.common.config.CommonOptions;
import io.spirula.common.config.Config;
import io.spirula.common.config.ConfigException;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.Uuid;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A daemon's arguments.
 *
 * @param config what every Ceph program takes
 * @param mkfs whether to make a store and not to run
 * @param values the daemon's own options that have a value, by name with its dashes
 */
public record DaemonOptions(Config config, boolean mkfs, Map<String, String> values) {
    private static final Set<String> WITHOUT_EFFECT = Set.of("-f", "-d", "--foreground", "--mkkey");
    private static final Set<String> TAKEN = Set.of("--setuser", "--setgroup");

    /**
     * Throws ConfigException with a line for the user.
     *
     * @param valued which options of its own this daemon has
     */
    public static DaemonOptions parse(
            List<String> arguments, EntityType type, Set<String> valued, Map<String, String> environment) {
        CommonOptions common = CommonOptions.parse(arguments, type, CommonOptions.Kind.DAEMON, environment);
        List<String> rest = new ArrayList<>(common.rest());
        boolean mkfs = false;
        Map<String, String> values = new LinkedHashMap<>();
        while (!rest.isEmpty()) {
            String word = rest.removeFirst();
            int equals = word.startsWith("--") ? word.indexOf('=') : -1;
            String option = (equals < 0 ? word : word.substring(0, equals)).replace('_', '-');
            if (option.equals("--mkfs")) {
                mkfs = true;
            } else if (valued.contains(option) || TAKEN.contains(option)) {
                if (equals < 0 && rest.isEmpty()) {
                    throw new ConfigException("option " + word + " needs a value");
                }
                values.put(option, equals < 0 ? rest.removeFirst() : word.substring(equals + 1));
            } else if (!WITHOUT_EFFECT.contains(option)) {
                throw new ConfigException("unknown option '" + word + "'");
            }
        }
        return new DaemonOptions(common.config(), mkfs, values);
    }

    /** The cluster's id: {@code --fsid}, else {@code fsid} of the configuration; null where there is neither. */
    public @Nullable Uuid fsid() {
        return uuid("fsid", values.getOrDefault("--fsid", config.string("fsid", "")));
    }

    /** Null for an empty text. */
    public static @Nullable Uuid uuid(String what, String text) {
        if (text.isBlank()) {
            return null;
        }
        try {
            return Uuid.parse(text.strip());
        } catch (IllegalArgumentException e) {
            throw new ConfigException(what + " '" + text.strip() + "' is not a UUID", e);
        }
    }

    /**
     * The keys that the configuration gives this daemon. Where there are none: empty if nobody needs a key, ConfigException if cephx is on.
     *
     * @param usual the keyring file where the configuration names none
     */
    public Keyring keyring(String usual) {
        Keyring keyring;
        try {
            keyring = Keyring.configured(config, usual);
        } catch (IOException e) {
            throw new ConfigException("can't read the key: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new ConfigException("not a key: " + e.getMessage(), e);
        }
        if (keyring.entries().isEmpty() && usesCephx()) {
            throw new ConfigException(
                    "unable to find a keyring on " + config.string("keyring", usual) + ": name one with --keyring");
        }
        return keyring;
    }

    public boolean usesCephx() {
        return config.string("auth_cluster_required", "cephx").contains("cephx");
    }
}
