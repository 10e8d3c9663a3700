package io.spirula.common.config;

import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.Errno;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The options of one party: what was set while it runs, else what its command line says, else its environment, else the file's sections {@code [type.id]}, {@code [type]} and {@code [global]}, else what the monitors say, else the
 * option's default. Names in values ({@code $name}, {@code $cluster}, {@code $id}, {@code $type}, {@code $pid}, {@code $home}, {@code $host}, or any option's) are replaced.
 *
 * <p>What the monitors say and what is set at run time may change at any time: an option read where it is needed is always current, and who keeps something made of it {@linkplain #observe observes} it. Reading is safe on any thread;
 * changes are made on the owner's one. Ceph: md_config_t.
 */
public final class Config {
    private static final int MAX_NESTING = 16;

    private final EntityName name;
    private final String cluster;
    private final CephConf file;
    private final Map<String, String> overrides;
    private final Map<String, String> surroundings;
    private final Map<String, String> environment;
    private final List<Observer> observers = new CopyOnWriteArrayList<>();
    private volatile Map<String, String> monitors = Map.of();
    private volatile Map<String, String> ignored = Map.of();
    private volatile Map<String, String> runtime = Map.of();
    private volatile boolean started;
    private final AtomicInteger version = new AtomicInteger();

    /** Where a value comes from, the weakest first. Ceph: CONF_DEFAULT and so on. */
    public enum Source {
        DEFAULT(0, "default"),
        MON(1, "mon"),
        FILE(2, "file"),
        ENV(3, "env"),
        CMDLINE(4, "cmdline"),
        OVERRIDE(5, "override");

        /** Ceph: CONF_DEFAULT and so on, as a daemon reports its options. */
        private final int level;

        private final String label;

        Source(int level, String label) {
            this.level = level;
            this.label = label;
        }

        @Override
        public String toString() {
            return label;
        }
    }

    /** @param options empty for all */
    private record Observer(Set<String> options, Runnable task) {
        boolean cares(Set<String> changed) {
            return options.isEmpty() && !changed.isEmpty() || options.stream().anyMatch(changed::contains);
        }
    }

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
        this(name, cluster, file, Map.of(), overrides, surroundings);
    }

    /** @param environment from the environment's variables, by normalized name */
    public Config(
            EntityName name,
            String cluster,
            CephConf file,
            Map<String, String> environment,
            Map<String, String> overrides,
            Map<String, String> surroundings) {
        this.name = name;
        this.cluster = cluster;
        this.file = file;
        this.environment = Map.copyOf(environment);
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
        return new Config(name, cluster, file, environment, merged, surroundings);
    }

    /** Another party's options, from the same file and command line. */
    public Config as(EntityName other) {
        return new Config(other, cluster, file, environment, overrides, surroundings);
    }

    /** Runs {@code task} whenever any option has another value. Who makes something of options uses {@link Live}. */
    void observe(Runnable task) {
        observers.add(new Observer(Set.of(), task));
    }

    /** Runs {@code task} whenever one of these options has another value. */
    public void observe(Set<String> options, Runnable task) {
        observers.add(new Observer(Set.copyOf(options), task));
    }

    /** From now on options that only a start heeds keep their values, whatever the monitors say. */
    public void started() {
        started = true;
    }

    /** Takes over what the monitors say, instead of what they said before; what can't be taken over is {@link #ignored}. */
    public void setMonitors(Map<String, String> values) {
        Map<String, String> taken = new TreeMap<>();
        Map<String, String> left = new TreeMap<>();
        values.forEach((key, value) -> {
            Option option = OptionTable.find(key);
            String before = monitors.get(key);
            boolean fixed = started && option != null && !option.canUpdateAtRuntime() && !value.equals(before);
            if (option == null || option.isKeptByNobody() || fixed || !isValid(option, value)) {
                left.put(key, value);
            } else {
                taken.put(key, value);
            }
        });
        monitors.forEach((key, value) -> {
            Option option = OptionTable.find(key);
            if (started && option != null && !option.canUpdateAtRuntime()) {
                taken.putIfAbsent(key, value); // until the next start
            }
        });
        Map<String, String> before = monitors;
        ignored = Collections.unmodifiableMap(left);
        monitors = Map.copyOf(taken);
        notifyObservers(before, monitors);
    }

    private static boolean isValid(Option option, String value) {
        try {
            option.normalized(value);
            return true;
        } catch (InvalidValue e) {
            return false;
        }
    }

    /** What the monitors say of options that this party does not take from them, or not before it starts again. */
    public Map<String, String> ignored() {
        return ignored;
    }

    /** A value as it is kept, if the option may be set to it while this party runs. Throws InvalidValue. Source: md_config_t::_set_val. */
    public String settable(Option option, String value) {
        String normalized = option.normalized(value);
        if (!option.canUpdateAtRuntime() && !normalized.equals(value(option))) {
            throw new InvalidValue(
                    Errno.EPERM, "Configuration option '" + option.name() + "' may not be modified at runtime");
        }
        return normalized;
    }

    /** Sets an option over everything else until this party ends; null takes that back. The value is one that the option takes. */
    public void set(String option, @Nullable String value) {
        Map<String, String> before = runtime;
        Map<String, String> after = new TreeMap<>(before);
        if (value == null) {
            after.remove(option);
        } else {
            after.put(option, value);
        }
        runtime = Map.copyOf(after);
        notifyObservers(before, runtime);
    }

    private void notifyObservers(Map<String, String> before, Map<String, String> after) {
        Set<String> changed = new TreeSet<>(before.keySet());
        changed.addAll(after.keySet());
        version.incrementAndGet();
        changed.removeIf(key -> Objects.equals(before.get(key), after.get(key)));
        for (Observer observer : observers) {
            if (observer.cares(changed)) {
                observer.task.run();
            }
        }
    }

    /** Options that somebody has set, with what each source says, by the source's number. */
    public NavigableMap<String, NavigableMap<Integer, String>> levels() {
        TreeMap<String, NavigableMap<Integer, String>> all = new TreeMap<>();
        for (Option option : OptionTable.all()) {
            Map<Source, String> sources = sources(option);
            if (sources.size() > 1) {
                TreeMap<Integer, String> levels = new TreeMap<>();
                sources.forEach((source, value) -> levels.put(source.level, value));
                all.put(option.name(), levels);
            }
        }
        return all;
    }

    /** Another number after every change. */
    public int version() {
        return version.get();
    }

    /** What each source says of an option that says anything, the weakest first, as it is written there. */
    public Map<Source, String> sources(Option option) {
        String key = option.name();
        Map<Source, String> all = new EnumMap<>(Source.class);
        all.put(Source.DEFAULT, option.defaultFor(isDaemon()));
        all.put(Source.MON, monitors.getOrDefault(key, ""));
        all.put(Source.FILE, Objects.requireNonNullElse(fromFile(key), ""));
        all.put(Source.ENV, environment.getOrDefault(key, ""));
        all.put(Source.CMDLINE, overrides.getOrDefault(key, ""));
        all.put(Source.OVERRIDE, runtime.getOrDefault(key, ""));
        all.entrySet()
                .removeIf(e -> e.getKey() != Source.DEFAULT && e.getValue().isEmpty());
        return all;
    }

    private boolean isDaemon() {
        return name.type() != EntityType.CLIENT;
    }

    /** An option's value, with the names in it replaced. */
    public String value(Option option) {
        String set = find(option.name());
        if (set == null) {
            return expand(option.defaultFor(isDaemon()), 0);
        }
        try {
            return option.type().parse(set);
        } catch (InvalidValue e) {
            return set; // from a file, which nobody checks
        }
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
        String set = runtime.get(key);
        set = set == null ? overrides.get(key) : set;
        set = set == null ? environment.get(key) : set;
        set = set == null ? fromFile(key) : set;
        return set == null ? monitors.get(key) : set;
    }

    private @Nullable String fromFile(String key) {
        String set = null;
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
