package io.spirula.it.sim;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything that can be true of one object, given what its clients have done and been told. Operations under way may have happened or not, in any order; an answer leaves only those pasts in which it is right. Where none is
 * left, the answer was wrong.
 *
 * <p>This is the test for linearizability of Wing and Gong, made step by step: each answered operation took effect at one moment between its beginning and its answer, and what was abandoned in a crash took effect before the
 * crash or never.
 */
final class ObjectHistory {
    /**
     * One possible past.
     *
     * @param done what has taken effect and was not answered yet, with the answer that it must get
     */
    private record Past(ObjectState state, SortedMap<Integer, ModelOp.Result> done) {}

    private static final int LAST_EVENTS = 30;

    private final String object;
    private final SortedMap<Integer, ModelOp> underWay = new TreeMap<>();
    private final ArrayDeque<String> log = new ArrayDeque<>();
    private Set<Past> pasts = Set.of(new Past(ObjectState.ABSENT, new TreeMap<>()));

    ObjectHistory(String object) {
        this.object = object;
    }

    void begin(int id, ModelOp op) {
        underWay.put(id, op);
        note(id + " begins: " + op);
    }

    /** Throws SimulationFailure where no possible past allows that answer. */
    void end(int id, ModelOp.Result result) {
        note(id + " ends: " + result);
        Set<Past> left = new LinkedHashSet<>();
        for (Past past : expanded()) {
            if (result.equals(past.done.get(id))) {
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

    /** Its client is gone together with whoever could still carry it out: it has happened by now or never will. */
    void abandon(int id) {
        note(id + " is abandoned");
        Set<Past> left = new LinkedHashSet<>();
        expanded().forEach(past -> left.add(without(id, past)));
        underWay.remove(id);
        pasts = left;
    }

    void note(String event) {
        if (log.size() == LAST_EVENTS) {
            log.remove();
        }
        log.add(event);
    }

    private static Past without(int id, Past past) {
        SortedMap<Integer, ModelOp.Result> done = new TreeMap<>(past.done);
        done.remove(id);
        return new Past(past.state, done);
    }

    /** All pasts with any of what is under way having happened since, in any order. */
    private Set<Past> expanded() {
        Set<Past> all = new LinkedHashSet<>(pasts);
        ArrayDeque<Past> todo = new ArrayDeque<>(pasts);
        while (!todo.isEmpty()) {
            Past past = todo.remove();
            underWay.forEach((id, op) -> {
                if (!past.done.containsKey(id)) {
                    ModelOp.Effect effect = op.on(past.state);
                    SortedMap<Integer, ModelOp.Result> done = new TreeMap<>(past.done);
                    done.put(id, effect.result());
                    Past next = new Past(effect.next(), done);
                    if (all.add(next)) {
                        todo.add(next);
                    }
                }
            });
        }
        return all;
    }

    private List<String> states() {
        List<String> states = new ArrayList<>();
        pasts.forEach(p -> states.add(p.state + (p.done.isEmpty() ? "" : " with done " + p.done)));
        return states;
    }
}
