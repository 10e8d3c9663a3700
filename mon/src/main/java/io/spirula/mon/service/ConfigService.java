package io.spirula.mon.service;

import io.spirula.common.config.Config;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.env.Clock;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.message.ConfigMessage;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import io.spirula.crush.CrushContent;
import io.spirula.crush.CrushMap;
import io.spirula.mon.session.Session;
import io.spirula.mon.session.Sessions;
import io.spirula.mon.store.KeyValueStore;
import io.spirula.mon.store.StoreTransaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The central configuration: options for sections and masks, kept among the keys of {@link ConfigKeyService} together with how they came about, and pushed to whom they concern; this monitor and its manager take theirs, too. Ceph:
 * ConfigMonitor.
 */
public final class ConfigService extends PaxosService {
    private static final String KEYS = "config/";
    private static final String HISTORY = "config-history/";

    /** Changes older than this many are forgotten. */
    private static final long HISTORY_KEPT = 10_000;

    /** An option as it is set for somebody. */
    record Entry(ConfigTarget target, String option, String value) {}

    /** A change of one option; null where it was not set, or is not any more. */
    record Change(
            String key, @Nullable String before, @Nullable String after) {}

    /** What one version changed, when, and why if that was said. */
    record Revision(long version, Instant stamp, String description, List<Change> changes) {}

    private final ConfigKeyService keys;
    private final Sessions sessions;
    private final Clock clock;
    private final Supplier<OsdMap> osdMap;
    private final List<Config> own;
    private NavigableMap<String, Entry> entries = Collections.emptyNavigableMap();

    /** No value: the option is taken away. */
    private final NavigableMap<String, Optional<String>> pending = new TreeMap<>();

    private String pendingDescription = "";
    private Bytes crushBytes = Bytes.EMPTY;
    private @Nullable CrushContent crush;

    /** @param own the options of the parties in this process */
    public ConfigService(
            KeyValueStore store,
            ConfigKeyService keys,
            Sessions sessions,
            Clock clock,
            Supplier<OsdMap> osdMap,
            List<Config> own) {
        super("config", store);
        this.keys = keys;
        this.sessions = sessions;
        this.clock = clock;
        this.osdMap = osdMap;
        this.own = List.copyOf(own);
    }

    /** All that is set, by key: the target and the option. */
    NavigableMap<String, Entry> entries() {
        return entries;
    }

    static String key(ConfigTarget target, String option) {
        return target + "/" + option;
    }

    @Override
    protected void createInitial() {
        propose();
    }

    @Override
    protected void updateFromPaxos(long version) {
        TreeMap<String, Entry> all = new TreeMap<>();
        keys.scan(KEYS, (stored, value) -> {
            String key = stored.substring(KEYS.length());
            Entry entry = entry(key, value.utf8());
            if (entry != null) {
                all.put(key, entry);
            }
        });
        entries = Collections.unmodifiableNavigableMap(all);
        for (Config config : own) {
            config.setMonitors(of(config.name(), ""));
        }
    }

    /** Options of the manager's modules have slashes themselves. */
    private static @Nullable Entry entry(String key, String value) {
        int module = key.indexOf("/mgr/");
        int slash = module >= 0 ? module : key.lastIndexOf('/');
        ConfigTarget target = ConfigTarget.parse(slash < 0 ? "global" : key.substring(0, slash));
        return target == null ? null : new Entry(target, key.substring(slash + 1), value);
    }

    @Override
    protected void createPending() {
        pending.clear();
        pendingDescription = "";
    }

    void put(String key, String value) {
        change(key, Optional.of(value));
    }

    void remove(String key) {
        change(key, Optional.empty());
    }

    /** What changes nothing makes no version. */
    private void change(String key, Optional<String> value) {
        Optional<String> now =
                pending.getOrDefault(key, Optional.ofNullable(entries.get(key)).map(Entry::value));
        if (!now.equals(value)) {
            propose();
            pending.put(key, value);
        }
    }

    void describe(String description) {
        pendingDescription = description;
    }

    @Override
    protected void encodePending(StoreTransaction transaction, long version) {
        if (pending.isEmpty()) {
            return;
        }
        String history = HISTORY + version + "/";
        keys.put(
                history,
                new Encoder().time(clock.now()).string(pendingDescription).toBytes());
        pending.forEach((key, value) -> {
            Entry before = entries.get(key);
            Optional<String> old = Optional.ofNullable(before).map(Entry::value);
            if (old.equals(value)) {
                return;
            }
            old.ifPresent(v -> keys.put(history + "-" + key, Bytes.of(v)));
            if (value.isEmpty()) {
                keys.remove(KEYS + key);
            } else {
                keys.put(KEYS + key, Bytes.of(value.get()));
                keys.put(history + "+" + key, Bytes.of(value.get()));
            }
        });
        keys.scan(HISTORY + (version - HISTORY_KEPT) + "/", (key, value) -> keys.remove(key));
    }

