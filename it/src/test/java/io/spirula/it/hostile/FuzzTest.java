package io.spirula.it.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spirula.common.auth.CryptoKey;
import io.spirula.common.auth.Keyring;
import io.spirula.common.config.MonHosts;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.maps.Osd;
import io.spirula.common.message.MessageRegistry;
import io.spirula.common.message.Payload;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import io.spirula.it.cluster.InProcessCluster;
import io.spirula.librados.IoCtx;
import io.spirula.librados.Rados;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Whatever arrives at a port of the monitor, the manager or an OSD: that connection closes with one reason in the log, memory stays bounded, and a client that behaves goes on. Run again with {@code -Dspirula.seed=N}, which each run
 * prints.
 */
class FuzzTest {
    private static final int ROUNDS = 6;
    private static final int PATIENCE_MILLIS = 30_000;
    private static final long MAX_GROWTH_BYTES = 64 << 20;

    private static InProcessCluster cluster;
    private static Rados rados;
    private static IoCtx io;
    private static final Map<String, Port> PORTS = new LinkedHashMap<>();

    /** Somewhere to attack. */
    private record Port(EntityType type, EntityAddrs addrs) {
        InetSocketAddress socket() {
            return java.util.Objects.requireNonNull(addrs.msgr2()).toSocketAddress();
        }
    }

