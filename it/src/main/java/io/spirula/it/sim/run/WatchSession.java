package io.spirula.it.sim.run;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.message.ObjectOp;
import io.spirula.common.message.OsdOp;
import io.spirula.common.message.OsdOpCode;
import io.spirula.common.message.OsdOpReply;
import io.spirula.common.message.WatchNotify;
import io.spirula.common.pg.ListWatchersResponse;
import io.spirula.common.pg.NotifyReplies;
import io.spirula.it.sim.SimClient;
import io.spirula.it.sim.SimCluster;
import io.spirula.it.sim.SimHost;
import io.spirula.it.sim.SimulationFailure;
import io.spirula.it.sim.check.WatchHistory;
import io.spirula.librados.objecter.ObjectNotify;
import io.spirula.librados.objecter.ObjectWatch;
import io.spirula.librados.objecter.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * A client that watches a few objects, ends that and begins anew, notifies those who watch, looks who does, and now and then crashes. It answers most notifications at once, some late, and some not at all, until everything is to
 * be well.
 */
final class WatchSession {
    private static final List<Integer> LIVES = List.of(0, 0, 5, 12);
    private static final List<Integer> PATIENCE = List.of(1, 5, 20);
    private static final int MOST_NOTIFICATIONS = 2;

    private final int number;
    private final SimCluster cluster;
    private final SimHost host;
    private final RandomGenerator random;
    private final long pool;
    private final List<WatchHistory> objects;
    private final Map<Integer, WatchHistory.OneWatch> mine = new LinkedHashMap<>();
    private SimClient client;
    private int notifications;
    private int underWay;
    private boolean stopped;

    WatchSession(int number, SimCluster cluster, RandomGenerator random, long pool, List<WatchHistory> objects) {
        this.number = number;
        this.cluster = cluster;
        this.random = random;
        this.pool = pool;
        this.objects = objects;
        host = new SimHost(cluster.simulation(), "watcher." + number);
        client = cluster.client(host);
    }

    static Bytes name(int object) {
        return Bytes.of("watched" + object);
    }

    void think() {
        host.schedule(Duration.ofMillis(random.nextInt(3) == 0 ? random.nextInt(4_000) : random.nextInt(800)), () -> {
            if (!stopped) {
                act();
                think();
            }
        });
    }

    /** Nothing new is begun but one watch. */
    void stop() {
        stopped = true;
    }

    /** Whether all that it began has ended. */
    boolean isDone() {
        return stopped && underWay == 0 && host.isUp();
    }

    /** Has it watch something, if it does not: true if it does. */
    boolean watches() {
        if (mine.isEmpty()) {
            host.execute(() -> watch(number % objects.size()));
        }
        return mine.values().stream().anyMatch(WatchHistory.OneWatch::isEstablished)
                && mine.values().stream().allMatch(WatchHistory.OneWatch::isEstablished);
    }

    private void act() {
        int object = random.nextInt(objects.size());
        switch (random.nextInt(16)) {
            case 0, 1 -> unwatch(object);
            case 2, 3 -> list(object);
            case 4 -> {
                if (random.nextInt(4) == 0) {
                    crash();
                }
            }
            case 5, 6, 7, 8 -> watch(object);
            default -> {
                if (underWay < MOST_NOTIFICATIONS) {
                    notifyWatchers(object, PATIENCE.get(random.nextInt(PATIENCE.size())), replies -> {});
                }
            }
        }
    }

    private void watch(int object) {
        if (mine.containsKey(object)) {
            return;
        }
        int life = LIVES.get(random.nextInt(LIVES.size()));
        SimClient process = client;
        WatchHistory.OneWatch watch =
                objects.get(object).begin(host + "/" + host.incarnation(), process::globalId, life);
        mine.put(object, watch);
        watch.is(client.watch(pool, name(object), life, new ObjectWatch.Listener() {
            @Override
            public void registered() {
                watch.established();
            }

            @Override
            public void failed(int errno, String reason) {
                mine.remove(object, watch);
                watch.refused(errno);
            }

            @Override
            public void notified(WatchNotify notification) {
                watch.heard(notification);
                answer(watch, notification);
            }

            @Override
            public void lost(int errno, String reason) {
                mine.remove(object, watch);
                watch.lost(errno, watch.core().silentMillis());
            }
        }));
    }

    private void answer(WatchHistory.OneWatch watch, WatchNotify notification) {
        int mood = stopped ? 0 : random.nextInt(16);
        Runnable answer = () -> watch.core().acknowledge(notification.notifyId(), notification.payload());
        if (mood < 12) {
            answer.run();
        } else if (mood < 15) {
            host.schedule(Duration.ofMillis(random.nextInt(4_000)), answer);
        }
    }

    private void unwatch(int object) {
        WatchHistory.OneWatch watch = mine.remove(object);
        if (watch == null) {
            return;
        }
        watch.ends();
        underWay++;
        watch.core().end(new Operation.Listener() {
            @Override
            public void answered(OsdOpReply reply) {
                underWay--;
                expectDone("the end of " + watch, reply.result());
                list(object, list -> objects.get(object).listedAfterEnd(watch, list));
            }

            @Override
            public void failed(int errno, String reason) {
                expectDone("the end of " + watch, -errno);
            }
        });
    }

    private static void expectDone(String what, int result) {
        if (result != 0) {
            throw new SimulationFailure(what + " comes to " + result);
        }
    }

    private void list(int object) {
        List<WatchHistory.OneWatch> before = objects.get(object).established();
        list(object, list -> objects.get(object).listed(before, list));
    }

    /** Asks for the object's watchers. */
    void list(int object, Consumer<List<ListWatchersResponse.Watcher>> then) {
        underWay++;
        client.operate(pool, name(object), List.of(new ObjectOp(OsdOpCode.LIST_WATCHERS)), OsdOp.FLAG_READ, reply -> {
            underWay--;
            expectDone("the list of " + name(object), reply.result());
            then.accept(ListWatchersResponse.CODEC
                    .fromBytes(reply.ops().get(0).output())
                    .watchers());
        });
    }

    /** Notifies the object's watchers. */
    void notifyWatchers(int object, int patience, Consumer<NotifyReplies> then) {
        WatchHistory history = objects.get(object);
        Bytes text = Bytes.of(number + "." + ++notifications);
        List<WatchHistory.OneWatch> before = history.established();
        history.note(host + " notifies: " + text);
        underWay++;
        client.notify(pool, name(object), text, patience, new ObjectNotify.Listener() {
            @Override
            public void completed(NotifyReplies replies) {
                underWay--;
                history.completed(host.toString(), text, before, replies);
                then.accept(replies);
            }

            @Override
            public void failed(int errno, String reason) {
                throw new SimulationFailure("a notification fails with " + errno + ": " + reason);
            }
        });
    }

    private void crash() {
        host.crash();
        mine.values().forEach(WatchHistory.OneWatch::ends);
        mine.clear();
        underWay = 0;
        cluster.simulation().after(Duration.ofMillis(random.nextInt(20_000)).toNanos(), cluster.operator(), () -> {
            host.restart();
            client = cluster.client(host);
            think();
        });
    }

    @Override
    public String toString() {
        return host + " watches " + new ArrayList<>(mine.values()) + " with " + underWay + " under way";
    }
}
