package io.spirula.librados.objecter;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.maps.ObjectLocator;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.OsdMapFlag;
import io.spirula.common.maps.OsdMapIncremental;
import io.spirula.common.maps.PoolFlag;
import io.spirula.common.maps.SnapContext;
import io.spirula.common.message.ObjectOp;
import io.spirula.common.message.OsdBackoff;
import io.spirula.common.message.OsdMapMessage;
import io.spirula.common.message.OsdOp;
import io.spirula.common.message.OsdOpCode;
import io.spirula.common.message.OsdOpReply;
import io.spirula.common.message.Redirect;
import io.spirula.common.types.ObjectId;
import io.spirula.librados.fake.FakeConnection;
import io.spirula.librados.fake.FakeMessenger;
import io.spirula.librados.fake.FakeReactor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The objecter against OSDs and monitors that do as the test says. */
class ObjecterTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final FakeReactor reactor = new FakeReactor();
    private final FakeMessenger messenger = new FakeMessenger(reactor);
    private final Monitors monitors = new Monitors();
    private final Objecter objecter = new Objecter(reactor, messenger, monitors, 0x77);
    private final List<Outcome> outcomes = new ArrayList<>();
    private OsdMap map = TestMaps.withPrimary(10, 0);

    /** What became of one operation. */
    private static final class Outcome implements Operation.Listener {
        @Nullable
        OsdOpReply reply;

        int errno;
        String reason = "";

        boolean isOpen() {
            return reply == null && errno == 0;
        }

        @Override
        public void answered(OsdOpReply answer) {
            reply = answer;
        }

        @Override
        public void failed(int number, String why) {
            errno = number;
            reason = why;
        }
    }

    /** The monitors as the objecter sees them. */
    private static final class Monitors implements MapSource {
        final List<String> requests = new ArrayList<>();
        final List<LongConsumer> questions = new ArrayList<>();

        @Override
        public void request(int epoch, boolean lasting) {
            requests.add(epoch + (lasting ? " and all that follow" : ""));
        }

        @Override
        public void got(int epoch) {}

        @Override
        public void newestEpoch(LongConsumer answer) {
            questions.add(answer);
        }
    }

    @BeforeEach
    void theFirstMapArrives() {
        objecter.start();
        assertThat(monitors.requests).containsExactly("0");
        deliverFull(map);
        monitors.requests.clear();
    }

    @Test
    void anIncrementThatLeadsElsewhereIsNotFollowed() {
        OsdMapIncremental moved = TestMaps.primaryMoves(map, 2).build();
        OsdMap there = map.apply(moved);
        OsdMap before = objecter.map();
        objecter.dispatch(
                monitor(),
                TestMaps.incremental(moved.toBuilder().fullCrc(there.crc() + 1).build(), there));
        assertThat(monitors.requests).containsExactly("0");
        assertThat(objecter.map()).isSameAs(before);
        OsdMap later = there.apply(OsdMapIncremental.after(there).build());
        deliverFull(later);
        assertThat(objecter.map()).isEqualTo(later);
    }

    private FakeConnection osd(int number) {
        return messenger.openTo(TestMaps.addrs(number)).getLast();
    }

    private Outcome submit(String name, int flags, OsdOpCode code) {
        return submit(new OperationTarget.OfObject(1, Bytes.EMPTY, Bytes.EMPTY, Bytes.of(name)), flags, code);
    }

    private Outcome submit(OperationTarget where, int flags, OsdOpCode code) {
        Outcome outcome = new Outcome();
        outcomes.add(outcome);
        objecter.submit(new Operation(
                where,
                List.of(new ObjectOp(code)),
                flags,
                SnapContext.EMPTY,
                ObjectId.HEAD,
                Instant.EPOCH,
                TIMEOUT,
                outcome));
        return outcome;
    }

    private Outcome write(String name) {
        return submit(name, OsdOp.FLAG_WRITE, OsdOpCode.CREATE);
    }

    private Outcome read(String name) {
        return submit(name, OsdOp.FLAG_READ, OsdOpCode.STAT);
    }

    private void deliverFull(OsdMap next) {
        map = next;
        objecter.dispatch(monitor(), TestMaps.full(next));
    }

    /** As OSDs and monitors send them: the difference to the map before. */
    private void deliver(OsdMapIncremental.Builder change) {
        OsdMapIncremental increment = change.build().sealed(map);
        map = map.apply(increment);
        objecter.dispatch(monitor(), TestMaps.incremental(increment, map));
    }

    private FakeConnection monitor() {
        return (FakeConnection)
                messenger.connect(io.spirula.common.types.EntityType.MON, io.spirula.common.types.EntityAddrs.NONE);
    }

    private static OsdOpReply reply(OsdOp op, int result, @Nullable Redirect redirect) {
        return Replies.to(op, result, List.of(), redirect);
    }

    private void answer(FakeConnection osd, int result) {
        objecter.dispatch(osd, reply(osd.last(OsdOp.class), result, null));
    }

    @Test
    void anOperationGoesToThePrimaryWithTheFieldsThatStockSends() {
        Outcome outcome = write("a");
        OsdOp op = osd(0).last(OsdOp.class);
        assertThat(op.tid()).isEqualTo(1);
        assertThat(op.epoch()).isEqualTo(10);
        assertThat(op.pg()).isEqualTo(TestMaps.pgOf(map, "a"));
        assertThat(op.object().snap()).isEqualTo(ObjectId.HEAD);
        assertThat(op.retryAttempt()).isZero();
        assertThat(op.features()).isEqualTo(0x77);
        assertThat(op.flags())
                .isEqualTo(OsdOp.FLAG_WRITE | OsdOp.FLAG_ONDISK | OsdOp.FLAG_KNOWN_REDIR | OsdOp.FLAG_SUPPORTSPOOLEIO);
        answer(osd(0), 0);
        assertThat(outcome.reply).isNotNull();
        assertThat(objecter.inFlight()).isZero();
    }

    @Test
    void oneSessionServesAllOperationsOnAnOsd() {
        write("a");
        write("b");
        read("c");
        assertThat(messenger.openTo(TestMaps.addrs(0))).hasSize(1);
        assertThat(osd(0).sent(OsdOp.class)).extracting(OsdOp::tid).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aNewPrimaryGetsTheOperationsAgainInOrder() {
        write("a");
        write("b");
        FakeConnection old = osd(0);
        deliver(TestMaps.primaryMoves(map, 1));
        assertThat(osd(1).sent(OsdOp.class))
                .extracting(OsdOp::tid, OsdOp::retryAttempt, OsdOp::epoch)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(1L, 1, 11), org.assertj.core.groups.Tuple.tuple(2L, 1, 11));
        answer(old, 0);
        assertThat(outcomes).allMatch(Outcome::isOpen);
    }

    @Test
    void aMapThatChangesNothingForAnOperationSendsNothing() {
        write("a");
        deliver(OsdMapIncremental.after(map).putWeight(2, 0x8000));
        assertThat(osd(0).sent(OsdOp.class)).hasSize(1);
    }

    @Test
    void aBrokenSessionIsOpenedAgainAndAllIsSentInOrder() {
        write("a");
        write("b");
        FakeConnection broken = osd(0);
        objecter.connected(broken);
        assertThat(objecter.reset(broken)).isTrue();
        reactor.advance(Duration.ofMillis(1));
        assertThat(osd(0)).isNotSameAs(broken);
        assertThat(osd(0).sent(OsdOp.class)).extracting(OsdOp::tid).containsExactly(1L, 2L);
        assertThat(monitors.requests).containsExactly("11");
    }

    @Test
    void anOsdThatKeepsRefusingIsTriedLessAndLessOften() {
        write("a");
        for (int i = 0; i < 20; i++) {
            messenger.openTo(TestMaps.addrs(0)).forEach(objecter::reset);
            reactor.advance(Duration.ofSeconds(1));
        }
        assertThat(messenger.connections).hasSizeLessThan(20);
        assertThat(outcomes.get(0).isOpen()).isTrue();
    }

    @Test
    void anAnswerToAnEarlierAttemptIsIgnored() {
        Outcome outcome = write("a");
        OsdOp first = osd(0).last(OsdOp.class);
        deliver(TestMaps.primaryMoves(map, 1));
        deliver(TestMaps.primaryMoves(map, 0));
        objecter.dispatch(osd(0), reply(first, 0, null));
        assertThat(outcome.isOpen()).isTrue();
        answer(osd(0), 0);
        assertThat(outcome.isOpen()).isFalse();
    }

    @Test
    void anOsdThatGoesDownLosesItsSession() {
        write("a");
        FakeConnection old = osd(0);
        deliver(TestMaps.primaryMoves(map, 1).xorState(0, io.spirula.common.maps.OsdState.UP));
        assertThat(old.isClosed()).isTrue();
        assertThat(osd(1).sent(OsdOp.class)).hasSize(1);
    }

    @Test
    void aForcedResendOfThePoolSendsAgain() {
        write("a");
        int next = map.epoch() + 1;
        deliver(OsdMapIncremental.after(map)
                .putPool(
                        1,
                        TestMaps.pool(map).toBuilder().lastForceOpResend(next).build()));
        assertThat(osd(0).sent(OsdOp.class)).hasSize(2);
    }

    @Test
    void aSplitOfThePoolSendsAgain() {
        write("a");
        deliver(OsdMapIncremental.after(map)
                .putPool(1, TestMaps.pool(map).toBuilder().pgNum(8).build()));
        int sent = messenger.connections.stream()
                .mapToInt(c -> c.sent(OsdOp.class).size())
                .sum();
        assertThat(sent).isEqualTo(2);
    }

    @Test
    void aDeletedPoolEndsItsOperations() {
        Outcome outcome = write("a");
        deliver(OsdMapIncremental.after(map).removePool(1));
        assertThat(outcome.errno).isEqualTo(2);
    }

    @Test
    void anUnknownPoolIsBelievedMissingOnlyUnderTheMonitorsNewestMap() {
        OperationTarget elsewhere = new OperationTarget.OfObject(5, Bytes.EMPTY, Bytes.EMPTY, Bytes.of("a"));
        Outcome outcome = submit(elsewhere, OsdOp.FLAG_READ, OsdOpCode.STAT);
        assertThat(monitors.questions).hasSize(1);
        monitors.questions.get(0).accept(11);
        assertThat(outcome.isOpen()).isTrue();
        deliver(OsdMapIncremental.after(map));
        assertThat(outcome.errno).isEqualTo(2);
    }

    @Test
    void aPauseHoldsWritesBackAndLetsReadsThrough() {
        deliver(OsdMapIncremental.after(map).newFlags(map.flags() | OsdMapFlag.PAUSEWR.mask()));
        write("a");
        read("b");
        assertThat(osd(0).sent(OsdOp.class)).extracting(OsdOp::tid).containsExactly(2L);
        assertThat(monitors.requests).last().isEqualTo("12 and all that follow");
        deliver(OsdMapIncremental.after(map).newFlags(map.flags() & ~OsdMapFlag.PAUSEWR.mask()));
        assertThat(osd(0).sent(OsdOp.class)).extracting(OsdOp::tid).containsExactly(2L, 1L);
    }

    @Test
    void aFullPoolHoldsWritesBackUnlessTheyTry() {
        deliver(OsdMapIncremental.after(map)
                .putPool(
                        1,
                        TestMaps.pool(map).toBuilder().flag(PoolFlag.FULL, true).build()));
        write("a");
        submit("b", OsdOp.FLAG_WRITE | OsdOp.FLAG_FULL_TRY, OsdOpCode.DELETE);
        assertThat(osd(0).sent(OsdOp.class)).extracting(OsdOp::tid).containsExactly(2L);
    }

    @Test
    void aBackoffHoldsBackUntilItIsLifted() {
        Outcome outcome = write("a");
        var pg = TestMaps.pgOf(map, "a");
        ObjectId object = osd(0).last(OsdOp.class).object();
        objecter.dispatch(osd(0), new OsdBackoff(pg, 10, OsdBackoff.Op.BLOCK, 7, object, ObjectId.MAX));
        assertThat(osd(0).last(OsdBackoff.class).op()).isEqualTo(OsdBackoff.Op.ACK_BLOCK);
        write("a");
        assertThat(osd(0).sent(OsdOp.class)).hasSize(1);
        objecter.dispatch(osd(0), new OsdBackoff(pg, 10, OsdBackoff.Op.UNBLOCK, 7, object, ObjectId.MAX));
        assertThat(osd(0).sent(OsdOp.class)).extracting(OsdOp::tid).containsExactly(1L, 1L, 2L);
        assertThat(outcome.isOpen()).isTrue();
    }

    @Test
    void aBackoffEndsWithItsSession() {
        write("a");
        ObjectId object = osd(0).last(OsdOp.class).object();
        objecter.dispatch(
                osd(0), new OsdBackoff(TestMaps.pgOf(map, "a"), 10, OsdBackoff.Op.BLOCK, 7, object, ObjectId.MAX));
        objecter.reset(osd(0));
        reactor.advance(Duration.ofMillis(1));
        assertThat(osd(0).sent(OsdOp.class)).hasSize(1);
    }

    @Test
    void aRedirectIsFollowedWithANewTransaction() {
        Outcome outcome = write("a");
        OsdOp first = osd(0).last(OsdOp.class);
        objecter.dispatch(
                osd(0),
                reply(first, 0, new Redirect(ObjectLocator.of(1, Bytes.EMPTY, Bytes.EMPTY), Bytes.of("elsewhere"))));
        OsdOp second = osd(0).last(OsdOp.class);
        assertThat(second.object().name()).isEqualTo(Bytes.of("elsewhere"));
        assertThat(second.tid()).isEqualTo(2);
        assertThat(second.hasFlag(OsdOp.FLAG_REDIRECTED)).isTrue();
        assertThat(outcome.isOpen()).isTrue();
    }

    @Test
    void anOperationWithoutAnswerFailsAtItsDeadlineAndSaysWhatItWaitedFor() {
        Outcome outcome = write("a");
        reactor.advance(TIMEOUT.minusSeconds(1));
        assertThat(outcome.isOpen()).isTrue();
        reactor.advance(Duration.ofSeconds(2));
        assertThat(outcome.errno).isEqualTo(110);
        assertThat(outcome.reason).contains("object a", "no answer from osd.0", "sent 1 time");
    }

    @Test
    void aSlowAnswerMakesUsAskForANewerMap() {
        write("a");
        reactor.advance(Duration.ofSeconds(15));
        assertThat(monitors.requests).contains("11");
    }

    @Test
    void withoutAPrimaryAnOperationWaitsForAMapThatHasOne() {
        deliverFull(TestMaps.allDown(11));
        Outcome outcome = write("a");
        assertThat(monitors.requests).last().isEqualTo("12");
        deliverFull(TestMaps.withPrimary(12, 2));
        assertThat(osd(2).sent(OsdOp.class)).hasSize(1);
        assertThat(outcome.isOpen()).isTrue();
    }

    @Test
    void missingMapsAreAskedFor() {
        OsdMapIncremental eleven = OsdMapIncremental.after(map).build().sealed(map);
        OsdMap second = map.apply(eleven);
        OsdMapIncremental twelve = OsdMapIncremental.after(second).build().sealed(second);
        objecter.dispatch(monitor(), TestMaps.incremental(twelve, second.apply(twelve)));
        assertThat(monitors.requests).containsExactly("11");
        assertThat(java.util.Objects.requireNonNull(objecter.map()).epoch()).isEqualTo(10);
    }

    @Test
    void mapsThatNobodyHasAnyMoreAreSkippedAndEverythingIsSentAgain() {
        write("a");
        OsdMap later = TestMaps.withPrimary(40, 0);
        objecter.dispatch(
                monitor(),
                new OsdMapMessage(later.fsid(), Map.of(), Map.of(40, OsdMap.CODEC.toBytes(later)), 40, 40, Map.of()));
        assertThat(osd(0).sent(OsdOp.class)).hasSize(2);
    }

    @Test
    void closingEndsEverythingWithAReason() {
        Outcome outcome = write("a");
        objecter.close();
        assertThat(outcome.errno).isEqualTo(108);
        assertThat(messenger.openTo(TestMaps.addrs(0))).isEmpty();
        assertThat(write("b").errno).isEqualTo(108);
    }
}
