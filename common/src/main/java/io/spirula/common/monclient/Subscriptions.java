package io.spirula.common.monclient;

import java.util.Map;
import java.util.TreeMap;

/** What we want to be told by the monitors, and which part of that the current monitor knows. Ceph: MonSub. */
final class Subscriptions {
    /**
     * One wish.
     *
     * @param start the first version wanted
     * @param once whether one answer is all that is wanted
     */
    record Wish(long start, boolean once) {}

    private final TreeMap<String, Wish> unsent = new TreeMap<>();
    private final TreeMap<String, Wish> sent = new TreeMap<>();

    /** False if the wish is there already, or a stronger one: a lasting one is not replaced by one for once from the same version. */
    boolean want(String what, Wish wish) {
        Wish known = unsent.containsKey(what) ? unsent.get(what) : sent.get(what);
        if (wish.equals(known)) {
            return false;
        }
        if (known != null && wish.once && !known.once && wish.start <= known.start) {
            return false;
        }
        unsent.put(what, wish);
        return true;
    }

    void forget(String what) {
        unsent.remove(what);
        sent.remove(what);
    }

    void got(String what, long version) {
        advance(unsent, what, version);
        advance(sent, what, version);
    }

    private static void advance(Map<String, Wish> wishes, String what, long version) {
        wishes.computeIfPresent(
                what, (w, wish) -> wish.start > version ? wish : wish.once ? null : new Wish(version + 1, false));
    }

    /** A new session knows none of our wishes. */
    void sessionOpened() {
        sent.forEach(unsent::putIfAbsent);
        sent.clear();
    }

    boolean anyUnsent() {
        return !unsent.isEmpty();
    }

    /** What to tell the monitor now; from here on it counts as told. */
    Map<String, Wish> takeUnsent() {
        Map<String, Wish> taken = new TreeMap<>(unsent);
        sent.putAll(unsent);
        unsent.clear();
        return taken;
    }
}
