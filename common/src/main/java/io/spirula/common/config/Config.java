package io.spirula.common.config;

import io.spirula.common.types.EntityName;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The options of one party: what its command line says, else the file's sections {@code [type.id]}, {@code [type]} and {@code [global]}, else the option's default. Names in values
 * ({@code $name}, {@code $cluster}, {@code $id}, {@code $type}, {@code $pid}, {@code $home}, {@code $host}, or any option's) are replaced.
 */
public final class Config {
    private static final int MAX_NESTING = 16;

    private final EntityName name;
    private final String cluster;
    private final CephConf file;
    private final Map<String, String> overrides;
    private final Map<String, String> surroundings;

    /**
     * @param overrides from the command line, by normalized name
     * @param surroundings what {@code $pid}, {@code $home} and {@code $host} stand for
     */
    public Config(
            EntityName name,
            String cluster,
            CephConf file,
            Map<String, String> overrides,
            Map<String, String> surroundings) {
        this.name = name;
        this.cluster = cluster;
        this.file = file;
        this.overrides = Map.copyOf(overrides);
        this.surroundings = Map.copyOf(surroundings);
    }

    /** A party's options from a file alone. */
    public static Config of(EntityName name, CephConf file) {
        return new Config(name, "ceph", file, Map.of(), Map.of());
    }

    public EntityName name() {
        return name;
    }

    public String cluster() {
        return cluster;
    }

    public CephConf file() {
        return file;
    }

    /** The same options with some set over them. */
    public Config with(Map<String, String> more) {
        Map<String, String> merged = new LinkedHashMap<>(overrides);
        more.forEach((k, v) -> merged.put(CephConf.normalize(k), v));
        return new Config(name, cluster, file, merged, surroundings);
    }

    /** The option's value where somebody set it, with the names in it replaced. */
    public @Nullable String find(String option) {
        return find(option, 0);
    }

    private @Nullable String find(String option, int nesting) {
        String raw = raw(CephConf.normalize(option));
        return raw == null ? null : expand(raw, nesting);
    }

    private @Nullable String raw(String key) {
        String set = overrides.get(key);
        for (String section : new String[] {name.toString(), name.type().toString(), "global"}) {
            set = set == null ? file.raw(section, key) : set;
        }
        return set;
    }

    public String string(String option, String fallback) {
        String value = find(option);
        return value == null ? expand(fallback, 0) : value;
    }

    public boolean bool(String option, boolean fallback) {
        String value = find(option);
        return value == null ? fallback : ConfigValues.bool(option, value);
    }

    public long integer(String option, long fallback) {
        String value = find(option);
        return value == null ? fallback : ConfigValues.size(option, value);
    }

    public double real(String option, double fallback) {
        String value = find(option);
        return value == null ? fallback : ConfigValues.real(option, value);
    }

    /** A time span; a number without a unit is seconds. */
    public Duration span(String option, Duration fallback) {
        String value = find(option);
        return value == null ? fallback : ConfigValues.span(option, value);
    }

    /** Replaces {@code $name} and {@code ${name}}; a name that nobody knows stays as it is. */
    private String expand(String value, int nesting) {
        if (value.indexOf('$') < 0) {
            return value;
        }
        if (nesting > MAX_NESTING) {
            throw new ConfigException("the value '" + value + "' refers to itself");
        }
        StringBuilder out = new StringBuilder();
        int i = 0;
        while (i < value.length()) {
            char c = value.charAt(i);
            if (c != '$' || i + 1 == value.length()) {
                out.append(c);
                i++;
                continue;
            }
            boolean braces = value.charAt(i + 1) == '{';
            int from = i + (braces ? 2 : 1);
            int to = from;
            while (to < value.length() && (Character.isLetterOrDigit(value.charAt(to)) || value.charAt(to) == '_')) {
                to++;
            }
            int end = braces && to < value.length() && value.charAt(to) == '}' ? to + 1 : to;
            String replacement = to == from ? null : meaning(value.substring(from, to), nesting);
            out.append(replacement == null ? value.substring(i, end) : replacement);
            i = end;
        }
        return out.toString();
    }

    private @Nullable String meaning(String word, int nesting) {
        return switch (word) {
            case "cluster" -> cluster;
            case "name" -> name.toString();
            case "type" -> name.type().toString();
            case "id" -> name.id();
            default -> surroundings.containsKey(word) ? surroundings.get(word) : find(word, nesting + 1);
        };
    }
}
