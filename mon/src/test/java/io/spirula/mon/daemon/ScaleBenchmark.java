package io.spirula.mon.daemon;

import io.spirula.common.maps.Osd;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.OsdState;
import io.spirula.common.maps.PgPool;
import io.spirula.common.message.CompatSet;
import io.spirula.common.message.Message;
import io.spirula.common.message.MonSubscribe;
import io.spirula.common.message.OsdBoot;
import io.spirula.common.message.OsdFailure;
import io.spirula.common.message.OsdMapMessage;
import io.spirula.common.message.OsdSuperblock;
import io.spirula.common.message.PgStatsReport;
import io.spirula.common.pg.OsdStat;
import io.spirula.common.pg.PgState;
import io.spirula.common.pg.PgStats;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.PgId;
import io.spirula.common.types.Uuid;
import io.spirula.crush.CrushEditor;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a monitor of a large cluster spends on one change of the OSD map: 1,000 OSDs on 50 hosts in 5 racks, all subscribed, and 100,000 placement groups in 8 pools. An OSD is reported failed or boots; CPU time is that of the
 * thread, from the message to the last subscriber's encoded map. Arguments: changes to warm up with, changes to measure.
 */
public final class ScaleBenchmark {
    private static final int OSDS = 1_000;
    private static final int PER_HOST = 20;
    private static final int HOSTS_PER_RACK = 10;
    private static final int POOLS = 8;
    private static final int GROUPS = 12_500;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final TestMonitor mon = new TestMonitor();
    private final List<FakeConnection> osds = new ArrayList<>();

    private ScaleBenchmark() {}

    public static void main(String[] args) {
        ScaleBenchmark benchmark = new ScaleBenchmark();
        benchmark.build();
        int warmUp = args.length > 0 ? Integer.parseInt(args[0]) : 100;
        int changes = args.length > 1 ? Integer.parseInt(args[1]) : 200;
        benchmark.changes(warmUp);
        benchmark.ticks(5);
        benchmark.measure(changes);
    }

    private OsdMap map() {
        return mon.daemon.services().osdmap().map();
    }

    private static EntityAddrs addrs(int osd, int port) {
        return EntityAddrs.of(EntityAddr.msgr2("10.0." + osd / 250 + "." + (osd % 250 + 1), port, 7));
    }

    private static Uuid uuid(int osd) {
        return Uuid.parse(String.format("aaaaaaaa-0000-4000-8000-%012d", osd));
    }

    private void build() {
        CrushEditor crush = new CrushEditor(map().crushMap());
        for (int osd = 0; osd < OSDS; osd++) {
            int host = osd / PER_HOST;
            Map<String, String> at =
                    Map.of("root", "default", "rack", "rack" + host / HOSTS_PER_RACK, "host", "host" + host);
            crush.insertItem(osd, 1, "osd." + osd, at, false);
        }
        int rule = crush.addSimpleRule("hosts", "default", "host", "", "firstn", 1);
        TreeMap<Long, PgPool> pools = new TreeMap<>();
        for (long id = 1; id <= POOLS; id++) {
            pools.put(
                    id,
                    PgPool.builder()
                            .type(PgPool.REPLICATED)
                            .size(3)
                            .minSize(2)
                            .crushRule(rule)
                            .pgNum(GROUPS)
                            .pgNumPending(GROUPS)
                            .pgpNum(GROUPS)
                            .pgNumTarget(GROUPS)
                            .pgpNumTarget(GROUPS)
                            .build());
        }
        mon.daemon.services().osdmap().change(inc -> {
            inc.newMaxOsd(OSDS);
            inc.newPoolMax(POOLS);
            inc.crush(crush.build());
            pools.forEach((id, pool) -> inc.createPool(id, "pool" + id, pool));
            for (int osd = 0; osd < OSDS; osd++) {
                inc.xorState(osd, OsdState.EXISTS | OsdState.NEW);
                inc.putUuid(osd, uuid(osd));
                inc.putUp(osd, addrs(osd, 6800), addrs(osd, 6801), addrs(osd, 6802), addrs(osd, 6803));
                inc.putWeight(osd, Osd.IN);
            }
        });
        mon.reactor.settle();
        report();
        for (int osd = 0; osd < OSDS; osd++) {
            FakeConnection connection = new FakeConnection(
                    new EntityName(EntityType.OSD, Integer.toString(osd)), "allow profile osd", addrs(osd, 6800));
            osds.add(connection);
            mon.monitor.dispatch(
                    connection,
                    new MonSubscribe(
                            new TreeMap<>(Map.of("osdmap", new MonSubscribe.Item(map().epoch() + 1, false))), ""));
        }
        mon.reactor.settle();
        System.out.printf(
                "%d OSDs up, %d groups, full map of %d bytes%n",
                map().numUpOsds(),
                mon.daemon.services().pgMap().pgs().size(),
                map().encoded().size());
    }