    private final long seed = Long.getLong("spirula.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Queue<String> log = new ConcurrentLinkedQueue<>();
    private AppenderBase<ILoggingEvent> appender;

    @BeforeAll
    static void start() throws IOException {
        cluster = InProcessCluster.builder().osds(2).start();
        rados = cluster.connect();
        rados.createPool("quiet");
        rados.createPool("scratch");
        io = rados.ioCtx("quiet");
        EntityAddrs mon = MonHosts.parse(cluster.monHost()).getFirst();
        PORTS.put("the monitor", new Port(EntityType.MON, mon));
        JsonNode mgr = new ObjectMapper()
                .readTree(rados.monCommand("{\"prefix\": \"mgr dump\", \"format\": \"json\"}")
                        .orThrow()
                        .output()
                        .utf8())
                .path("active_addrs")
                .path("addrvec")
                .path(0);
        String at = mgr.path("addr").asText();
        EntityAddr manager = EntityAddr.msgr2(
                at.substring(0, at.lastIndexOf(':')),
                Integer.parseInt(at.substring(at.lastIndexOf(':') + 1)),
                mgr.path("nonce").asInt());
        PORTS.put("the manager", new Port(EntityType.MGR, EntityAddrs.of(manager)));
        Osd osd = rados.osdMap().osd(0);
        PORTS.put("an OSD for clients", new Port(EntityType.OSD, osd.client()));
        PORTS.put("an OSD for OSDs", new Port(EntityType.OSD, osd.cluster()));
        PORTS.put("an OSD's front heartbeats", new Port(EntityType.OSD, osd.heartbeatFront()));
        PORTS.put("an OSD's back heartbeats", new Port(EntityType.OSD, osd.heartbeatBack()));
    }

    @AfterAll
    static void stop() {
        rados.close();
        cluster.close();
    }

    @BeforeEach
    void listen() {
        System.out.println("fuzzing with -Dspirula.seed=" + seed);
        appender = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                log.add(event.getLevel() + " " + event.getFormattedMessage());
            }
        };
        appender.start();
        everybody().setLevel(Level.INFO);
        everybody().addAppender(appender);
        everybody().setAdditive(false);
    }

    @AfterEach
    void theRestGoesOn() {
        everybody().detachAppender(appender);
        everybody().setLevel(null);
        everybody().setAdditive(true);
        byte[] contents = Long.toString(seed).getBytes(UTF_8);
        io.writeFull("object", contents);
        assertThat(io.read("object")).isEqualTo(contents);
        for (int osd = 0; osd < cluster.osds(); osd++) {
            assertThat(rados.latestOsdMap().isUp(osd)).as("osd." + osd).isTrue();
        }
    }

    private static Logger everybody() {
        return (Logger) org.slf4j.LoggerFactory.getLogger("io.spirula");
    }

    @Test
    void strangersAreTurnedAway() throws Exception {
        long before = usedBytes();
        List<Future<Void>> attacks = new ArrayList<>();
        try (ExecutorService attackers = Executors.newFixedThreadPool(64)) {
            PORTS.forEach((name, port) -> {
                for (int round = 0; round < ROUNDS; round++) {
                    for (RawAttack attack : RawAttack.values()) {
                        Random own = new Random(random.nextLong());
                        int number = attacks.size();
                        String from = "127.9." + number / 200 + "." + (1 + number % 200);
                        attacks.add(attackers.submit(() -> {
                            attack.launch(InetAddress.getByName(from), port.socket(), own, PATIENCE_MILLIS);
                            assertLoggedOnce(attack + " at " + name, from);
                            return null;
                        }));
                    }
                }
            });
            while (attacks.stream().anyMatch(a -> !a.isDone())) {
                byte[] contents = new byte[1000];
                random.nextBytes(contents);
                io.writeFull("meanwhile", contents);
                assertThat(io.read("meanwhile")).isEqualTo(contents);
            }
        }
        outcome(attacks);
        assertThat(usedBytes() - before).as("growth of the heap").isLessThan(MAX_GROWTH_BYTES);
    }

    private void assertLoggedOnce(String what, String address) {
        List<String> about = List.of();
        for (int i = 0; i < 1_000 && about.isEmpty(); i++) { // the line follows the close
            LockSupport.parkNanos(10_000_000);
            about = log.stream().filter(l -> l.contains(":" + address + ":")).toList();
        }
        assertThat(about).as(what).hasSize(1);
    }

    private static void outcome(List<Future<Void>> attacks) throws InterruptedException {
        for (Future<Void> attack : attacks) {
            try {
                attack.get();
            } catch (ExecutionException e) {
                throw new AssertionError(String.valueOf(e.getMessage()), e);
            }
        }
    }

    @Test
    void whoClaimsMuchGetsLittleMemory() throws Exception {
        long before = usedBytes();
        List<java.net.Socket> sockets = new ArrayList<>();
        InetSocketAddress target =
                new Port(EntityType.OSD, rados.osdMap().osd(0).client()).socket();
        try {
            for (int i = 0; i < 200; i++) {
                java.net.Socket socket = new java.net.Socket();
                socket.connect(target);
                socket.getOutputStream().write(RawAttack.SLOW.bytes(random));
                sockets.add(socket);
            }
            assertThat(usedBytes() - before).as("growth of the heap").isLessThan(MAX_GROWTH_BYTES);
        } finally {
            for (java.net.Socket socket : sockets) {
                socket.close();
            }
        }
        for (int i = 0; i < 500 && reasons().size() < sockets.size(); i++) {
            LockSupport.parkNanos(10_000_000);
        }
        assertThat(reasons()).hasSize(sockets.size());
    }

    @Test
    void whoHasAKeyMayNotDamageAnything() {
        long before = usedBytes();
        try (Turncoat turncoat = turncoat()) {
            turncoat.logIn();
            log.clear();
            int closed = 0;
            for (Port port : PORTS.values()) {
                for (int round = 0; round < 5 * ROUNDS; round++) {
                    closed += turncoat.send(port.type(), port.addrs(), nonsense(), false) ? 1 : 0;
                    assertThat(reasons().size())
                            .as(
                                    "reasons in the log, %s",
                                    reasons().isEmpty() ? "" : reasons().getLast())
                            .isEqualTo(closed);
                }
            }
            assertThat(closed).isPositive();
        }
        assertThat(usedBytes() - before).as("growth of the heap").isLessThan(MAX_GROWTH_BYTES);
    }

    @Test
    void damageOnItsWayEndsTheConnection() {
        try (Turncoat turncoat = turncoat()) {
            turncoat.logIn();
            log.clear();
            for (Port port : PORTS.values()) {
                for (int round = 0; round < ROUNDS; round++) {
                    log.clear();
                    turncoat.send(port.type(), port.addrs(), nonsense(), true);
                    assertThat(reasons().size()).as(log.toString()).isLessThanOrEqualTo(1);
                }
            }
        }
    }

    private List<String> reasons() {
        return log.stream().filter(l -> l.startsWith("WARN")).toList();
    }

    /** A message of a known type or not, with contents of its own or none that make sense. */
    private Payload nonsense() {
        int type = random.nextInt(4) == 0
                ? random.nextInt(1 << 16)
                : MessageRegistry.all()
                        .get(random.nextInt(MessageRegistry.all().size()))
                        .code();
        byte[] front = new byte[random.nextInt(400)];
        byte[] data = new byte[random.nextInt(3) == 0 ? random.nextInt(5_000) : 0];
        random.nextBytes(front);
        random.nextBytes(data);
        if (random.nextBoolean()) { // small numbers go further than large ones
            for (int i = 0; i < front.length; i++) {
                front[i] = (byte) (random.nextInt(3) == 0 ? random.nextInt(3) : 0);
            }
        }
        return new Payload(type, 1 + random.nextInt(9), 1, 127, 0, 0, Bytes.wrap(front), Bytes.EMPTY, Bytes.wrap(data));
    }

    private Turncoat turncoat() {
        EntityName name = EntityName.client("turncoat");
        String key = rados.monCommand(
                        "{\"prefix\": \"auth get-or-create-key\", \"entity\": \"" + name
                                + "\", \"caps\": [\"mon\", \"allow r\", \"osd\", \"allow rwx pool=scratch\", \"mgr\", \"allow r\"]}")
                .orThrow()
                .output()
                .utf8()
                .strip();
        return new Turncoat(name, Keyring.of(name, CryptoKey.parse(key)), MonHosts.parse(cluster.monHost()), random);
    }

    private static long usedBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
