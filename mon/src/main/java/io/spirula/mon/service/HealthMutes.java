package io.spirula.mon.service;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.env.Clock;
import io.spirula.common.maps.HealthCheck;
import io.spirula.common.message.LogEntry;
import io.spirula.mon.store.KeyValueStore;
import io.spirula.mon.store.StoreTransaction;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Which alerts nobody wants to hear of for now. A mute ends when its time is over and, if it is not sticky, when the alert is gone or has become worse. Ceph: HealthMonitor. */
public final class HealthMutes extends PaxosService {
    /**
     * @param until when it ends; the epoch's beginning for never
     * @param summary what the alert said when it was muted, or last
     * @param count how much of it there was
     */
    record Mute(String code, Instant until, boolean sticky, String summary, long count) {
        static final Codec<Mute> CODEC = Codec.of(Mute::encode, Mute::decode);

        private void encode(Encoder out) {
            out.struct(
                    1,
                    1,
                    o -> o.string(code).time(until).bool(sticky).string(summary).u64(count));
        }

        private static Mute decode(Decoder in) {
            return in.struct(1, (d, v) -> new Mute(d.string(), d.time(), d.bool(), d.string(), d.u64()));
        }

        boolean ends() {
            return until.getEpochSecond() > 0;
        }
    }

    private final Clock clock;
    private final LogService log;
    private NavigableMap<String, Mute> mutes = Collections.emptyNavigableMap();
    private NavigableMap<String, Mute> pending = new TreeMap<>();

    public HealthMutes(KeyValueStore store, Clock clock, LogService log) {
        super("health", store);
        this.clock = clock;
        this.log = log;
    }

    /** Those that stand, by code. */
    NavigableMap<String, Mute> all() {
        return mutes;
    }

    @Override
    protected void createInitial() {
        propose();
    }

    @Override
    protected void updateFromPaxos(long version) {
        Bytes stored = stored(Long.toString(version));
        TreeMap<String, Mute> read = new TreeMap<>();
        if (stored != null) {
            new Decoder(stored).list(d -> d.get(Mute.CODEC)).forEach(m -> read.put(m.code, m));
        }
        mutes = Collections.unmodifiableNavigableMap(read);
    }

    @Override
    protected void createPending() {
        pending = new TreeMap<>(mutes);
    }

    @Override
    protected void encodePending(StoreTransaction transaction, long version) {
        transaction.put(
                prefix(),
                Long.toString(version),
                new Encoder()
                        .list(pending.values(), (m, o) -> o.put(Mute.CODEC, m))
                        .toBytes());
    }

    @Override
    protected long versionsKept() {
        return 10;
    }

    void mute(Mute mute) {
        propose();
        pending.put(mute.code, mute);
    }

    /** One, or all if the code is empty. */
    void unmute(String code) {
        propose();
        if (code.isEmpty()) {
            pending.clear();
        } else {
            pending.remove(code);
        }
    }

    /** Ends what has come to its end, given the alerts that stand. Only while the leader's pending state may change. */
    void tick(Map<String, HealthCheck> checks) {
        for (Mute mute : new TreeMap<>(pending).values()) {
            HealthCheck check = checks.get(mute.code);
            if (mute.ends() && !clock.now().isBefore(mute.until)) {
                end(mute, "passed TTL " + Stamps.iso(mute.until));
            } else if (!mute.sticky && check == null) {
                end(mute, "health alert cleared");
            } else if (!mute.sticky && check != null && check.count() > mute.count) {
                end(mute, "count increased from " + mute.count + " to " + check.count());
            } else if (!mute.sticky && check != null && check.count() < mute.count) {
                mute(new Mute(mute.code, mute.until, false, check.summary(), check.count()));
            }
        }
    }

    private void end(Mute mute, String why) {
        log.log(LogEntry.Level.INFO, "Health alert mute " + mute.code + " cleared (" + why + ")");
        unmute(mute.code);
    }
}
