package io.spirula.librados;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spirula.common.auth.AuthException;
import io.spirula.common.auth.AuthSettings;
import io.spirula.common.auth.ClientAuth;
import io.spirula.common.auth.Keyring;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.maps.MonInfo;
import io.spirula.common.maps.MonMap;
import io.spirula.common.message.ConfigMessage;
import io.spirula.common.message.Message;
import io.spirula.common.message.MonCommand;
import io.spirula.common.message.MonCommandAck;
import io.spirula.common.message.MonGetVersion;
import io.spirula.common.message.MonGetVersionReply;
import io.spirula.common.message.MonMapMessage;
import io.spirula.common.message.MonSubscribe;
import io.spirula.common.message.Statfs;
import io.spirula.common.message.StatfsReply;
import io.spirula.common.monclient.CommandOutcome;
import io.spirula.common.monclient.MapVersions;
import io.spirula.common.monclient.MonAuth;
import io.spirula.common.monclient.MonClient;
import io.spirula.common.monclient.MonClientException;
import io.spirula.common.monclient.MonClientListener;
import io.spirula.common.monclient.MonClientSettings;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.Uuid;
import io.spirula.librados.fake.FakeConnection;
import io.spirula.librados.fake.FakeMessenger;
import io.spirula.librados.fake.FakeReactor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The monitor client against monitors that do as the test says. */
class MonClientTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final List<EntityAddrs> MONITORS = List.of(monitor(1), monitor(2), monitor(3));

    private final FakeReactor reactor = new FakeReactor();
    private final FakeMessenger messenger = new FakeMessenger(reactor);
    private final List<String> events = new ArrayList<>();
    private final MonAuth auth = auth(AuthSettings.none(EntityType.CLIENT));
    private final MonClient client = client(auth);

    private static EntityAddrs monitor(int number) {
        return EntityAddrs.of(EntityAddr.msgr2("10.0.1." + number, 3300, 0));
    }

    private MonAuth auth(AuthSettings settings) {
        return new MonAuth(new ClientAuth(
                settings,
                EntityName.client("admin"),
                Keyring.EMPTY,
                ClientAuth.CLIENT_SERVICES,
                new SplittableRandom(1),
                reactor.clock()));
    }

    private MonClient client(MonAuth by) {
        return new MonClient(
                MonClientSettings.DEFAULTS,
                MONITORS,
                reactor,
                new SplittableRandom(2),
                messenger,
                by,
                new MonClientListener() {
                    @Override
                    public void sessionOpened(long globalId) {
                        events.add("opened");
                    }

                    @Override
                    public void sessionLost(String reason) {
                        events.add("lost");
                    }

                    @Override
                    public void configured(Map<String, String> options) {
                        events.add("configured " + options);
                    }
                });
    }

    /** The first of the monitors that are being tried answers. */
    private FakeConnection open() {
        FakeConnection first = messenger.open().get(0);
        client.connected(first);
        return first;
    }

    private static Map<String, MonSubscribe.Item> subscribed(FakeConnection monitor) {
        return monitor.last(MonSubscribe.class).what();
    }

    @Test
    void theFirstMonitorThatAnswersIsKeptAndTheOthersAreLeft() {
        client.start();
        assertThat(messenger.open()).hasSize(3);
        CompletableFuture<Void> authenticated = client.authenticated(TIMEOUT);
        FakeConnection monitor = open();
        assertThat(messenger.open()).containsExactly(monitor);
        assertThat(authenticated).isCompleted();
        assertThat(events).containsExactly("opened");
    }

    @Test
    void subscriptionsMadeInOneTurnGoOutInOneMessage() {
        client.start();
        FakeConnection monitor = open();
        client.subscribe("osdmap", 7);
        client.subscribeOnce("mgrmap", 0);
        reactor.settle();
        assertThat(monitor.sent(MonSubscribe.class)).hasSize(2);
        assertThat(subscribed(monitor))
                .containsOnlyKeys("mgrmap", "osdmap")
                .containsEntry("osdmap", new MonSubscribe.Item(7, false));
    }

    @Test
    void aNewSessionIsToldWhatIsStillWanted() {
        client.subscribe("osdmap", 7);
        client.subscribeOnce("mgrmap", 0);
        client.start();
        FakeConnection first = open();
        client.got("osdmap", 9);
        client.got("mgrmap", 3);
        client.reset(first);
        FakeConnection second = open();
        assertThat(second).isNotSameAs(first);
        assertThat(subscribed(second))
                .containsOnlyKeys("config", "monmap", "osdmap")
                .containsEntry("osdmap", new MonSubscribe.Item(10, false));
        assertThat(events).containsExactly("opened", "lost", "opened");
    }

    private static MonMapMessage map(String fsid, int epoch) {
        List<MonInfo> monitors = List.of(
                MonInfo.of("a", MONITORS.get(0)), MonInfo.of("b", MONITORS.get(1)), MonInfo.of("c", MONITORS.get(2)));
        return new MonMapMessage(
                MonMap.of(Uuid.parse(fsid), epoch, Instant.EPOCH, monitors).encoded());
    }

    @Test
    void aMonitorOfAnotherClusterIsLeft() {
        String ours = "00000000-1111-2222-3333-444444444444";
        client.start();
        FakeConnection first = open();
        client.dispatch(first, map(ours, 3));
        client.dispatch(first, map("99999999-1111-2222-3333-444444444444", 7));
        assertThat(events).containsExactly("opened", "lost");
        assertThat(client.fsid()).hasToString(ours);
        open();
        assertThat(events).containsExactly("opened", "lost", "opened");
    }

    @Test
    void aWeakerWishDoesNotReplaceAStrongerOne() {
        assertThat(client.subscribe("osdmap", 5)).isTrue();
        assertThat(client.subscribe("osdmap", 5)).isFalse();
        assertThat(client.subscribeOnce("osdmap", 5)).isFalse();
    }

    @Test
    void aCommandIsAskedAgainWhenItsMonitorIsLost() {
        CompletableFuture<CommandOutcome> outcome = client.command(List.of("{}"), Bytes.EMPTY, TIMEOUT);
        client.start();
        FakeConnection first = open();
        assertThat(first.sent(MonCommand.class)).hasSize(1);
        client.reset(first);
        FakeConnection second = open();
        long tid = second.last(MonCommand.class).tid();
        Message ack = new MonCommandAck(tid, 0, -22, "no", List.of("{}"), Bytes.of("out"));
        client.dispatch(first, ack);
        assertThat(outcome).isNotDone();
        assertThat(client.dispatch(second, ack)).isTrue();
        assertThat(outcome).isCompletedWithValue(new CommandOutcome(-22, "no", Bytes.of("out")));
    }

    @Test
    void aCommandWithoutAnswerFailsAtItsDeadline() {
        client.start();
        open();
        CompletableFuture<CommandOutcome> outcome = client.command(List.of("{\"prefix\":\"x\"}"), Bytes.EMPTY, TIMEOUT);
        reactor.advance(TIMEOUT);
        assertThatThrownBy(outcome::join)
                .hasCauseInstanceOf(MonClientException.class)
                .hasMessageContaining("within 20 s")
                .hasMessageContaining("{\"prefix\":\"x\"}");
    }

    @Test
    void versionsAndOtherQuestionsFindTheirAnswers() {
        client.start();
        FakeConnection monitor = open();
        CompletableFuture<MapVersions> versions = client.versions("osdmap", TIMEOUT);
        CompletableFuture<Message> statfs =
                client.request(tid -> new Statfs(tid, 0, Uuid.ZERO, OptionalLong.empty()), "usage", TIMEOUT);
        client.dispatch(
                monitor,
                new MonGetVersionReply(monitor.last(MonGetVersion.class).handle(), 12, 3));
        Message reply = new StatfsReply(monitor.last(Statfs.class).tid(), Uuid.ZERO, 0, 1, 2, 3, 4);
        client.dispatch(monitor, reply);
        assertThat(versions).isCompletedWithValue(new MapVersions(12, 3));
        assertThat(statfs).isCompletedWithValue(reply);
    }

    @Test
    void messagesWaitForASession() {
        Statfs message = new Statfs(1, 0, Uuid.ZERO, OptionalLong.empty());
        client.send(message);
        client.start();
        assertThat(open().sent(Statfs.class)).containsExactly(message);
    }

    @Test
    void aMonitorThatIsSilentForTooLongIsLeft() {
        client.start();
        FakeConnection monitor = open();
        reactor.advance(Duration.ofSeconds(25));
        assertThat(monitor.keepalives).isEqualTo(2);
        monitor.lastAck = reactor.clock().nanoTime();
        reactor.advance(Duration.ofSeconds(25));
        assertThat(client.hasSession()).isTrue();
        reactor.advance(Duration.ofSeconds(20));
        assertThat(client.hasSession()).isFalse();
        assertThat(monitor.isClosed()).isTrue();
        assertThat(messenger.open()).hasSize(3);
    }

    @Test
    void monitorsThatDoNotAnswerAreTriedAgain() {
        client.start();
        reactor.advance(Duration.ofSeconds(4));
        assertThat(messenger.connections).hasSize(6);
        assertThat(messenger.open()).hasSize(3);
    }

    @Test
    void whereNobodyListensTheNextRoundComesSoon() {
        client.start();
        messenger.open().forEach(client::refused);
        assertThat(messenger.open()).isEmpty();
        reactor.advance(Duration.ofMillis(100));
        assertThat(messenger.open()).hasSize(3);
        CompletableFuture<Void> authenticated = client.authenticated(Duration.ofSeconds(2));
        messenger.open().forEach(client::refused);
        reactor.advance(Duration.ofSeconds(2));
        assertThatThrownBy(authenticated::join).hasMessageContaining("nobody listens at");
    }

    @Test
    void aKeyThatEveryMonitorRefusesFailsAtOnce() {
        MonAuth keyless = auth(AuthSettings.of(EntityType.CLIENT, "cephx", "cephx", "cephx"));
        MonClient refused = client(keyless);
        refused.start();
        CompletableFuture<Void> authenticated = refused.authenticated(TIMEOUT);
        for (FakeConnection connection : messenger.open()) {
            assertThatThrownBy(() -> keyless.begin(EntityType.MON)).isInstanceOf(AuthException.class);
            refused.reset(connection);
        }
        assertThatThrownBy(authenticated::join).hasMessageContaining("no key for client.admin in the keyring");
    }

    @Test
    void theCentralConfigurationReachesTheOwner() {
        client.start();
        FakeConnection monitor = open();
        assertThat(client.dispatch(monitor, new ConfigMessage(Map.of("a", "b"))))
                .isTrue();
        assertThat(events).containsExactly("opened", "configured {a=b}");
    }

    @Test
    void whatIsNotItsOwnIsTheOwners() {
        client.start();
        FakeConnection monitor = open();
        assertThat(client.dispatch(monitor, new io.spirula.common.message.MgrMapMessage(Bytes.EMPTY)))
                .isFalse();
    }

    @Test
    void shutdownEndsEveryWait() {
        client.start();
        FakeConnection monitor = open();
        CompletableFuture<CommandOutcome> outcome = client.command(List.of("{}"), Bytes.EMPTY, TIMEOUT);
        client.shutdown();
        assertThatThrownBy(outcome::join).hasMessageContaining("closed");
        assertThat(monitor.isClosed()).isTrue();
        reactor.advance(Duration.ofMinutes(5));
        assertThat(messenger.open()).isEmpty();
    }
}
