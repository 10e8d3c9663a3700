package io.spirula.mon.quorum;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.env.Reactor;
import io.spirula.common.message.MonSync;
import io.spirula.common.msgr.Connection;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityType;
import io.spirula.mon.paxos.PaxosDriver;
import io.spirula.mon.paxos.PaxosRecord;
import io.spirula.mon.store.Committer;
import io.spirula.mon.store.KeyValueStore;
import io.spirula.mon.store.StoreTransaction;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies a whole store from a monitor that has it to one that lacks too much. Ceph: Monitor::sync_start and handle_sync_*.
 *
 * <p>The copy is taken while the source goes on committing, so it is of no one moment. But every value that was committed meanwhile comes along, and a value only puts and erases: applied once more at the end, in their order,
 * they make the copy what the source is after the last of them. From before the first key is touched until the end the store is marked, and a marked store is never used: an interrupted copy begins anew. What only one monitor may
 * say for itself stays out of it: its elections, its promises to proposers.
 */
public final class StoreSync {
    private static final Logger LOG = LoggerFactory.getLogger(StoreSync.class);
    private static final String PREFIX = "mon_sync";
    private static final String IN_SYNC = "in_sync";
    private static final Set<String> OWN = Set.of(PREFIX, "monitor", "mkfs", "spirula_mon_store");
    /** Ceph: mon_sync_max_payload_size and mon_sync_max_payload_keys. */
    private static final int CHUNK_BYTES = 1 << 20;

    private static final int CHUNK_KEYS = 2_000;
    private static final int MAX_READERS = 16;
    /** A source whose host is gone refuses nothing: it only ceases to answer. */
    private static final Duration SOURCE_SILENCE = Duration.ofSeconds(10);

    /** Who is told how it ends. */
    public interface Listener {
        /** The store is complete. */
        void synchronizedNow();

        void failed(String why);
    }

    /** Somebody who copies our store. */
    private static final class Reader {
        private final Connection to;
        private String prefix = "";
        private String key = "";
        private long sentVersion;
        private long deadlineNanos;

        Reader(Connection to, long version) {
            this.to = to;
            sentVersion = version;
        }
    }

    private record Copying(Connection from, long sinceNanos, long cookie, long startVersion) {}

    private final KeyValueStore store;
    private final Committer committer;
    private final Reactor reactor;
    private final RandomGenerator random;
    private final PaxosDriver paxos;
    private final Listener listener;
    private final Duration timeout;
    private final Map<Long, Reader> readers = new TreeMap<>();
    private @Nullable Copying copying;
    private Reactor.@Nullable Timer timer;

    public StoreSync(
            KeyValueStore store,
            Committer committer,
            Reactor reactor,
            RandomGenerator random,
            PaxosDriver paxos,
            Listener listener,
            Duration timeout) {
        this.store = store;
        this.committer = committer;
        this.reactor = reactor;
        this.random = random;
        this.paxos = paxos;
        this.listener = listener;
        this.timeout = timeout;
    }

    /** Whether a store is an unfinished copy: then nothing in it means anything. */
    public static boolean isUnfinished(KeyValueStore store) {
        return store.get(PREFIX, IN_SYNC) != null;
    }

    private static boolean isOwn(String prefix, String key) {
        return OWN.contains(prefix) || PaxosRecord.isOwnPromise(prefix, key);
    }

    // ---- the one that lacks

    /**
     * Begins. What the store holds is erased first.
     *
     * @param kept becomes durable with the mark: what must be known to begin anew
     */
    public void start(Connection from, StoreTransaction kept) {
        cancel();
        LOG.info("synchronizing the store from the monitor at {}", from.peerAddrs());
        copying = new Copying(from, reactor.clock().nanoTime(), 0, 0);
        readers.clear(); // what is about to be erased here is not all there is
        rearm();
        committer.commit(kept.put(PREFIX, IN_SYNC, 1), () -> {
            if (copying != null && copying.from == from && copying.cookie == 0) {
                erase(from);
            }
        });
    }

    private void erase(Connection from) {
        StoreTransaction erasing = new StoreTransaction();
        store.scanAll("", "", (prefix, key, value) -> {
            if (!isOwn(prefix, key)) {
                erasing.erase(prefix, key);
            }
            return true;
        });
        committer.commit(erasing, () -> {
            if (copying != null && copying.from == from && copying.cookie == 0) {
                from.send(message(MonSync.GET_COOKIE_FULL, 0, 0, Bytes.EMPTY));
            }
        });
    }

