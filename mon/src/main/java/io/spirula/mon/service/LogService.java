package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.config.Config;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.env.Clock;
import io.spirula.common.env.Reactor;
import io.spirula.common.message.LogAck;
import io.spirula.common.message.LogEntry;
import io.spirula.common.message.LogMessage;
import io.spirula.common.message.Message;
import io.spirula.common.monclient.ClusterLog;
import io.spirula.common.monclient.ClusterLogClient;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.Uuid;
import io.spirula.mon.session.Session;
import io.spirula.mon.session.Sessions;
import io.spirula.mon.store.KeyValueStore;
import io.spirula.mon.store.StoreTransaction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The cluster log: what daemons and the monitors themselves want people to know. Bounded in memory and in the store. Ceph: LogMonitor. */
public final class LogService extends PaxosService implements ClusterLog {
    /** Entries kept for {@code ceph log last}. Ceph: mon_log_max_summary is 50; mon_log_max 10,000. */
    private static final int MAX_ENTRIES = 10_000;

    private static final int MAX_ENTRIES_A_MESSAGE = 1_000;
    private static final int MAX_TEXT = 8_192;

    private static final Map<String, LogEntry.Level> SUBSCRIPTIONS = new TreeMap<>(Map.of(
            "log-debug", LogEntry.Level.DEBUG,
            "log-info", LogEntry.Level.INFO,
            "log-sec", LogEntry.Level.SECURITY,
            "log-warn", LogEntry.Level.WARN,
            "log-error", LogEntry.Level.ERROR));

    private final Config config;
    private final Clock clock;
    private final Uuid fsid;
    private final Sessions sessions;
    private final ClusterLogClient own;
    private final ArrayDeque<LogEntry> entries = new ArrayDeque<>();
    /** Of {@link #entries} and {@link #pending}: what comes once more, because its acknowledgement got lost, is not taken twice. */
    private final Set<Key> known = new HashSet<>();

    private List<LogEntry> pending = new ArrayList<>();
    private long loadedTo;
    private @Nullable Quorum quorum;

    /** How a monitor's own lines get into the log. */
    public interface Quorum {
        boolean exists();

        /** Takes lines to the leader; {@code acknowledge} is called once they are committed here, where this monitor leads. A peon gets the leader's message. */
        void submit(LogMessage lines, Consumer<LogAck> acknowledge);
    }

    /** What tells one line from all others. Ceph: LogEntryKey. */
    private record Key(EntityId rank, Instant stamp, long sequence) {
        static Key of(LogEntry e) {
            return new Key(e.rank(), e.stamp(), e.sequence());
        }
    }

    public LogService(
            KeyValueStore store,
            Reactor reactor,
            Uuid fsid,
            Sessions sessions,
            EntityName self,
            IntSupplier rank,
            EntityAddrs addrs,
            Config config) {
        super("logm", store);
        this.config = config;
        clock = reactor.clock();
        this.fsid = fsid;
        this.sessions = sessions;
        own = client(self, () -> new EntityId(EntityType.MON, rank.getAsInt()), () -> addrs, reactor);
    }

    /** For lines of somebody in this monitor's process. */
    public ClusterLogClient client(
            EntityName name, Supplier<EntityId> rank, Supplier<EntityAddrs> addrs, Reactor reactor) {
        AtomicReference<ClusterLogClient> self = new AtomicReference<>();
        ClusterLogClient client =
                new ClusterLogClient(name, rank, addrs, reactor, Duration.ZERO, new ClusterLogClient.Monitors() {
                    @Override
                    public boolean hasSession() {
                        return quorum != null && quorum.exists();
                    }

                    @Override
                    public Uuid fsid() {
                        return fsid;
                    }

                    @Override
                    public void send(Message lines) {
                        if (quorum != null) {
                            quorum.submit(
                                    (LogMessage) lines,
                                    ack -> Objects.requireNonNull(self.get()).acknowledged(ack));
                        }
                    }
                });
        self.set(client);
        return client;
    }

    /** Once, before anything is logged. */
    public void joins(Quorum to) {
        quorum = to;
    }

    @Override
    protected void updateFromPaxos(long version) {
        for (long v = Math.max(loadedTo + 1, firstCommitted()); v <= version; v++) {
            Bytes stored = stored(Long.toString(v));
            if (stored != null) {
                new Decoder(stored).list(d -> d.get(LogEntry.CODEC)).forEach(this::append);
            }
        }
        loadedTo = version;
    }

