package io.spirula.mon.service;

import io.spirula.common.env.Reactor;
import io.spirula.mon.paxos.PaxosDriver;
import io.spirula.mon.store.StoreTransaction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * What leads changes of all services through Paxos: everything that became pending while the previous value was under way is committed as one value. Requests that change something wait until
 * nothing is under way, so that they always see what was committed and what is pending, and nothing in between.
 */
public final class Proposals {
    private static final int MAX_WAITING = 100_000;

    private final PaxosDriver paxos;
    private final Reactor reactor;
    private final List<PaxosService> services;
    private final ArrayDeque<Runnable> waitingForWriteable = new ArrayDeque<>();
    private List<Runnable> waitingForCommit = new ArrayList<>();
    private List<Runnable> underWay = new ArrayList<>();
    private boolean scheduled;
    private boolean draining;

    public Proposals(PaxosDriver paxos, Reactor reactor, List<PaxosService> services) {
        this.paxos = paxos;
        this.reactor = reactor;
        this.services = services;
        services.forEach(s -> s.attach(this));
        paxos.listen(this::committed, this::writeable);
    }

    /** Runs a request that changes something once nothing is under way. False if there are too many waiting: it is dropped. */
    public boolean whenWriteable(Runnable request) {
        if (paxos.isWriteable() && waitingForWriteable.isEmpty() && !draining) {
            request.run();
            return true;
        }
        return waitingForWriteable.size() < MAX_WAITING && waitingForWriteable.add(request);
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

    private void proposeIfPossible() {
        if (!paxos.isWriteable() || draining) {
            return;
        }
        StoreTransaction value = new StoreTransaction();
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

    private void committed(long version) {
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

    private void writeable() {
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

    /** Adds the first version of every service to a new store's first transaction. */
    public void createInitial(StoreTransaction transaction) {
        for (PaxosService service : services) {
            service.createInitial();
            service.encodeInto(transaction);
        }
    }

    /** Reads what the store has, when the monitor starts. */
    public void load() {
        services.forEach(PaxosService::refresh);
    }
}
