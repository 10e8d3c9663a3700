package io.spirula.common.msgr;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.auth.AuthSettings;
import io.spirula.common.auth.ConnectionMode;
import io.spirula.common.auth.CryptoKey;
import io.spirula.common.auth.EntityAuth;
import io.spirula.common.auth.KeyServer;
import io.spirula.common.types.EntityType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two peers with a lossless session over links that break: everything arrives, once, in order. */
class LosslessSessionTest {
    private static final MessengerOptions PEER = MessengerOptions.of(Policy.LOSSLESS_PEER_REUSE);

    /** Two parties, and what they talk over. */
    private static final class World {
        final VirtualReactor reactor = new VirtualReactor();
        final RandomGenerator random;
        final VirtualNetwork network;
        final Party a;
        final Party b;

        World(long seed, AuthSettings settings) {
            random = new Random(seed);
            network = new VirtualNetwork(reactor, random);
            CryptoKey monKey = CryptoKey.generate(random, reactor.clock().now());
            KeyServer keys =
                    new KeyServer(name -> new EntityAuth(monKey, Map.of("mon", "allow *")), random, reactor.clock());
            a = new Party(0, reactor, network, settings, keys, PEER, random);
            b = new Party(1, reactor, network, settings, keys, PEER, random);
        }

        void run(long millis) {
            reactor.run(Duration.ofMillis(millis));
        }

        void assertEverythingArrived(long seed) {
            assertThat(b.received).as("what a sent, seed %d", seed).isEqualTo(upTo(a.sent()));
            assertThat(a.received).as("what b sent, seed %d", seed).isEqualTo(upTo(b.sent()));
            assertThat(a.events).as("seed %d", seed).doesNotContain("reset", "remoteReset");
            assertThat(b.events).as("seed %d", seed).doesNotContain("reset", "remoteReset");
        }

        private static List<Long> upTo(long count) {
            return LongStream.range(0, count).boxed().toList();
        }
    }

    private static AuthSettings none() {
        return AuthSettings.none(EntityType.MON);
    }

    private static AuthSettings cephx(ConnectionMode mode) {
        return AuthSettings.of(EntityType.MON, "cephx", "cephx", "cephx")
                .withMonModes(List.of(mode), List.of(mode), List.of(mode));
    }

    private static void talk(World world, long seed) {
        for (int round = 0; round < 30; round++) {
            int burst = world.random.nextInt(4);
            for (int i = 0; i < burst; i++) {
                world.a.sendNext(world.a.to(world.b), world.random.nextInt(20_000));
            }
            burst = world.random.nextInt(4);
            for (int i = 0; i < burst; i++) {
                world.b.sendNext(world.b.to(world.a), world.random.nextInt(3_000));
            }
            world.run(world.random.nextInt(50));
        }
        world.network.breakChance = 0;
        world.network.damageChance = 0;
        world.run(120_000);
        world.assertEverythingArrived(seed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "crc", "secure"})
    void nothingIsLostOrDoubledOverLinksThatBreakAtRandom(String kind) {
        AuthSettings settings = kind.equals("none")
                ? none()
                : cephx(ConnectionMode.parseList(kind).get(0));
        for (long seed = 0; seed < 60; seed++) {
            World world = new World(seed, settings);
            world.network.breakChance = 0.002 * (1 + seed % 20);
            talk(world, seed);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"crc", "secure"})
    void damagedBytesAreNoticedAndSentAgain(String mode) {
        for (long seed = 0; seed < 40; seed++) {
            World world = new World(seed, cephx(ConnectionMode.parseList(mode).get(0)));
            world.network.damageChance = 0.01;
            talk(world, seed);
        }
    }

    @Test
    void aBreakAtAnyDeliveryLosesNothing() {
        World calm = new World(1, cephx(ConnectionMode.SECURE));
        talk(calm, 1);
        assertThat(calm.network.deliveries).isGreaterThan(100);
        for (long at = 0; at < calm.network.deliveries; at += 2) {
            World world = new World(1, cephx(ConnectionMode.SECURE));
            world.network.breakAtDelivery = at;
            talk(world, at);
            assertThat(world.network.broken).isEqualTo(1);
        }
    }

    @Test
    void bothSidesThatConnectAtOnceEndUpWithOneSession() {
        for (long seed = 0; seed < 40; seed++) {
            World world = new World(seed, none());
            world.a.sendNext(world.a.to(world.b), 10);
            world.b.sendNext(world.b.to(world.a), 10);
            world.run(60_000);
            world.assertEverythingArrived(seed);
            assertThat(world.a.to(world.b).isConnected()).isTrue();
            assertThat(world.b.to(world.a).isConnected()).isTrue();
        }
    }

    @Test
    void aPeerThatRestartsIsNoticed() {
        World world = new World(7, none());
        world.a.sendNext(world.a.to(world.b), 10);
        world.run(1_000);
        world.b.to(world.a).close();
        world.run(1_000);
        world.a.sendNext(world.a.to(world.b), 10);
        world.run(60_000);
        assertThat(world.a.events).contains("remoteReset");
    }

    @Test
    void whatIsSentAfterThePeerForgotTheSessionArrivesInTheNewOne() {
        World world = new World(8, none());
        world.a.sendNext(world.a.to(world.b), 10);
        world.b.sendNext(world.b.to(world.a), 10);
        world.run(1_000);
        world.b.to(world.a).close();
        world.run(60_000); // so the first to speak again has noticed
        world.a.sendNext(world.a.to(world.b), 10);
        world.a.sendNext(world.a.to(world.b), 10);
        world.run(60_000);
        assertThat(world.a.events).contains("remoteReset");
        assertThat(world.b.received).containsExactly(0L, 1L, 2L);
    }

    @Test
    void whoHasShutDownReachesNobodyAnyMore() {
        World world = new World(9, none());
        world.a.messenger.shutdown();
        Connection late = world.a.to(world.b);
        world.a.sendNext(late, 10);
        world.run(60_000);
        assertThat(late.isClosed()).isTrue();
        assertThat(world.b.events).isEmpty();
        assertThat(world.b.received).isEmpty();
    }
}
