package io.spirula.mon.service;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.env.Clock;
import io.spirula.common.message.LogAck;
import io.spirula.common.message.LogEntry;
import io.spirula.common.message.LogMessage;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.Uuid;
import io.spirula.mon.session.Session;
import io.spirula.mon.session.Sessions;
import io.spirula.mon.store.KeyValueStore;
import io.spirula.mon.store.StoreTransaction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/** The cluster log: what daemons and the monitors themselves want people to know. Bounded in memory and in the store. Ceph: LogMonitor. */
public final class LogService extends PaxosService {
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

    private final Clock clock;
    private final Uuid fsid;
    private final Sessions sessions;
    private final EntityName self;
    private final IntSupplier rank;
    private BooleanSupplier leads = () -> true;
    private Consumer<LogMessage> leader = m -> {};
    private final EntityAddrs addrs;
    private final ArrayDeque<LogEntry> entries = new ArrayDeque<>();
    private List<LogEntry> pending = new ArrayList<>();
    private long loadedTo;
    private long sequence;

    public LogService(
            KeyValueStore store,
            Clock clock,
            Uuid fsid,
            Sessions sessions,
            EntityName self,
            IntSupplier rank,
            EntityAddrs addrs) {
        super("logm", store);
        this.clock = clock;
        this.fsid = fsid;
        this.sessions = sessions;
        this.self = self;
        this.addrs = addrs;
        this.rank = rank;
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
        if (entries.size() > MAX_ENTRIES) {
            entries.removeFirst();
        }
    }

    @Override
    protected void createPending() {
        // Lines may come at any time, so what is pending is only taken away when it is proposed.
    }

    @Override
    void forget() {
        super.forget();
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
        log(LogEntry.Level.INFO, "mkfs " + fsid);
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
    public void log(LogEntry.Level level, String text) {
        log(level, text, "cluster");
    }

    public void log(LogEntry.Level level, String text, String channel) {
        EntityId id = new EntityId(EntityType.MON, rank.getAsInt());
        LogEntry entry = new LogEntry(self, id, addrs, clock.now(), ++sequence, level, text, channel);
        if (leads.getAsBoolean()) {
            pending.add(entry);
            propose();
        } else {
            leader.accept(new LogMessage(0, fsid, List.of(entry)));
        }
    }

    /** Where this monitor's own lines go while another leads. */
    public void tell(BooleanSupplier newLeads, Consumer<LogMessage> newLeader) {
        leads = newLeads;
        leader = newLeader;
    }

    /** Lines from elsewhere; {@code acknowledge} is called with what to answer. */
    public LogAck take(LogMessage message) {
        long last = 0;
        String channel = "";
        if (pending.size() > MAX_ENTRIES) {
            return new LogAck(fsid, 0, channel); // a flood: its sender tries again later
        }
        for (LogEntry e :
                message.entries().subList(0, Math.min(message.entries().size(), MAX_ENTRIES_A_MESSAGE))) {
            pending.add(
                    e.text().length() <= MAX_TEXT
                            ? e
                            : new LogEntry(
                                    e.name(),
                                    e.rank(),
                                    e.addrs(),
                                    e.stamp(),
                                    e.sequence(),
                                    e.level(),
                                    e.text().substring(0, MAX_TEXT),
                                    e.channel()));
            last = e.sequence();
            channel = e.channel();
        }
        if (last > 0) {
            propose();
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