    private void append(LogEntry entry) {
        entries.addLast(entry);
        known.add(Key.of(entry));
        if (entries.size() > MAX_ENTRIES) {
            known.remove(Key.of(entries.removeFirst()));
        }
    }

    @Override
    protected long versionsKept() {
        return config.integer("mon_max_log_epochs", 500);
    }

    @Override
    protected void createPending() {
        // Lines may come at any time, so what is pending is only taken away when it is proposed.
    }

    @Override
    void forget() {
        super.forget();
        pending.forEach(e -> known.remove(Key.of(e)));
        pending = new ArrayList<>();
    }

    @Override
    protected void encodePending(StoreTransaction transaction, long version) {
        transaction.put(
                prefix(),
                Long.toString(version),
                new Encoder()
                        .list(pending, (e, out) -> out.put(LogEntry.CODEC, e))
                        .toBytes());
        pending = new ArrayList<>();
    }

    @Override
    protected void createInitial() {
        add(new LogEntry(
                new EntityName(EntityType.MON, own.name().id()),
                new EntityId(EntityType.MON, 0),
                EntityAddrs.NONE,
                clock.now(),
                0,
                LogEntry.Level.INFO,
                "mkfs " + fsid,
                ""));
    }

    @Override
    protected void afterCommit() {
        Bytes newest = stored(Long.toString(version()));
        if (newest == null) {
            return;
        }
        List<LogEntry> fresh = new Decoder(newest).list(d -> d.get(LogEntry.CODEC));
        SUBSCRIPTIONS.forEach((what, level) -> sessions.subscribers(what, (session, s) -> {
            send(session, level, fresh);
            session.sent(what, version());
        }));
    }

    private void send(Session session, LogEntry.Level level, List<LogEntry> fresh) {
        List<LogEntry> wanted =
                fresh.stream().filter(e -> e.level().code() >= level.code()).toList();
        if (!wanted.isEmpty()) {
            session.send(new LogMessage(version(), fsid, wanted));
        }
    }

    /** A new subscriber: nothing from before is sent, only what comes. */
    public void subscribed(Session session, String what) {
        session.subscribe(what, version() + 1, false);
    }

    public static boolean isLogSubscription(String what) {
        return SUBSCRIPTIONS.containsKey(what);
    }

    /** The monitor's own word. */
    @Override
    public void log(LogEntry.Level level, String text) {
        own.log(level, text);
    }

    /** An administrator's word. */
    void say(CommandCall.Caller who, String text) {
        add(new LogEntry(
                who.name(), who.id(), who.addrs(), clock.now(), 0, LogEntry.Level.INFO, text, LogEntry.CLUSTER));
    }

    public void audit(LogEntry.Level level, String text) {
        own.log(level, text, LogEntry.AUDIT);
    }

    /** There is a quorum, maybe another than before. */
    public void quorumFormed() {
        own.sessionOpened();
    }

    /** The leader's answer to this monitor's own lines. */
    public void acknowledged(LogAck ack) {
        own.acknowledged(ack);
    }

    private void add(LogEntry entry) {
        if (!known.contains(Key.of(entry))) {
            proposeSoon();
            known.add(Key.of(entry));
            pending.add(entry);
            long most = config.integer("mon_max_log_entries_per_event", 4096);
            if (most > 0 && pending.size() >= most) {
                propose();
            }
        }
    }

    /** Lines from elsewhere; the result is what to answer once they are committed. */
    public LogAck take(LogMessage message) {
        long last = 0;
        String channel = "";
        if (pending.size() > MAX_ENTRIES) {
            return new LogAck(fsid, 0, channel); // a flood: its sender tries again later
        }
        for (LogEntry e :
                message.entries().subList(0, Math.min(message.entries().size(), MAX_ENTRIES_A_MESSAGE))) {
            add(e.text().length() <= MAX_TEXT ? e : e.withText(e.text().substring(0, MAX_TEXT)));
            last = e.sequence();
            channel = e.channel();
        }
        return new LogAck(fsid, last, channel);
    }

    /** The newest entries at or above a level in a channel ({@code *}: any), oldest first. */
    public List<LogEntry> last(int count, int level, String channel) {
        ArrayDeque<LogEntry> found = new ArrayDeque<>();
        for (var it = entries.descendingIterator(); it.hasNext() && found.size() < count; ) {
            LogEntry e = it.next();
            if (e.level().code() >= level && (channel.equals("*") || e.channel().equals(channel))) {
                found.addFirst(e);
            }
        }
        return List.copyOf(found);
    }
}
