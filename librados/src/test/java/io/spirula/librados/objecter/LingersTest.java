package io.spirula.librados.objecter;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.OsdMapFlag;
import io.spirula.common.maps.OsdMapIncremental;
import io.spirula.common.maps.PoolFlag;
import io.spirula.common.message.ObjectOp;
import io.spirula.common.message.ObjectOpArgs;
import io.spirula.common.message.ObjectOpResult;
import io.spirula.common.message.OsdOp;
import io.spirula.common.message.OsdOpCode;
import io.spirula.common.message.OsdOpReply;
import io.spirula.common.message.WatchNotify;
import io.spirula.common.pg.NotifyReplies;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.Errno;
import io.spirula.librados.fake.FakeConnection;
import io.spirula.librados.fake.FakeMessenger;
import io.spirula.librados.fake.FakeReactor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Watches and notifications against OSDs that do as the test says. */
class LingersTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration PING = Duration.ofSeconds(5);
    private static final OperationTarget.OfObject OBJECT =
            new OperationTarget.OfObject(1, Bytes.EMPTY, Bytes.EMPTY, Bytes.of("a"));

    private final FakeReactor reactor = new FakeReactor();
    private final FakeMessenger messenger = new FakeMessenger(reactor);
    private final List<Integer> mapRequests = new ArrayList<>();
    private final Objecter objecter = new Objecter(reactor, messenger, new Monitors(), 0x77);
    private final List<String> heard = new ArrayList<>();
    private OsdMap map = TestMaps.withPrimary(10, 0);

    private final class Monitors implements MapSource {
        @Override
        public void request(int epoch, boolean lasting) {
            mapRequests.add(epoch);
        }

        @Override
        public void got(int epoch) {}

        @Override
        public void newestEpoch(LongConsumer answer) {
            answer.accept(map.epoch());
        }
    }

    private final class Hears implements ObjectWatch.Listener, ObjectNotify.Listener {
        @Override
        public void registered() {
            heard.add("registered");
        }

        @Override
        public void failed(int errno, String reason) {
            heard.add("failed " + Errno.nameOf(errno));
        }

        @Override
        public void notified(WatchNotify notification) {
            heard.add("notified " + notification.notifyId() + " " + notification.payload());
        }

        @Override
        public void lost(int errno, String reason) {
            heard.add("lost " + Errno.nameOf(errno));
        }

        @Override
        public void completed(NotifyReplies replies) {
            heard.add("completed " + replies.replies().size() + " "
                    + replies.missed().size());
        }
    }

    @BeforeEach
    void theFirstMapArrives() {
        objecter.start();
        objecter.dispatch(monitor(), TestMaps.full(map));
        mapRequests.clear();
    }

    private FakeConnection monitor() {
        return (FakeConnection) messenger.connect(EntityType.MON, EntityAddrs.NONE);
    }

    private FakeConnection osd(int number) {
        return messenger.openTo(TestMaps.addrs(number)).getLast();
    }

    private void deliver(OsdMapIncremental.Builder change) {
        OsdMapIncremental increment = change.build().sealed(map);
        map = map.apply(increment);
        objecter.dispatch(monitor(), TestMaps.incremental(increment, map));
    }

    private ObjectWatch watch(int seconds) {
        return objecter.lingers().watch(OBJECT, seconds, TIMEOUT, new Hears());
    }

    private ObjectWatch watching() {
        ObjectWatch watch = watch(0);
        answer(osd(0), 0);
        assertThat(heard).containsExactly("registered");
        heard.clear();
        return watch;
    }

    private void askWatchers() {
        objecter.lingers()
                .notify(OBJECT, new ObjectNotify.Question(Bytes.of("hello"), 7, Duration.ofSeconds(67)), new Hears());
    }

    private void answer(FakeConnection osd, int result) {
        answer(osd, result, Bytes.EMPTY);
    }

    private void answer(FakeConnection osd, int result, Bytes output) {
        OsdOp op = osd.last(OsdOp.class);
        ObjectOp step = op.ops().get(0);
        objecter.dispatch(osd, Replies.to(op, result, List.of(ObjectOpResult.of(step, result, output)), null));
    }

    private void say(FakeConnection osd, WatchNotify.Op what, long cookie, long id, int result, NotifyReplies replies) {
        objecter.dispatch(
                osd,
                new WatchNotify(
                        cookie, 1, id, what, Bytes.of("text"), result, 4711, NotifyReplies.CODEC.toBytes(replies)));
    }

    private static ObjectOpArgs.@Nullable Watch args(OsdOp op) {
        return op.ops().get(0).args() instanceof ObjectOpArgs.Watch w ? w : null;
    }

    private List<String> asked(int osd) {
        return osd(osd).sent(OsdOp.class).stream().map(LingersTest::describe).toList();
    }

    private static String describe(OsdOp op) {
        ObjectOpArgs.Watch w = args(op);
        if (w == null) {
            return String.valueOf(op.ops().get(0).op());
        }
        return switch (w.op()) {
            case ObjectOpArgs.Watch.WATCH -> "watch " + w.cookie() + " for " + w.timeoutSeconds();
            case ObjectOpArgs.Watch.RECONNECT -> "reconnect " + w.cookie() + " gen " + w.generation();
            case ObjectOpArgs.Watch.PING -> "ping " + w.cookie() + " gen " + w.generation();
            default -> "unwatch " + w.cookie();
        };
    }

    @Test
    void aWatchIsRegisteredOnceAndPingsAtIntervals() {
        watch(30);
        assertThat(asked(0)).containsExactly("watch 1 for 30");
        assertThat(osd(0).last(OsdOp.class).hasFlag(OsdOp.FLAG_WRITE)).isTrue();
        reactor.advance(PING);
        assertThat(asked(0)).as("not before it is registered").hasSize(1);
        answer(osd(0), 0);
        assertThat(heard).containsExactly("registered");
        reactor.advance(PING);
        answer(osd(0), 0);
        reactor.advance(PING);
        assertThat(asked(0)).containsExactly("watch 1 for 30", "ping 1 gen 0", "ping 1 gen 0");
    }

    @Test
    void aShortLifeIsPingedForInTime() {
        watch(3);
        answer(osd(0), 0);
        reactor.advance(Duration.ofSeconds(1));
        assertThat(asked(0)).containsExactly("watch 1 for 3", "ping 1 gen 0");
    }

    @Test
    void aRefusedRegistrationFails() {
        watch(0);
        answer(osd(0), -Errno.ENOENT);
        assertThat(heard).containsExactly("failed ENOENT");
        reactor.advance(PING.multipliedBy(3));
        assertThat(asked(0)).hasSize(1);
    }

    @Test
    void aRegistrationWithoutAnswerFailsAtItsDeadline() {
        watch(0);
        reactor.advance(TIMEOUT.plusSeconds(1));
        assertThat(heard).containsExactly("failed ETIMEDOUT");
    }

    @Test
    void aRegistrationThatWasNotAnsweredBeginsAnewAtTheNextPrimaryWithANewTransaction() {
        watch(0);
        deliver(TestMaps.primaryMoves(map, 1));
        assertThat(asked(1)).containsExactly("watch 1 for 0");
        OsdOp again = osd(1).last(OsdOp.class);
        assertThat(again.tid()).isEqualTo(2);
        assertThat(again.retryAttempt()).isZero();
        answer(osd(0), 0);
        assertThat(heard).as("the first attempt has been given up").isEmpty();
        answer(osd(1), 0);
        assertThat(heard).containsExactly("registered");
        assertThat(objecter.inFlight()).isZero();
    }

    @Test
    void aWatchIsConnectedAgainToTheNextPrimaryWithAHigherGeneration() {
        watching();
        deliver(TestMaps.primaryMoves(map, 1));
        assertThat(asked(1)).containsExactly("reconnect 1 gen 1");
        answer(osd(1), 0);
        deliver(TestMaps.primaryMoves(map, 2));
        assertThat(asked(2)).containsExactly("reconnect 1 gen 2");
        answer(osd(2), 0);
        reactor.advance(PING);
        assertThat(asked(2)).containsExactly("reconnect 1 gen 2", "ping 1 gen 2");
        assertThat(heard).isEmpty();
    }

    @Test
    void aBrokenSessionIsOpenedAgainForAWatchAlone() {
        watching();
        FakeConnection broken = osd(0);
        objecter.connected(broken);
        objecter.reset(broken);
        assertThat(mapRequests).containsExactly(11);
        reactor.advance(Duration.ofMillis(1));
        assertThat(osd(0)).isNotSameAs(broken);
        assertThat(asked(0)).containsExactly("reconnect 1 gen 1");
    }

    @Test
    void aBrokenSessionsPingIsNotRepeated() {
        watching();
        reactor.advance(PING);
        FakeConnection broken = osd(0);
        objecter.connected(broken);
        objecter.reset(broken);
        reactor.advance(Duration.ofMillis(1));
        assertThat(asked(0)).containsExactly("reconnect 1 gen 1");
        assertThat(objecter.inFlight()).isEqualTo(1);
    }

    @Test
    void anOsdThatGoesDownTakesItsWatchesElsewhere() {
        watching();
        deliver(TestMaps.primaryMoves(map, 1).xorState(0, io.spirula.common.maps.OsdState.UP));
        assertThat(asked(1)).containsExactly("reconnect 1 gen 1");
    }

    @Test
    void aReconnectWithoutAnswerIsAskedForAgainAndTheWatchIsNotGivenUp() {
        ObjectWatch watch = watching();
        deliver(TestMaps.primaryMoves(map, 1));
        reactor.advance(TIMEOUT.plusSeconds(1));
        assertThat(asked(1)).containsExactly("reconnect 1 gen 1", "reconnect 1 gen 2");
        assertThat(heard).isEmpty();
        assertThat(watch.ageMillis()).isGreaterThanOrEqualTo(TIMEOUT.toMillis());
        answer(osd(1), 0);
        assertThat(watch.ageMillis()).isLessThan(2_000);
    }

    @Test
    void aWatchThatNobodyKnowsAnyMoreIsLost() {
        ObjectWatch watch = watching();
        deliver(TestMaps.primaryMoves(map, 1));
        answer(osd(1), -Errno.ENOTCONN);
        assertThat(heard).containsExactly("lost ENOTCONN");
        assertThat(watch.ageMillis()).isEqualTo(-Errno.ENOTCONN);
        reactor.advance(PING.multipliedBy(3));
        assertThat(asked(1)).hasSize(1);
    }

    @Test
    void aRemovedObjectLooksTheSameToldOrFound() {
        watching();
        reactor.advance(PING);
        answer(osd(0), -Errno.ENOENT);
        assertThat(heard).containsExactly("lost ENOTCONN");
        heard.clear();
        watch(0);
        answer(osd(0), 0);
        say(osd(0), WatchNotify.Op.DISCONNECT, 2, 0, 0, NotifyReplies.NONE);
        assertThat(heard).containsExactly("registered", "lost ENOTCONN");
    }

    @Test
    void aPingThatComesTooLateLosesTheWatch() {
        watching();
        reactor.advance(PING);
        answer(osd(0), -Errno.ETIMEDOUT);
        assertThat(heard).containsExactly("lost ETIMEDOUT");
    }

    @Test
    void aDeletedPoolLosesItsWatches() {
        watching();
        deliver(OsdMapIncremental.after(map).removePool(1));
        assertThat(heard).containsExactly("lost ENOTCONN");
    }

    @Test
    void aFullOrPausedPoolKeepsItsWatches() {
        watching();
        deliver(OsdMapIncremental.after(map)
                .newFlags(map.flags() | OsdMapFlag.PAUSEWR.mask())
                .putPool(
                        1,
                        TestMaps.pool(map).toBuilder().flag(PoolFlag.FULL, true).build()));
        reactor.advance(PING);
        assertThat(asked(0)).last().isEqualTo("ping 1 gen 0");
    }

    @Test
    void notificationsAreHeardAndAnswered() {
        ObjectWatch watch = watching();
        say(osd(0), WatchNotify.Op.NOTIFY, 1, 99, 0, NotifyReplies.NONE);
        assertThat(heard).containsExactly("notified 99 " + Bytes.of("text"));
        watch.acknowledge(99, Bytes.of("yes"));
        OsdOp ack = osd(0).last(OsdOp.class);
        assertThat(ack.ops().get(0).op()).isEqualTo(OsdOpCode.NOTIFY_ACK);
        Decoder input = new Decoder(ack.ops().get(0).input());
        assertThat(List.of(input.u64(), input.u64())).containsExactly(99L, 1L);
        assertThat(input.bytes()).isEqualTo(Bytes.of("yes"));
    }

    @Test
    void whatAnEarlierPrimarySaysIsNotHeard() {
        watching();
        FakeConnection old = osd(0);
        deliver(TestMaps.primaryMoves(map, 1));
        say(old, WatchNotify.Op.NOTIFY, 1, 99, 0, NotifyReplies.NONE);
        say(old, WatchNotify.Op.DISCONNECT, 1, 0, 0, NotifyReplies.NONE);
        assertThat(heard).isEmpty();
    }

    @Test
    void aWatchThatIsEndedSaysSoAndIsSilent() {
        ObjectWatch watch = watching();
        List<Integer> done = new ArrayList<>();
        watch.end(new Operation.Listener() {
            @Override
            public void answered(OsdOpReply reply) {
                done.add(reply.result());
            }

            @Override
            public void failed(int errno, String reason) {
                done.add(-errno);
            }
        });
        assertThat(asked(0)).last().isEqualTo("unwatch 1");
        say(osd(0), WatchNotify.Op.NOTIFY, 1, 99, 0, NotifyReplies.NONE);
        answer(osd(0), 0);
        assertThat(done).containsExactly(0);
        deliver(TestMaps.primaryMoves(map, 1));
        reactor.advance(PING.multipliedBy(3));
        assertThat(messenger.openTo(TestMaps.addrs(1))).isEmpty();
        assertThat(heard).isEmpty();
    }

    @Test
    void whileSomethingIsWatchedMapsAreAskedFor() {
        watching();
        mapRequests.clear();
        reactor.advance(PING);
        assertThat(mapRequests).contains(11);
    }

    @Test
    void aNotificationIsCompleteWhenItsOsdSaysSo() {
        askWatchers();
        OsdOp op = osd(0).last(OsdOp.class);
        Decoder input = new Decoder(op.ops().get(0).input());
        assertThat(List.of(input.i32(), input.i32())).containsExactly(1, 7);
        assertThat(input.bytes()).isEqualTo(Bytes.of("hello"));
        answer(osd(0), 0, new Encoder(8).u64(99).toBytes());
        assertThat(heard).isEmpty();
        NotifyReplies.Watcher one = new NotifyReplies.Watcher(1, 2);
        NotifyReplies some = new NotifyReplies(List.of(new NotifyReplies.Reply(one, Bytes.EMPTY)), List.of(one));
        say(osd(0), WatchNotify.Op.NOTIFY_COMPLETE, 1, 98, 0, some);
        assertThat(heard).as("an earlier attempt's end").isEmpty();
        say(osd(0), WatchNotify.Op.NOTIFY_COMPLETE, 1, 99, -Errno.ETIMEDOUT, some);
        assertThat(heard).containsExactly("completed 1 1");
    }

    @Test
    void theEndOfANotificationMayComeBeforeItsNumber() {
        askWatchers();
        say(osd(0), WatchNotify.Op.NOTIFY_COMPLETE, 1, 99, 0, NotifyReplies.NONE);
        answer(osd(0), 0, new Encoder(8).u64(99).toBytes());
        assertThat(heard).containsExactly("completed 0 0");
    }

    @Test
    void aNotificationBeginsAnewAtTheNextPrimaryEvenWhenItWasAccepted() {
        askWatchers();
        answer(osd(0), 0, new Encoder(8).u64(99).toBytes());
        deliver(TestMaps.primaryMoves(map, 1));
        assertThat(asked(1)).containsExactly("notify");
        say(osd(1), WatchNotify.Op.NOTIFY_COMPLETE, 1, 5, 0, NotifyReplies.NONE);
        assertThat(heard).containsExactly("completed 0 0");
    }

    @Test
    void aNotificationOfWhatIsNotThereFails() {
        askWatchers();
        answer(osd(0), -Errno.ENOENT);
        assertThat(heard).containsExactly("failed ENOENT");
    }

    @Test
    void aNotificationThatIsNeverCompleteFailsAtItsDeadline() {
        askWatchers();
        answer(osd(0), 0, new Encoder(8).u64(99).toBytes());
        reactor.advance(Duration.ofSeconds(66));
        assertThat(heard).isEmpty();
        reactor.advance(Duration.ofSeconds(2));
        assertThat(heard).containsExactly("failed ETIMEDOUT");
    }

    @Test
    void answersThatCannotBeReadFailTheNotificationAlone() {
        askWatchers();
        objecter.dispatch(
                osd(0),
                new WatchNotify(1, 1, 99, WatchNotify.Op.NOTIFY_COMPLETE, Bytes.EMPTY, 0, 0, Bytes.of("nonsense")));
        assertThat(heard).containsExactly("failed EIO");
    }

    @Test
    void closingEndsWhatIsUnderWay() {
        watch(0);
        askWatchers();
        objecter.close();
        assertThat(heard).containsExactly("failed ESHUTDOWN", "failed ESHUTDOWN");
        reactor.advance(PING.multipliedBy(3));
        assertThat(heard).hasSize(2);
    }
}
