package io.spirula.common.monclient;

import io.spirula.common.env.Reactor;
import io.spirula.common.message.LogAck;
import io.spirula.common.message.LogEntry;
import io.spirula.common.message.LogMessage;
import io.spirula.common.message.Message;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.Uuid;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A daemon's lines for the cluster log, kept until the monitors have acknowledged them. One message is on its way at a time; it is sent again when a new session opens, and when its answer stays out. Where more gathers than is kept, the oldest
 * lines are lost, and a line says how many. Ceph: LogClient.
 */
public final class ClusterLogClient implements ClusterLog {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterLogClient.class);
    private static final int KEPT_MAX = 5_000;
    /** Ceph: mon_client_max_log_entries_per_message. */
    private static final int MESSAGE_MAX = 1_000;
    /** For how long lines gather before they go along with one another. Ceph: mon_client_log_interval. */
    public static final Duration GATHER = Duration.ofSeconds(1);

    private static final Duration AGAIN = Duration.ofSeconds(10);

    /** The way to the monitors. */
    public interface Monitors {
        boolean hasSession();

        Uuid fsid();

        void send(Message message);
    }

    private final EntityName name;
    private final Supplier<EntityId> rank;
    private final Supplier<EntityAddrs> addrs;
    private final Reactor reactor;
    private final Duration gather;
    private final Monitors monitors;
    private final ArrayDeque<LogEntry> kept = new ArrayDeque<>();
    private Reactor.Timer timer = () -> {};
    private boolean scheduled;
    private boolean underWay;
    private long sequence;
    private long lost;

    /** @param rank who it is on the wire */
    public ClusterLogClient(
            EntityName name,
            Supplier<EntityId> rank,
            Supplier<EntityAddrs> addrs,
            Reactor reactor,
            Duration gather,
            Monitors monitors) {
        this.name = name;
        this.rank = rank;
        this.addrs = addrs;
        this.reactor = reactor;
        this.gather = gather;
        this.monitors = monitors;
    }

    @Override
    public void log(LogEntry.Level level, String text) {
        log(level, text, LogEntry.CLUSTER);
    }

    public void log(LogEntry.Level level, String text, String channel) {
        LOG.atLevel(level == LogEntry.Level.DEBUG ? org.slf4j.event.Level.DEBUG : org.slf4j.event.Level.INFO)
                .log("log_channel({}) log [{}] : {}", channel, level, text);
        if (kept.size() == KEPT_MAX) {
            kept.removeFirst();
            lost++;
        }
        keep(level, text, channel);
        if (!scheduled && !underWay) {
            schedule(gather);
        }
    }

    private void keep(LogEntry.Level level, String text, String channel) {
        kept.addLast(
                new LogEntry(name, rank.get(), addrs.get(), reactor.clock().now(), ++sequence, level, text, channel));
    }

    private void schedule(Duration delay) {
        timer.cancel();
        scheduled = true;
        if (delay.isZero()) {
            reactor.execute(this::sendScheduled);
        } else {
            timer = reactor.schedule(delay, this::send);
        }
    }

    private void sendScheduled() {
        if (scheduled) {
            send();
        }
    }

    private void send() {
        scheduled = false;
        underWay = false;
        if (kept.isEmpty() || !monitors.hasSession()) {
            return;
        }
        underWay = true;
        List<LogEntry> batch = kept.stream().limit(MESSAGE_MAX).toList();
        monitors.send(new LogMessage(0, monitors.fsid(), batch));
        timer.cancel();
        timer = reactor.schedule(AGAIN, this::send);
    }

    public EntityName name() {
        return name;
    }

    /** A new session with the monitors: what was under way in the old one may be lost. */
    public void sessionOpened() {
        if (!kept.isEmpty()) {
            schedule(Duration.ZERO);
        }
    }

    /** The monitors have committed lines, or were flooded and have taken none. */
    public void acknowledged(LogAck ack) {
        boolean taken = false;
        while (!kept.isEmpty() && kept.getFirst().sequence() <= ack.last()) {
            kept.removeFirst();
            taken = true;
        }
        underWay = false;
        if (taken && lost > 0) {
            keep(LogEntry.Level.WARN, lost + " lines before this one were lost", LogEntry.CLUSTER);
            lost = 0;
        }
        timer.cancel();
        scheduled = false;
        if (!kept.isEmpty()) {
            schedule(taken ? Duration.ZERO : GATHER);
        }
    }

    /** Sends what is kept at once: the daemon is about to leave. */
    public void flush() {
        send();
    }
}
