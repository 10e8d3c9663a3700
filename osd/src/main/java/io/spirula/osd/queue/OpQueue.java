package io.spirula.osd.queue;

import io.spirula.common.command.Json;
import io.spirula.common.config.Live;
import io.spirula.common.env.Reactor;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one queue of a reactor's work. While the store takes more, work is done at once, in the call that brings it; else it waits for its turn. How much may wait is bounded by who brings it: clients by osd_client_message_cap,
 * recovery by its own limits, and the rest brings one piece at a time. Ceph: OSD::ShardedOpWQ.
 */
public final class OpQueue {
    /** Work in one turn of the reactor: then messages and completions have theirs. */
    private static final int AT_ONCE = 64;

    private final Reactor reactor;
    private final StoreLoad load;
    private WorkScheduler scheduler;
    private boolean mclock;
    private boolean running;
    private boolean scheduled;
    private Reactor.@Nullable Timer timer;

    public OpQueue(Reactor reactor, StoreLoad load, Live<QueueSettings> settings) {
        this.reactor = reactor;
        this.load = load;
        mclock = settings.get().mclock();
        scheduler = scheduler(settings.get());
        load.whenEased(this::runSoon);
        settings.whenChanged(this::configure);
    }

    private static WorkScheduler scheduler(QueueSettings settings) {
        return settings.mclock() ? new DmClock(settings) : new WeightedQueue(settings);
    }

    /** Shares may change at any time. Which way of sharing it is changes, as in Ceph, with a restart only. */
    private void configure(QueueSettings settings) {
        scheduler.configure(settings);
        runSoon();
    }

    public void add(Work work) {
        if (!mclock && !running && scheduler.size() == 0 && load.takesMore()) {
            work.run();
            return;
        }
        scheduler.add(work, reactor.clock().nanoTime());
        if (!running && load.takesMore()) {
            run();
        }
    }

    public int size() {
        return scheduler.size();
    }

    public void forEach(Consumer<Work> visitor) {
        scheduler.forEach(visitor);
    }

    public Json dump() {
        return scheduler.dump();
    }

    private void runSoon() {
        if (!scheduled && scheduler.size() > 0) {
            scheduled = true;
            reactor.execute(() -> {
                scheduled = false;
                run();
            });
        }
    }

    private void run() {
        running = true;
        try {
            for (int i = 0; i < AT_ONCE && load.takesMore(); i++) {
                Work work = scheduler.next(reactor.clock().nanoTime());
                if (work == null) {
                    waitForTime();
                    return;
                }
                work.run();
            }
        } finally {
            running = false;
        }
        if (load.takesMore()) {
            runSoon();
        }
    }

    /** Limits hold back all that is there: until the first of them does not any more. */
    private void waitForTime() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        if (scheduler.size() > 0) {
            long delay = Math.max(0, scheduler.nextNanos() - reactor.clock().nanoTime());
            timer = reactor.schedule(Duration.ofNanos(delay), this::run);
        }
    }
}