    /** Every group is reported active and clean by its primary. */
    private void report() {
        OsdMap map = map();
        Map<Integer, TreeMap<PgId, PgStats>> byPrimary = new TreeMap<>();
        for (long pool = 1; pool <= POOLS; pool++) {
            var mapping = map.poolToUpActing(pool);
            for (int seed = 0; seed < GROUPS; seed++) {
                var at = mapping.get(seed);
                PgStats.Mapping members =
                        new PgStats.Mapping(at.up(), at.upPrimary(), at.acting(), at.actingPrimary(), map.epoch());
                byPrimary
                        .computeIfAbsent(at.actingPrimary(), o -> new TreeMap<>())
                        .put(new PgId(pool, seed), clean(members, map.epoch()));
            }
        }
        byPrimary.forEach((osd, stats) -> mon.manager.dispatch(
                new FakeConnection(
                        new EntityName(EntityType.OSD, Integer.toString(osd)), "allow profile osd", addrs(osd, 6800)),
                new PgStatsReport(0, TestMonitor.FSID, OsdStat.ZERO, stats, map.epoch(), Map.of())));
        mon.pass(Duration.ofSeconds(10));
    }

    private static PgStats clean(PgStats.Mapping members, int epoch) {
        return PgStats.EMPTY.toBuilder()
                .reportedSequence(1)
                .reportedEpoch(epoch)
                .state(PgState.ACTIVE | PgState.CLEAN)
                .created(epoch)
                .lastEpochClean(epoch)
                .mapping(members)
                .build();
    }

    private void fail(int osd) {
        int reporter = (osd + 1) % OSDS;
        mon.monitor.dispatch(
                osds.get(reporter),
                new OsdFailure(
                        1,
                        TestMonitor.FSID,
                        osd,
                        map().osd(osd).client(),
                        map().epoch(),
                        OsdFailure.FLAG_FAILED | OsdFailure.FLAG_IMMEDIATE,
                        21));
        mon.reactor.settle();
    }

    private void boot(int osd) {
        OsdSuperblock superblock = new OsdSuperblock(
                TestMonitor.FSID,
                osd,
                map().epoch(),
                1,
                map().epoch(),
                0,
                new CompatSet(Map.of(), Map.of(), Map.of()),
                0,
                0,
                uuid(osd),
                0,
                Instant.EPOCH,
                0);
        mon.monitor.dispatch(
                osds.get(osd),
                new OsdBoot(
                        map().epoch(),
                        superblock,
                        addrs(osd, 6802),
                        addrs(osd, 6801),
                        0,
                        addrs(osd, 6803),
                        Map.of("hostname", "host" + osd / PER_HOST),
                        Features.PACIFIC));
        mon.reactor.settle();
    }

    /** Encodes what was sent, as a messenger does; gives how many bytes that were. */
    private long drain() {
        long bytes = 0;
        for (FakeConnection osd : osds) {
            for (Message message : osd.sent) {
                if (message instanceof OsdMapMessage m && !m.fulls().isEmpty()) {
                    throw new AssertionError("a full map was sent to " + osd.peerId());
                }
                bytes += message.type().encode(message).front().size();
            }
            osd.sent.clear();
        }
        return bytes;
    }

    private void changes(int count) {
        for (int i = 0; i < count; i++) {
            int osd = i / 2 * 37 % OSDS;
            if (i % 2 == 0) {
                fail(osd);
            } else {
                boot(osd);
            }
            drain();
        }
    }

    private void ticks(int count) {
        long cpu = threads.getCurrentThreadCpuTime();
        mon.pass(Duration.ofSeconds(5L * count));
        System.out.printf(
                "a tick of 5 s (health, down and out, quotas): %.2f ms of CPU%n",
                (threads.getCurrentThreadCpuTime() - cpu) / 1e6 / count);
        drain();
    }

    private void measure(int count) {
        long[] nanos = new long[count];
        int epoch = map().epoch();
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            int osd = i / 2 * 53 % OSDS;
            long before = threads.getCurrentThreadCpuTime();
            if (i % 2 == 0) {
                fail(osd);
            } else {
                boot(osd);
            }
            bytes += drain();
            nanos[i] = threads.getCurrentThreadCpuTime() - before;
        }
        if (map().epoch() != epoch + count) {
            throw new AssertionError(map().epoch() - epoch + " epochs for " + count + " changes");
        }
        java.util.Arrays.sort(nanos);
        System.out.printf(
                "%d changes, each one epoch sent to %d OSDs as increments of %d bytes: CPU median %.2f ms, 99th of"
                        + " 100 %.2f ms, worst %.2f ms%n",
                count,
                OSDS,
                bytes / count / OSDS,
                nanos[count / 2] / 1e6,
                nanos[count * 99 / 100] / 1e6,
                nanos[count - 1] / 1e6);
    }
}
