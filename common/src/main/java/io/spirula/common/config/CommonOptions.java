package io.spirula.common.config;

import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The options that every Ceph command takes, taken out of its arguments: {@code -c/--conf}, {@code -n/--name}, {@code --id/--user} ({@code -i} for daemons), {@code -k/--keyring}, {@code -m/--mon-host},
 * {@code --cluster}, {@code --connect-timeout} and any {@code --option=value} whose option Ceph knows. {@code CEPH_ARGS} is read first and the command line wins; {@code CEPH_CONF} and {@code CEPH_KEYRING} stand in for absent
 * options.
 *
 * @param config what follows for this party
 * @param rest the arguments that are the command's own
 */
public record CommonOptions(Config config, List<String> rest) {
    /** Where a daemon takes its administrator's commands. */
    public static final String ADMIN_SOCKET = "admin_socket";

    /** Options without a value, which mean true. */
    private static final List<String> FLAGS = List.of("log_to_stderr", "err_to_stderr", "no_log_to_stderr");

    /** How a command reads the short options whose meaning differs. */
    public enum Kind {
        /** {@code -i} is an input file and belongs to the command. */
        CLIENT,
        /** {@code -i} is the daemon's id. */
        DAEMON
    }

    /** Throws ConfigException with a line for the user. */
    public static CommonOptions parse(
            List<String> arguments, EntityType defaultType, Kind kind, Map<String, String> environment) {
        List<String> all = new ArrayList<>();
        String fromEnvironment = environment.get("CEPH_ARGS");
        if (fromEnvironment != null && !fromEnvironment.isBlank()) {
            all.addAll(List.of(fromEnvironment.strip().split("\\s+")));
        }
        all.addAll(arguments);
        return new Parser(all, kind).parse(defaultType, environment);
    }

    private static final class Parser {
        private final List<String> arguments;
        private final Kind kind;
        private final List<String> rest = new ArrayList<>();
        private final Map<String, String> overrides = new LinkedHashMap<>();
        private @Nullable String conf;
        private @Nullable String name;
        private @Nullable String id;
        private String cluster = "ceph";
        private int at;

        Parser(List<String> arguments, Kind kind) {
            this.arguments = arguments;
            this.kind = kind;
        }

        CommonOptions parse(EntityType defaultType, Map<String, String> environment) {
            while (at < arguments.size()) {
                String argument = arguments.get(at++);
                if (argument.equals("--")) {
                    rest.add(argument);
                    rest.addAll(arguments.subList(at, arguments.size()));
                    break;
                }
                take(argument);
            }
            EntityName self = entity(defaultType);
            Map<String, String> variables = new LinkedHashMap<>();
            String keyring = environment.get("CEPH_KEYRING");
            if (keyring != null) {
                variables.put("keyring", keyring);
            }
            Map<String, String> surroundings = new LinkedHashMap<>();
            surroundings.put("pid", Long.toString(ProcessHandle.current().pid()));
            surroundings.put("home", environment.getOrDefault("HOME", "/"));
            surroundings.put("host", environment.getOrDefault("HOSTNAME", "localhost"));
            CephConf file = file(environment);
            return new CommonOptions(
                    new Config(self, cluster, file, variables, overrides, surroundings), List.copyOf(rest));
        }

        private void take(String argument) {
            int equals = argument.startsWith("--") ? argument.indexOf('=') : -1;
            String word = equals < 0 ? argument : argument.substring(0, equals);
            String inline = equals < 0 ? null : argument.substring(equals + 1);
            switch (word) {
                case "-c", "--conf" -> conf = value(word, inline);
                case "-n", "--name" -> name = value(word, inline);
                case "--id", "--user" -> id = value(word, inline);
                case "-i" -> {
                    if (kind == Kind.DAEMON) {
                        id = value(word, inline);
                    } else {
                        rest.add(argument);
                    }
                }
                case "-k", "--keyring" -> overrides.put("keyring", value(word, inline));
                case "-m", "--mon-host", "--mon_host" -> overrides.put("mon_host", value(word, inline));
                case "--cluster" -> cluster = value(word, inline);
                case "--connect-timeout" -> overrides.put("client_mount_timeout", value(word, inline));
                default -> takeOption(argument, word, inline);
            }
        }

        private void takeOption(String argument, String word, @Nullable String inline) {
            String option = word.startsWith("--") ? CephConf.normalize(word.substring(2)) : "";
            if (FLAGS.contains(option)) {
                overrides.put(option, inline == null ? "true" : inline);
            } else if (KnownOptions.isKnown(option)) {
                overrides.put(option, value(word, inline));
            } else {
                rest.add(argument);
            }
        }

        private String value(String word, @Nullable String inline) {
            if (inline != null) {
                return inline;
            }
            if (at == arguments.size()) {
                throw new ConfigException("Option " + word + " requires an argument.");
            }
            return arguments.get(at++);
        }

        private EntityName entity(EntityType defaultType) {
            try {
                return name != null
                        ? EntityName.parse(name)
                        : new EntityName(
                                defaultType, id != null ? id : defaultType == EntityType.CLIENT ? "admin" : "");
            } catch (IllegalArgumentException e) {
                throw new ConfigException("error parsing '" + name + "': expected string of the form TYPE.ID", e);
            }
        }

        private CephConf file(Map<String, String> environment) {
            String named = conf != null ? conf : environment.get("CEPH_CONF");
            if (named != null) {
                return CephConf.load(Path.of(named));
            }
            List<Path> usual = List.of(
                    Path.of("/etc/ceph", cluster + ".conf"),
                    Path.of(environment.getOrDefault("HOME", "/"), ".ceph", cluster + ".conf"),
                    Path.of(cluster + ".conf"));
            for (Path path : usual) {
                if (Files.isRegularFile(path)) {
                    return CephConf.load(path);
                }
            }
            return CephConf.EMPTY;
        }
    }
}
