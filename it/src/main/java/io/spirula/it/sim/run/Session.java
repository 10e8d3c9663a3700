package io.spirula.it.sim.run;

import io.spirula.common.encoding.Bytes;
import io.spirula.it.sim.SimClient;
import io.spirula.it.sim.SimCluster;
import io.spirula.it.sim.SimHost;
import io.spirula.it.sim.check.ModelOp;
import io.spirula.it.sim.check.ObjectHistory;
import io.spirula.it.sim.nemesis.Stage;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * A client that does one thing after the other to random objects, now and then without waiting for the one before: as many as it should at short intervals, and after that seldom, until it is stopped. Some mostly read, or do nothing
 * else: so they go on where whoever has begun to write waits.
 */
final class Session implements Stage.Client {
    /** What all sessions share: the objects, and what they have been told of them. */
    interface Board {
        long pool();

        List<ObjectHistory> objects();

        int nextOperation();

        void answered(int operation);

        /** Its client is gone: it happens soon, or never. */
        void orphaned(int operation, int object);
    }

    private static final int MOST_IN_FLIGHT = 3;
    /** What may happen to one object at once, or its possible pasts are too many. */
    private static final int MOST_ON_AN_OBJECT = 6;
    /** How much longer it pauses after what it should do. */
    private static final int SELDOM = 5;

    /** Of how many operations one that only reads. */
    private static final int READS_OF = 20;

    private static final List<Integer> READS = List.of(3, 3, 3, 12, READS_OF, READS_OF);

    private static final List<Bytes> NAMES = List.of(Bytes.of("a"), Bytes.of("b"));

    private final int number;
    private final SimCluster cluster;
    private final SimHost host;
    private final RandomGenerator random;
    private final Board board;
    private final Map<Integer, Integer> inFlight = new LinkedHashMap<>();
    private SimClient client;
    private final int reads;
    private int begun;
    /** How many more at short intervals. */
    private int left;

    private boolean stopped;

    Session(int number, SimCluster cluster, RandomGenerator random, Board board, int operations) {
        this.number = number;
        this.cluster = cluster;
        this.random = random;
        this.board = board;
        left = operations;
        reads = READS.get(random.nextInt(READS.size()));
        host = new SimHost(cluster.simulation(), "client." + number);
        client = cluster.client(host);
    }

    SimClient client() {
        return client;
    }

    boolean isDone() {
        return stopped && inFlight.isEmpty() && host.isUp();
    }

    boolean isIdle() {
        return inFlight.isEmpty();
    }

    /** No more is begun. */
    void stop() {
        stopped = true;
    }

    void think() {
        int pause = random.nextInt(3) == 0 ? random.nextInt(1_500) : random.nextInt(100);
        host.schedule(Duration.ofMillis(left > 0 ? pause : SELDOM * pause), () -> {
            if (!stopped) {
                act();
                think();
            }
        });
    }

    @Override
    public void hurry() {
        for (int i = random.nextInt(1, MOST_IN_FLIGHT + 1); i > 0; i--) {
            host.schedule(Duration.ofNanos(random.nextInt(4_000_000)), () -> {
                if (!stopped) {
                    act();
                }
            });
        }
    }

    private void act() {
        int object = random.nextInt(board.objects().size());
        ModelOp op = choose();
        int room = random.nextInt(3) == 0 ? MOST_IN_FLIGHT : 1;
        // Who only reads goes on with one object while another, or the OSD that has it, keeps it waiting.
        boolean may = reads == READS_OF ? !inFlight.containsValue(object) : inFlight.size() < room;
        if (may && board.objects().get(object).underWay() < MOST_ON_AN_OBJECT) {
            left = Math.max(0, left - 1);
            perform(object, op);
        }
    }

    private ModelOp choose() {
        Bytes unique = Bytes.of("<" + number + "." + ++begun + ">");
        Bytes name = NAMES.get(random.nextInt(NAMES.size()));
        if (random.nextInt(READS_OF) < reads) {
            return new ModelOp.Read();
        }
        return switch (random.nextInt(17)) {
            case 0, 1 -> new ModelOp.WriteFull(unique);
            case 2, 3, 4 -> new ModelOp.Append(unique);
            case 5, 6 -> new ModelOp.Write(random.nextInt(20), unique);
            case 7 -> new ModelOp.Truncate(random.nextInt(40));
            case 8 -> new ModelOp.Zero(random.nextInt(20), random.nextInt(1, 20));
            case 9 -> new ModelOp.SetAttribute(name, unique);
            case 10 -> new ModelOp.RemoveAttribute(name);
            case 11 -> new ModelOp.SetOmap(name, unique);
            case 12 -> random.nextBoolean() ? new ModelOp.RemoveOmap(name) : new ModelOp.ClearOmap();
            case 13 -> new ModelOp.CreateExclusively(unique);
            case 14 -> new ModelOp.AppendIf(name, unique, unique);
            case 15 -> new ModelOp.WriteIfThere(unique);
            default -> new ModelOp.Remove();
        };
    }

    void perform(int object, ModelOp op) {
        int id = board.nextOperation();
        inFlight.put(id, object);
        board.objects().get(object).begin(id, host + "/" + host.incarnation(), op);
        client.operate(board.pool(), Bytes.of("o" + object), op.steps(), op.flags(), reply -> {
            inFlight.remove(id);
            board.objects().get(object).end(id, op.result(reply));
            board.answered(id);
        });
    }

    @Override
    public SimHost host() {
        return host;
    }

    @Override
    public void crash() {
        if (host.isUp()) {
            host.crash();
            inFlight.forEach(board::orphaned);
            inFlight.clear();
        }
    }

    @Override
    public void restart() {
        if (!host.isUp()) {
            host.restart();
            client = cluster.client(host);
            think();
        }
    }

    @Override
    public String toString() {
        return host + " with " + inFlight + " under way and " + left + " to come";
    }
}
