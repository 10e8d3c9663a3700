package io.spirula.it.sim.check;

import io.spirula.it.sim.SimulationFailure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything that can be true of one object, given what its clients have done and been told. Operations under way may have happened or not; those of several clients in any order, those of one after all that it wrote before. (A read may see what its client wrote after it: as in Ceph, a read that is sent again is carried out again, and that answer counts.)
 * An answer leaves only those pasts in which it is right. Where none is left, the answer was wrong.
 *
 * <p>This is the test for linearizability of Wing and Gong, made step by step: each answered operation took effect at one moment between its beginning and its answer, and what was abandoned took effect before it was abandoned
 * or never.
 */
public final class ObjectHistory {
    /**
     * One possible past.
     *
     * @param done writes that have taken effect and were not answered yet, with the answer that each must get
     * @param seen what each read that is under way may have found
     */
    private record Past(
            ObjectState state, SortedMap<Integer, ModelOp.Result> done, SortedMap<Integer, Set<ModelOp.Result>> seen) {
        boolean allows(int id, ModelOp.Result result) {
            return result.equals(done.get(id))
                    || seen.getOrDefault(id, Set.of()).contains(result);
        }
    }

    private record Started(String client, ModelOp op) {}

    private static final int LAST_EVENTS = 30;
    /** More pasts than this take too long to tell apart: the workload must not let so much happen at once. */
    private static final int MOST_PASTS = 200_000;

    private final String object;
    private final boolean inClientsOrder;
    private final SortedMap<Integer, Started> underWay = new TreeMap<>();
    private final ArrayDeque<String> log = new ArrayDeque<>();
    private Set<Past> pasts = Set.of(new Past(ObjectState.ABSENT, new TreeMap<>(), new TreeMap<>()));

    /**
     * @param inClientsOrder whether a client's operations happen in the order in which it began them. They do, but where a disk is full: as in Ceph an OSD then drops a write, which the client sends again when there is room, and others
     *     of its own may have passed it
     */
    public ObjectHistory(String object, boolean inClientsOrder) {
        this.object = object;
        this.inClientsOrder = inClientsOrder;
    }

    /**
     * Operations' numbers grow.
     *
     * @param client one process: what one that is gone had under way may happen after what its successor does
     */
    public void begin(int id, String client, ModelOp op) {
        underWay.put(id, new Started(client, op));
        note(id + " of " + client + " begins: " + op);
        if (!op.writes()) {
            Set<Past> begun = new LinkedHashSet<>();
            pasts.forEach(past -> begun.add(looked(past)));
            pasts = begun;
        }
    }

    /** How many operations are under way. */
    public int underWay() {
        return underWay.size();
    }

    /** Throws SimulationFailure where no possible past allows that answer. */
    public void end(int id, ModelOp.Result result) {
        note(id + " ends: " + result);
        Set<Past> left = new LinkedHashSet<>();
        for (Past past : expanded()) {
            if (past.allows(id, result)) {
                left.add(without(id, past));
            }
        }
        if (left.isEmpty()) {
            throw new SimulationFailure("object " + object + ": " + underWay.get(id) + " was answered " + result
                    + ", which nothing explains. Possible before:\n  " + String.join("\n  ", states())
                    + "\nLately:\n  " + String.join("\n  ", log));
        }
        underWay.remove(id);
        pasts = left;
    }

    /** Its client is gone and nobody carries it out any more: it has happened by now or never will. */
    public void abandon(int id) {
        note(id + " is abandoned");
        Set<Past> left = new LinkedHashSet<>();
        expanded().forEach(past -> left.add(without(id, past)));
        underWay.remove(id);
        pasts = left;
    }

    public void note(String event) {
        if (log.size() == LAST_EVENTS) {
            log.remove();
        }
        log.add(event);
    }

    private static Past without(int id, Past past) {
        SortedMap<Integer, ModelOp.Result> done = new TreeMap<>(past.done);
        done.remove(id);
        SortedMap<Integer, Set<ModelOp.Result>> seen = new TreeMap<>(past.seen);
        seen.remove(id);
        return new Past(past.state, done, seen);
    }

    /** The same past when all reads under way that may look now have. */
    private Past looked(Past past) {
        SortedMap<Integer, Set<ModelOp.Result>> seen = new TreeMap<>(past.seen);
        for (Map.Entry<Integer, Started> e : underWay.entrySet()) {
            if (!e.getValue().op.writes() && isNext(e.getKey(), e.getValue().client, past)) {
                Set<ModelOp.Result> all = new HashSet<>(seen.getOrDefault(e.getKey(), Set.of()));
                all.add(e.getValue().op.on(past.state).result());
                seen.put(e.getKey(), all);
            }
        }
        return new Past(past.state, past.done, seen);
    }

    /** All pasts with any of what is under way having happened since. */
    private Set<Past> expanded() {
        Set<Past> all = new LinkedHashSet<>(pasts);
        ArrayDeque<Past> todo = new ArrayDeque<>(pasts);
        while (!todo.isEmpty()) {
            Past past = todo.remove();
            for (Map.Entry<Integer, Started> e : underWay.entrySet()) {
                if (e.getValue().op.writes() && isNext(e.getKey(), e.getValue().client, past)) {
                    ModelOp.Effect effect = e.getValue().op.on(past.state);
                    SortedMap<Integer, ModelOp.Result> done = new TreeMap<>(past.done);
                    done.put(e.getKey(), effect.result());
                    Past next = looked(new Past(effect.next(), done, past.seen));
                    if (all.add(next)) {
                        todo.add(next);
                    }
                }
            }
            if (all.size() > MOST_PASTS) {
                throw new IllegalStateException("too much happens to " + object + " at once");
            }
        }
        return all;
    }

    /** Whether an operation has not happened and all have that its client wrote before. */
    private boolean isNext(int id, String client, Past past) {
        if (past.done.containsKey(id)) {
            return false;
        }
        for (Map.Entry<Integer, Started> e : underWay.headMap(id).entrySet()) {
            Started earlier = e.getValue();
            if (inClientsOrder
                    && earlier.client.equals(client)
                    && earlier.op.writes()
                    && !past.done.containsKey(e.getKey())) {
                return false;
            }
        }
        return true;
    }

    private List<String> states() {
        List<String> states = new ArrayList<>();
        pasts.forEach(p -> states.add(p.state + (p.done.isEmpty() ? "" : " with done " + p.done)));
        return states;
    }
}