    /** What a version changed, or null if it is not remembered. */
    @Nullable
    Revision revision(long version) {
        String history = HISTORY + version + "/";
        Bytes stored = keys.value(history);
        if (stored == null) {
            // The first version changes nothing, and is of no time.
            return version == 1 ? new Revision(1, Instant.EPOCH, "", List.of()) : null;
        }
        TreeMap<String, Change> changes = new TreeMap<>();
        keys.scan(history, (key, value) -> {
            String name = key.substring(history.length());
            if (name.isEmpty()) {
                return;
            }
            String option = name.substring(1);
            Change other = changes.getOrDefault(option, new Change(option, null, null));
            changes.put(
                    option,
                    name.charAt(0) == '-'
                            ? new Change(option, value.utf8(), other.after)
                            : new Change(option, other.before, value.utf8()));
        });
        Decoder in = new Decoder(stored);
        return new Revision(version, in.time(), in.string(), new ArrayList<>(changes.values()));
    }

    /** What applies to an entity on a host: values by option. */
    public Map<String, String> of(EntityName name, String host) {
        Map<String, String> values = new TreeMap<>();
        effective(name, host).forEach((option, entry) -> values.put(option, entry.value()));
        return values;
    }

    /**
     * What applies to an entity, by option. A more particular mask goes before a more particular section; among equals the more particular section wins, and of one section the last. Ceph: ConfigMap::generate_entity_map.
     */
    NavigableMap<String, Entry> effective(EntityName name, String host) {
        NavigableMap<String, Entry> chosen = new TreeMap<>();
        Place place = null;
        for (String section : sections(name)) {
            for (Entry entry : entries.values()) {
                if (!entry.target.section().equals(section)) {
                    continue;
                }
                Entry rival = chosen.get(entry.option);
                if (entry.target.isMasked() || rival != null && rival.target.isMasked()) {
                    place = place == null ? place(name, host) : place;
                    boolean broader =
                            rival != null && rival.target.breadth(place.crush) < entry.target.breadth(place.crush);
                    if (broader || !entry.target.covers(place.location, place.deviceClass)) {
                        continue;
                    }
                }
                chosen.put(entry.option, entry);
            }
        }
        return chosen;
    }

    private static List<String> sections(EntityName name) {
        List<String> sections = new ArrayList<>(List.of("global"));
        StringBuilder section = new StringBuilder();
        for (String part : name.toString().split("\\.", -1)) {
            sections.add(
                    section.append(section.isEmpty() ? "" : ".").append(part).toString());
        }
        return sections;
    }

    private record Place(CrushContent crush, Map<String, String> location, String deviceClass) {}

    private Place place(EntityName name, String host) {
        CrushContent crush = crush();
        Map<String, String> location = new LinkedHashMap<>();
        Integer bucket = host.isEmpty() ? null : crush.itemId(host);
        if (bucket != null) {
            crush.fullLocation(bucket).forEach(l -> location.put(l.type(), l.name()));
        }
        if (!host.isEmpty()) {
            location.put("host", host);
        }
        String deviceClass = "";
        if (name.type() == EntityType.OSD && name.id().matches("\\d{1,9}")) {
            int osd = Integer.parseInt(name.id());
            if (crush.isPlaced(osd)) {
                crush.fullLocation(osd).forEach(l -> location.put(l.type(), l.name()));
            }
            String known = crush.itemClass(osd);
            deviceClass = known == null ? "" : known;
        }
        return new Place(crush, location, deviceClass);
    }

    private CrushContent crush() {
        Bytes newest = osdMap.get().crush();
        if (crush == null || !newest.equals(crushBytes)) {
            crush = CrushMap.decode(newest.toArray());
            crushBytes = newest;
        }
        return crush;
    }

    @Override
    protected void afterCommit() {
        sendToSubscribers();
    }

    /** Sends to those whose options have changed. */
    private void sendToSubscribers() {
        sessions.subscribers("config", (session, s) -> {
            Map<String, String> now = of(session.name(), session.hostname());
            if (!now.equals(session.config())) {
                send(session, now);
            }
        });
    }

    /** The CRUSH map may be another one: masks may cover others now. */
    public void placesChanged() {
        if (!osdMap.get().crush().equals(crushBytes)
                && entries.values().stream().anyMatch(e -> e.target.isMasked())) {
            sendToSubscribers();
        }
    }

    /** Sends somebody what applies to it. */
    public void send(Session session) {
        send(session, of(session.name(), session.hostname()));
    }

    private void send(Session session, Map<String, String> values) {
        session.config(values);
        session.send(new ConfigMessage(values));
        session.sent("config", version());
    }
}
