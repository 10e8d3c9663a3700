package io.spirula.common.auth.caps;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which objects a grant is about. Ceph: OSDCapMatch.
 *
 * @param pool empty for any
 * @param namespace null for any; one that ends with {@code *} is the beginning of any
 * @param prefix what objects' names begin with
 */
record OsdMatch(
        String pool, @Nullable String namespace, @Nullable Tag tag, String prefix) {
    static final OsdMatch EVERYTHING = new OsdMatch("", null, null, "");

    /** An application that is enabled on the pool, with a key and value of its metadata; {@code *} for any. Ceph: OSDCapPoolTag. */
    record Tag(String application, String key, String value) {
        boolean matches(Map<String, ? extends Map<String, String>> applications) {
            Map<String, String> metadata = applications.get(application);
            if (metadata == null) {
                return false;
            }
            if (key.equals("*")) {
                return value.equals("*") || metadata.containsValue(value);
            }
            String there = metadata.get(key);
            return there != null && (value.equals("*") || there.equals(value));
        }

        static @Nullable Tag read(CapText in) {
            int start = in.position();
            String application = in.keyword("tag") && in.spaces() ? in.string() : null;
            String key = application != null && in.spaces() ? wildcardOrString(in) : null;
            boolean equals = key != null && in.all(in::anySpaces, () -> in.literal("="));
            String value = equals && in.anySpaces() ? wildcardOrString(in) : null;
            if (application == null || key == null || value == null) {
                in.backTo(start);
                return null;
            }
            return new Tag(application, key, value);
        }

        private static @Nullable String wildcardOrString(CapText in) {
            return OsdPermissions.wildcard(in) ? "*" : in.string();
        }
    }

    /** Never fails: nothing is a match, too, for everything. */
    static OsdMatch read(CapText in) {
        Tag tag = Tag.read(in);
        if (tag != null) {
            return new OsdMatch("", null, tag, "");
        }
        int start = in.position();
        String namespace = readNamespace(in);
        tag = namespace == null ? null : Tag.read(in);
        if (tag != null) {
            return new OsdMatch("", namespace, tag, "");
        }
        in.backTo(start);
        String pool = readPool(in);
        namespace = readNamespace(in);
        return new OsdMatch(pool, namespace, null, readPrefix(in));
    }

    static String readPool(CapText in) {
        int start = in.position();
        String pool = in.introduces("pool") ? in.string() : null;
        if (pool == null) {
            in.backTo(start);
        }
        return pool == null ? "" : pool;
    }

    static @Nullable String readNamespace(CapText in) {
        int start = in.position();
        String namespace = in.introduces("namespace") ? in.stringOrEmpty() : null;
        if (namespace == null) {
            in.backTo(start);
            return null;
        }
        return in.literal("*") ? namespace + "*" : namespace;
    }

    private static String readPrefix(CapText in) {
        int start = in.position();
        String prefix = in.keyword("object_prefix") && in.spaces() ? in.string() : null;
        if (prefix == null) {
            in.backTo(start);
        }
        return prefix == null ? "" : prefix;
    }

    OsdMatch withPrefix(String newPrefix) {
        return new OsdMatch(pool, namespace, tag, newPrefix);
    }

    boolean isEverything() {
        return equals(EVERYTHING);
    }

    boolean matches(OsdCaps.Target target) {
        return (pool.isEmpty() || pool.equals(target.pool()))
                && (namespace == null || matchesNamespace(namespace, target.namespace()))
                && (tag == null || tag.matches(target.applications()))
                && target.object().startsWith(prefix);
    }

    private static boolean matchesNamespace(String pattern, String given) {
        return pattern.equals(given)
                || pattern.endsWith("*") && given.startsWith(pattern.substring(0, pattern.length() - 1));
    }

    String printPlace() {
        String inPool = pool.isEmpty() ? "" : "pool " + pool + " ";
        return namespace == null ? inPool : inPool + "namespace " + (namespace.isEmpty() ? "\"\"" : namespace) + " ";
    }

    @Override
    public String toString() {
        String tagged = tag == null ? "" : "app " + tag.application + " key " + tag.key + " val " + tag.value + " ";
        return printPlace() + tagged + (prefix.isEmpty() ? "" : "object_prefix " + prefix + " ");
    }
}
