package io.spirula.osd.peering;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.env.Clock;
import io.spirula.common.pg.PgShard;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.store.Contents;
import io.spirula.osd.store.ObjectStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A few OSDs with one group, their monitor and the wires between them, in one thread: every step runs one thing that is due, picked by a random number generator. */
final class PeeringSimulation {
    /** One attempt of a client to write an object. */
    record Attempt(int id, boolean delete) {}

    static final Duration LEASE = Duration.ofSeconds(16);
    /** Time does not pass here. */
    static final Clock CLOCK = new Clock() {
        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public long nanoTime() {
            return 0;
        }
    };

    /** False for what the flags norecover and nobackfill do. */
    boolean recovers = true;

    ActingCosts costs = ActingCosts.DEFAULT;

    final Random random;
    final List<SimulatedMap> maps = new ArrayList<>();
    final List<SimulatedOsd> osds = new ArrayList<>();
    private final TreeMap<String, ArrayDeque<Runnable>> wires = new TreeMap<>();
    /** By object: attempts since the last acknowledged one, which is the first. */
    final TreeMap<ObjectId, List<Attempt>> history = new TreeMap<>();

    final List<String> trace = new ArrayList<>();
    int attempts;
    int acknowledged;

    PeeringSimulation(long seed, int osdCount, int size, int minSize) {
        random = new Random(seed);
        maps.add(SimulatedMap.first(osdCount, size, minSize));
        for (int i = 0; i < osdCount; i++) {
            SimulatedOsd osd = new SimulatedOsd(this, i);
            osds.add(osd);
            osd.boot();
        }
        osds.getFirst().createGroup();
    }

    SimulatedMap map() {
        return maps.getLast();
    }

    SimulatedMap map(int epoch) {
        return maps.get(epoch - 1);
    }

    /** Queues something on the wire between two parties; what is on one wire stays in order. */
    void send(String wire, Runnable arrival) {
        wires.computeIfAbsent(wire, w -> new ArrayDeque<>()).add(arrival);
    }

    void publish(SimulatedMap map) {
        maps.add(map);
        trace.add("map " + map.epoch() + " up " + map.up() + " acting " + map.acting());
        for (SimulatedOsd osd : osds) {
            if (map.isUp(osd.number)) {
                send("m" + osd.number, () -> osd.mapsArrived(map.epoch()));
            }
        }
    }

    /** One step; false where nothing is due. */
    boolean step() {
        List<String> due = wires.entrySet().stream()
                .filter(e -> !e.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .toList();
        if (due.isEmpty()) {
            return false;
        }
        ArrayDeque<Runnable> wire = wires.get(due.get(random.nextInt(due.size())));
        if (wire != null && !wire.isEmpty()) {
            wire.poll().run();
        }
        return true;
    }

    void settle() {
        for (int i = 0; step(); i++) {
            if (i > 200_000) {
                throw new AssertionError("it never ends:\n" + tail());
            }
        }
    }

    void crash(int osd) {
        trace.add("crash " + osd);
        osds.get(osd).crash();
        wires.forEach((name, wire) -> {
            if (name.endsWith(">" + osd) || name.equals("m" + osd) || name.equals("d" + osd)) {
                wire.clear();
            } else if (name.startsWith(osd + ">") && random.nextBoolean()) {
                wire.clear();
            }
        });
        publish(map().withUp(osd, false));
    }

    /** What is on its way from one to another never arrives. */
    void lose(int from, int to) {
        trace.add("lose " + from + ">" + to);
        wires.computeIfAbsent(from + ">" + to, w -> new ArrayDeque<>()).clear();
    }

    void restart(int osd) {
        trace.add("restart " + osd);
        osds.get(osd).boot();
        publish(map().withUp(osd, true));
    }

    SimulatedOsd primary() {
        return osds.get(map().actingPrimary());
    }

    /** A client's write, where the primary takes it now; false where not. */
    boolean write(int object, boolean delete) {
        int primary = map().actingPrimary();
        return primary >= 0 && osds.get(primary).clientWrite(objectId(object), delete);
    }

    static ObjectId objectId(int number) {
        return ObjectId.head(1, Bytes.EMPTY, Bytes.EMPTY, Bytes.of("o" + number), number * 0x9e3779b9);
    }

    void attempted(ObjectId object, Attempt attempt) {
        history.computeIfAbsent(object, o -> new ArrayList<>(List.of(new Attempt(0, true))))
                .add(attempt);
    }

    void acknowledged(ObjectId object, Attempt attempt) {
        acknowledged++;
        List<Attempt> all = history.get(object);
        if (all != null) {
            all.subList(0, Math.max(0, all.indexOf(attempt))).clear();
        }
    }

    static @Nullable Bytes contents(ObjectStore store, SimulatedOsd osd, ObjectId object) {
        if (!store.exists(osd.collection(), object)) {
            return null;
        }
        return Contents.of(store, osd.collection(), object);
    }

    /** Throws AssertionError unless all acting have the same objects, which are what clients may expect. */
    void check() {
        for (SimulatedOsd osd : osds) {
            if (!map().acting().contains(osd.number) && osd.store().exists(osd.collection())) {
                throw new AssertionError("osd." + osd.number + " has a copy left\n" + tail());
            }
        }
        for (int number : map().acting()) {
            SimulatedOsd osd = osds.get(number);
            ObjectStore store = osd.store();
            history.forEach((object, possible) -> {
                Bytes there = contents(store, osd, object);
                boolean expected = possible.stream()
                        .anyMatch(a ->
                                a.delete() ? there == null : java.util.Objects.equals(there, Bytes.of("v" + a.id())));
                if (!expected) {
                    throw new AssertionError("osd." + number + " has " + there + " for " + object + ", not one of "
                            + possible + "\n" + tail());
                }
                Bytes first = contents(primary().store(), primary(), object);
                if (!java.util.Objects.equals(first, there)) {
                    throw new AssertionError("osd." + number + " has " + there + " for " + object
                            + " where the primary has " + first + "\n" + tail());
                }
            });
            List<ObjectId> listed = store.list(osd.collection(), ObjectId.MIN, ObjectId.MAX, 1000);
            List<ObjectId> wanted = primary().store().list(primary().collection(), ObjectId.MIN, ObjectId.MAX, 1000);
            if (!listed.equals(wanted)) {
                throw new AssertionError("osd." + number + " lists " + listed + ", not " + wanted + "\n" + tail());
            }
        }
    }

    String tail() {
        return String.join(
                "\n",
                trace.subList(Math.max(0, trace.size() - Integer.getInteger("peering.trace", 120)), trace.size()));
    }

    static PgShard shard(int osd) {
        return PgShard.replica(osd);
    }
}
