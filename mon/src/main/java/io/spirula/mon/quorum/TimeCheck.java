package io.spirula.mon.quorum;

import io.spirula.common.env.Reactor;
import io.spirula.common.message.TimeCheck2;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The leader measures how far its peons' clocks are from its own, in rounds, and tells them. Leases do not depend on it, but people and tickets do. Skews and latencies are seconds by rank. Ceph: Monitor::timecheck.
 */
public final class TimeCheck {
    /** Ceph: mon_timecheck_interval and, while something is off, mon_timecheck_skew_interval. */
    private static final Duration INTERVAL = Duration.ofMinutes(5);

    private static final Duration SKEW_INTERVAL = Duration.ofSeconds(30);

    private final Reactor reactor;
    private final BiConsumer<Integer, TimeCheck2> send;
    private final DoubleSupplier allowedSeconds;
    private final SortedMap<Integer, Instant> asked = new TreeMap<>();
    private final SortedMap<Integer, Double> measuredSkews = new TreeMap<>();
    private SortedMap<Integer, Double> skews = new TreeMap<>();
    private SortedMap<Integer, Double> latencies = new TreeMap<>();
    private List<Integer> peons = List.of();
    private long epoch;
    private long round;
    private Reactor.@Nullable Timer timer;

    /** @param allowedSeconds Ceph: mon_clock_drift_allowed */
    public TimeCheck(Reactor reactor, BiConsumer<Integer, TimeCheck2> send, DoubleSupplier allowedSeconds) {
        this.reactor = reactor;
        this.send = send;
        this.allowedSeconds = allowedSeconds;
    }

    /** What is known of the clocks; rounds are odd while one is under way. */
    public record Status(
            long epoch,
            long round,
            double allowedSeconds,
            SortedMap<Integer, Double> skews,
            SortedMap<Integer, Double> latencies) {}

    public Status status() {
        return new Status(
                epoch,
                round,
                allowedSeconds.getAsDouble(),
                Collections.unmodifiableSortedMap(new TreeMap<>(skews)),
                Collections.unmodifiableSortedMap(new TreeMap<>(latencies)));
    }

    public boolean isSkewed(double seconds) {
        return Math.abs(seconds) > allowedSeconds.getAsDouble();
    }

    /** Seconds as C++ streams print them: six digits at most. */
    public static String text(double seconds) {
        return new BigDecimal(seconds)
                .round(new MathContext(6))
                .stripTrailingZeros()
                .toPlainString();
    }

    /** This monitor leads: measures at once and from time to time. */
    public void lead(int electionEpoch, int self, List<Integer> members) {
        stop();
        epoch = electionEpoch;
        peons = List.copyOf(members);
        skews.put(self, 0.0);
        latencies.put(self, 0.0);
        measuredSkews.put(self, 0.0);
        if (!peons.isEmpty()) {
            begin();
        }
    }

    /** There is no quorum any more, or another leads. */
    public void stop() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        epoch = 0;
        round = 0;
        peons = List.of();
        asked.clear();
        measuredSkews.clear();
        skews = new TreeMap<>();
        latencies = new TreeMap<>();
    }

    private void begin() {
        round += round % 2 == 0 ? 1 : 2;
        asked.clear();
        for (int rank : peons) {
            asked.put(rank, reactor.clock().now());
            send.accept(rank, new TimeCheck2(TimeCheck2.PING, epoch, round, Instant.EPOCH, Map.of(), Map.of()));
        }
        schedule();
    }

    private void schedule() {
        if (timer != null) {
            timer.cancel();
        }
        boolean skewed = skews.values().stream().anyMatch(this::isSkewed);
        timer = reactor.schedule(skewed ? SKEW_INTERVAL : INTERVAL, this::begin);
    }

    public void receive(int from, TimeCheck2 m) {
        switch (m.op()) {
            case TimeCheck2.PING ->
                send.accept(
                        from,
                        new TimeCheck2(
                                TimeCheck2.PONG,
                                m.epoch(),
                                m.round(),
                                reactor.clock().now(),
                                Map.of(),
                                Map.of()));
            case TimeCheck2.PONG -> answered(from, m);
            case TimeCheck2.REPORT -> {
                epoch = m.epoch();
                round = m.round();
                skews = new TreeMap<>(m.skews());
                latencies = new TreeMap<>(m.latencies());
            }
            default -> {}
        }
    }

    private void answered(int from, TimeCheck2 m) {
        Instant sent = m.epoch() == epoch && m.round() == round ? asked.remove(from) : null;
        if (sent == null || peons.isEmpty()) {
            return;
        }
        Instant now = reactor.clock().now();
        double latency = seconds(Duration.between(sent, now));
        double delta = seconds(Duration.between(now, m.timestamp()));
        // Of an apparent skew the time that the answer took may be the cause, and is not held against the clock.
        double skew = delta > latency ? delta - latency : delta < -latency ? delta + latency : 0;
        latencies.merge(from, latency, (old, fresh) -> old * 0.8 + fresh * 0.2);
        measuredSkews.put(from, skew);
        if (!asked.isEmpty()) {
            return;
        }
        skews = new TreeMap<>(measuredSkews);
        round++;
        for (int rank : peons) {
            send.accept(rank, new TimeCheck2(TimeCheck2.REPORT, epoch, round, Instant.EPOCH, skews, latencies));
        }
        schedule();
    }

    private static double seconds(Duration d) {
        return d.toNanos() / 1e9;
    }
}
