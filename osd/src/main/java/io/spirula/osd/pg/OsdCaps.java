package io.spirula.osd.pg;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a client may do with this OSD's objects: grants such as {@code allow rwx pool=rbd namespace=a object_prefix b}, each of which counts where its conditions hold. Ceph: OSDCap. Network
 * restrictions and application tags match nothing yet.
 */
public final class OsdCaps {
    public static final OsdCaps ALL = parse("allow *");

    private record Grant(
            boolean read,
            boolean write,
            boolean execute,
            @Nullable String pool,
            @Nullable String namespace,
            String prefix,
            boolean never) {
        boolean matches(String poolName, String objectNamespace, String object) {
            return !never
                    && (pool == null || pool.equals(poolName))
                    && (namespace == null || matchesNamespace(namespace, objectNamespace))
                    && object.startsWith(prefix);
        }

        private static boolean matchesNamespace(String pattern, String given) {
            return pattern.endsWith("*")
                    ? given.startsWith(pattern.substring(0, pattern.length() - 1))
                    : pattern.equals(given);
        }
    }

    private final List<Grant> grants;

    private OsdCaps(List<Grant> grants) {
        this.grants = grants;
    }

    /** A text that can't be read grants nothing, as in Ceph. */
    public static OsdCaps parse(String text) {
        List<Grant> grants = new ArrayList<>();
        for (String part : text.split("[,;]")) {
            String grant = part.strip();
            if (!grant.isEmpty()) {
                Grant parsed = new Parser(grant).parse();
                if (parsed == null) {
                    return new OsdCaps(List.of());
                }
                grants.add(parsed);
            }
        }
        return new OsdCaps(List.copyOf(grants));
    }

    /** Whether all that is needed is granted, by one grant or several together. */
    public boolean allow(String pool, String namespace, String object, Needs needs) {
        boolean read = !needs.read;
        boolean write = !needs.write;
        boolean execute = !needs.execute;
        for (Grant grant : grants) {
            if (grant.matches(pool, namespace, object)) {
                read |= grant.read;
                write |= grant.write;
                execute |= grant.execute;
                if (read && write && execute) {
                    return true;
                }
            }
        }
        return read && write && execute;
    }

    /** What an operation does with its object. */
    public record Needs(boolean read, boolean write, boolean execute) {}

    private static final class Parser {
        private final String[] words;
        private int at;

        Parser(String grant) {
            words = grant.split("[\\s=]+");
        }

        @Nullable
        Grant parse() {
            String access = "";
            String pool = null;
            String namespace = null;
            String prefix = "";
            boolean never = false;
            String first = next();
            if (first.equals("profile")) {
                access = profile(next());
            } else if (!first.equals("allow")) {
                return null;
            }
            while (at < words.length) {
                String word = next();
                switch (word) {
                    case "pool" -> pool = unquoted(next());
                    case "namespace" -> namespace = unquoted(next());
                    case "object_prefix" -> prefix = unquoted(next());
                    case "tag", "network" -> {
                        never = true;
                        at = words.length;
                    }
                    case "class-read", "class-write", "class" -> access += "x";
                    case "*", "all" -> access += "rwx";
                    default -> {
                        if (!word.matches("[rwx]+")) {
                            return null;
                        }
                        access += word;
                    }
                }
            }
            return new Grant(
                    access.contains("r"), access.contains("w"), access.contains("x"), pool, namespace, prefix, never);
        }

        private String next() {
            return at < words.length ? words[at++] : "";
        }

        private static String profile(String name) {
            return switch (unquoted(name).toLowerCase(Locale.ROOT)) {
                case "rbd" -> "rwx";
                case "rbd-read-only" -> "rx";
                default -> "";
            };
        }

        private static String unquoted(String word) {
            boolean quoted = word.length() >= 2
                    && (word.charAt(0) == '"' || word.charAt(0) == '\'')
                    && word.charAt(word.length() - 1) == word.charAt(0);
            return quoted ? word.substring(1, word.length() - 1) : word;
        }
    }
}