    /** Whatever is under way is given up; the mark stays. */
    public void cancel() {
        copying = null;
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    /** Sees to it that the loss of the source is noticed: what comes next is the source's to send, so a broken link would stay broken. */
    public void ping() {
        Copying c = copying;
        if (c == null) {
            return;
        }
        long silence = reactor.clock().nanoTime() - Math.max(c.from.lastKeepaliveAckNanos(), c.sinceNanos);
        if (silence > SOURCE_SILENCE.toNanos()) {
            fail("the other monitor does not answer");
        } else {
            c.from.sendKeepalive();
        }
    }

    /** The process behind a connection is gone, or is a new one that knows nothing of what we asked. */
    public void lost(Connection connection) {
        if (copying != null && copying.from == connection) {
            fail("the other monitor's process is gone");
        }
    }

    private void rearm() {
        if (timer != null) {
            timer.cancel();
        }
        timer = reactor.schedule(timeout, () -> fail("the other monitor has been silent for " + timeout));
    }

    private void fail(String why) {
        cancel();
        listener.failed(why);
    }

    private static MonSync message(int op, long cookie, long lastCommitted, Bytes chunk) {
        return new MonSync(op, cookie, lastCommitted, "", "", chunk, new EntityId(EntityType.MON, -1), EntityAddr.NONE);
    }

    private void chunk(Copying c, MonSync m) {
        rearm();
        boolean last = m.op() == MonSync.LAST_CHUNK;
        StoreTransaction t = m.chunk().isEmpty() ? new StoreTransaction() : StoreTransaction.CODEC.fromBytes(m.chunk());
        committer.commit(t, () -> {
            if (copying != c) {
                return;
            }
            if (last) {
                finish(c, m.lastCommitted());
            } else {
                c.from.send(message(MonSync.GET_CHUNK, c.cookie, 0, Bytes.EMPTY));
            }
        });
    }

    private void finish(Copying c, long lastCommitted) {
        StoreTransaction t = new StoreTransaction();
        for (long v = c.startVersion + 1; v <= lastCommitted; v++) {
            Bytes value = store.get(PaxosRecord.PREFIX, Long.toString(v));
            if (value == null) {
                fail("version " + v + " did not come along");
                return;
            }
            t.append(StoreTransaction.CODEC.fromBytes(value));
        }
        t.put(PaxosRecord.PREFIX, PaxosRecord.LAST_COMMITTED, lastCommitted);
        t.erase(PREFIX, IN_SYNC);
        committer.commit(t, () -> {
            if (copying == c) {
                cancel();
                LOG.info("the store is synchronized up to version {}", lastCommitted);
                listener.synchronizedNow();
            }
        });
    }

    // ---- the one that has

    private void cookie(Connection to) {
        long now = reactor.clock().nanoTime();
        readers.values().removeIf(r -> r.to == to || r.deadlineNanos - now < 0);
        if (readers.size() >= MAX_READERS || copying != null || isUnfinished(store)) {
            to.send(message(MonSync.NO_COOKIE, 0, 0, Bytes.EMPTY));
            return;
        }
        long cookie = random.nextLong(1, Long.MAX_VALUE);
        Reader reader = new Reader(to, paxos.lastCommitted());
        reader.deadlineNanos = now + timeout.toNanos();
        readers.put(cookie, reader);
        to.send(message(MonSync.COOKIE, cookie, paxos.lastCommitted(), Bytes.EMPTY));
    }

    private void nextChunk(Connection to, long cookie) {
        Reader reader = readers.get(cookie);
        if (reader == null || reader.to != to) {
            to.send(message(MonSync.NO_COOKIE, cookie, 0, Bytes.EMPTY));
            return;
        }
        reader.deadlineNanos = reactor.clock().nanoTime() + timeout.toNanos();
        StoreTransaction t = new StoreTransaction();
        while (reader.sentVersion < paxos.lastCommitted()) {
            Bytes value = store.get(PaxosRecord.PREFIX, Long.toString(++reader.sentVersion));
            if (value != null) {
                t.put(PaxosRecord.PREFIX, Long.toString(reader.sentVersion), value);
            }
        }
        boolean more = scanInto(reader, t);
        if (!more) {
            readers.remove(cookie);
        }
        to.send(message(
                more ? MonSync.CHUNK : MonSync.LAST_CHUNK,
                cookie,
                reader.sentVersion,
                StoreTransaction.CODEC.toBytes(t)));
    }

    private static boolean isFull(StoreTransaction t, long bytes) {
        return bytes >= CHUNK_BYTES || t.changes().size() >= CHUNK_KEYS;
    }

    /** Adds the next keys. True if there are more. */
    private boolean scanInto(Reader reader, StoreTransaction t) {
        long[] bytes = {0};
        boolean[] more = {false};
        store.scanAll(reader.prefix, reader.key, (prefix, key, value) -> {
            if (isFull(t, bytes[0])) {
                reader.prefix = prefix;
                reader.key = key;
                more[0] = true;
                return false;
            }
            if (!isOwn(prefix, key)) {
                t.put(prefix, key, value);
                bytes[0] += prefix.length() + key.length() + value.size();
            }
            return true;
        });
        return more[0];
    }

    // ---- both

    public void receive(Connection connection, MonSync m) {
        switch (m.op()) {
            case MonSync.GET_COOKIE_FULL, MonSync.GET_COOKIE_RECENT -> cookie(connection);
            case MonSync.GET_CHUNK -> nextChunk(connection, m.cookie());
            default -> {
                Copying c = copying;
                if (c != null && c.from == connection) {
                    received(c, m);
                }
            }
        }
    }

    private void received(Copying c, MonSync m) {
        switch (m.op()) {
            case MonSync.COOKIE -> {
                if (c.cookie == 0) {
                    copying = new Copying(c.from, c.sinceNanos, m.cookie(), m.lastCommitted());
                    rearm();
                    c.from.send(message(MonSync.GET_CHUNK, m.cookie(), 0, Bytes.EMPTY));
                }
            }
            case MonSync.CHUNK, MonSync.LAST_CHUNK -> {
                if (m.cookie() == c.cookie) {
                    chunk(c, m);
                }
            }
            case MonSync.NO_COOKIE -> fail("the other monitor cannot give its store now");
            default -> {}
        }
    }
}
