package io.spirula.mon.service;

import io.spirula.common.command.Outcome;
import io.spirula.common.command.Refusal;
import io.spirula.common.env.Reactor;
import io.spirula.mon.paxos.PaxosDriver;
import io.spirula.mon.store.StoreTransaction;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What leads changes of all services through Paxos: everything that became pending while the previous value was under way is committed as one value. Requests that change something wait until
 * nothing is under way, so that they always see what was committed and what is pending, and nothing in between.
 */
public final class Proposals {
    private static final int MAX_WAITING = 100_000;
    private static final Duration PROPOSE_INTERVAL = Duration.ofSeconds(1);
    private static final Duration MIN_WAIT = Duration.ofMillis(50);

    private final PaxosDriver paxos;
    private final Reactor reactor;
    private final List<PaxosService> services;
    private final ArrayDeque<Runnable> waitingForWriteable = new ArrayDeque<>();
    private List<Runnable> waitingForCommit = new ArrayList<>();
    private List<Runnable> underWay = new ArrayList<>();
    private final ArrayDeque<Runnable> waitingForReadable = new ArrayDeque<>();
    private StoreTransaction beside = new StoreTransaction();
    private boolean scheduled;
    private boolean waitingForCompany;
    private long committedNanos;
    private boolean draining;
    private boolean leading;
    /** Why nothing may become pending just now, if so. */
    private @Nullable Refusal closed;

    private boolean begun;

    public Proposals(PaxosDriver paxos, Reactor reactor, List<PaxosService> services) {
        this.paxos = paxos;
        this.reactor = reactor;
        this.services = services;
        services.forEach(s -> s.attach(this));
    }

    /** This monitor leads from now on, until {@link #lost}. */
    public void lead() {
        leading = true;
        begun = false;
    }

    /** There is no quorum any more, or another leads: what was pending is forgotten, and whoever asked for it asks again. */
    public void lost() {
        leading = false;
        waitingForWriteable.clear();
        waitingForCommit = new ArrayList<>();
        underWay = new ArrayList<>();
        beside = new StoreTransaction();
        services.forEach(PaxosService::forget);
    }

    public boolean isLeading() {
        return leading;
    }

    /** Runs a request that only reads once what is committed here is all that anybody can know. False if there are too many waiting: it is dropped. */
    public boolean whenReadable(Runnable request) {
        if (paxos.isReadable() && waitingForReadable.isEmpty()) {
            request.run();
            return true;
        }
        return waitingForReadable.size() < MAX_WAITING && waitingForReadable.add(request);
    }

    /** Reads may be answered again. */
    public void readable() {
        while (paxos.isReadable() && !waitingForReadable.isEmpty()) {
            waitingForReadable.remove().run();
        }
        if (leading && paxos.isWriteable() && !draining) {
            writeable();
        }
    }

    /** Has changes committed that belong to no service's versions. */
    public void commitBeside(StoreTransaction changes) {
        if (leading && !changes.isEmpty()) {
            beside.append(changes);
            request();
        }
    }

    /** Runs a request that changes something once nothing is under way. False if there are too many waiting, or another monitor leads: it is dropped. */
    public boolean whenWriteable(Runnable request) {
        if (!leading) {
            return false;
        }
        if (begun && paxos.isWriteable() && waitingForWriteable.isEmpty() && !draining) {
            request.run();
            return true;
        }
        return waitingForWriteable.size() < MAX_WAITING && waitingForWriteable.add(request);
    }

    /** What {@code work} says, which may change nothing: where it is about to, it is refused so. */
    public Outcome withoutChanges(Refusal refusal, Supplier<Outcome> work) {
        closed = refusal;
        try {
            return work.get();
        } finally {
            closed = null;
        }
    }

    /** Something is about to change. Throws where nothing may. */
    void throwIfClosed() {
        if (closed != null) {
            throw closed;
        }
    }

    /** Runs {@code task} once all that is pending now has been committed; at once if nothing is. */
    public void whenCommitted(Runnable task) {
        if (services.stream().noneMatch(PaxosService::isDirty)) {
            if (paxos.isWriteable()) {
                task.run();
            } else {
                underWay.add(task);
            }
        } else {
            waitingForCommit.add(task);
        }
    }

    /** Something is pending: proposes it after what else is in the reactor's queue already. */
    void request() {
        if (!scheduled) {
            scheduled = true;
            reactor.execute(() -> {
                scheduled = false;
                proposeIfPossible();
            });
        }
    }

    /** Something is pending that may wait for company. Ceph: paxos_min_wait, paxos_propose_interval. */
    void requestSoon() {
        if (!scheduled && !waitingForCompany) {
            waitingForCompany = true;
            long idleNanos = reactor.clock().nanoTime() - committedNanos;
            Duration wait = idleNanos >= PROPOSE_INTERVAL.toNanos() ? MIN_WAIT : PROPOSE_INTERVAL.minusNanos(idleNanos);
            reactor.schedule(wait, () -> {
                waitingForCompany = false;
                proposeIfPossible();
            });
        }
    }

    /** What waits for company waits no longer. */
    public void hurry() {
        if (waitingForCompany) {
            request();
        }
    }

    private void proposeIfPossible() {
        if (!paxos.isWriteable() || draining || !begun) {
            return;
        }
        StoreTransaction value = beside;
        beside = new StoreTransaction();
        for (PaxosService service : services) {
            if (service.isDirty()) {
                service.encodeInto(value);
            }
        }
        if (!value.isEmpty()) {
            underWay.addAll(waitingForCommit);
            waitingForCommit = new ArrayList<>();
            paxos.propose(value);
        }
    }

    /** Versions up to this one are in the store. */
    public void committed(long version) {
        committedNanos = reactor.clock().nanoTime();
        List<PaxosService> changed = new ArrayList<>();
        for (PaxosService service : services) {
            if (service.refresh()) {
                changed.add(service);
            }
        }
        changed.forEach(PaxosService::afterCommit);
        List<Runnable> tasks = underWay;
        underWay = new ArrayList<>();
        tasks.forEach(Runnable::run);
    }

    /** A value may be proposed. */
    public void writeable() {
        if (!leading) {
            return;
        }
        if (!begun) {
            begun = true;
            // A new cluster: each service's first version.
            services.stream().filter(PaxosService::isNew).forEach(PaxosService::createInitial);
        }
        draining = true;
        try {
            for (Runnable request = waitingForWriteable.poll(); request != null; request = waitingForWriteable.poll()) {
                request.run();
            }
        } finally {
            draining = false;
        }
        proposeIfPossible();
    }

    /** Reads what the store has, when the monitor starts or its store was replaced. */
    public void load() {
        services.forEach(PaxosService::refresh);
    }
}
