package io.spirula.osd.pg;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.command.Outcome;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.message.OsdOpCode;
import io.spirula.common.message.OsdOpReply;
import io.spirula.common.message.OsdPgCreate2;
import io.spirula.common.message.OsdPgPull;
import io.spirula.common.pg.ObjectInfo;
import io.spirula.common.pg.ObjectStats;
import io.spirula.common.pg.PgLogEntry;
import io.spirula.common.pg.PgState;
import io.spirula.common.pg.PullOp;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;
import io.spirula.osd.store.CollectionId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The newest version of an object is on one OSD only, where it is damaged; the others have the one before. */
class RevertTest {
    private final ThreeOsds cluster = new ThreeOsds();
    private ThreeOsds.Client client = new ThreeOsds.Client();
    private final ShardPgId pg = ShardPgId.replica(new PgId(cluster.map.pools().firstKey(), 0));
    private final ShardPgId other =
            ShardPgId.replica(new PgId(cluster.map.pools().firstKey(), 1));
    private ObjectId object = named("object");
    private final List<Integer> members = cluster.map.pgToUpActing(pg.pg()).acting();
    private final List<PullOp> pulled = new ArrayList<>();
    private EVersion old = EVersion.ZERO;

    @BeforeEach
    void theNewestVersionIsUnfound() {
        primary().groups.create(new OsdPgCreate2(2, Map.of(pg, new OsdPgCreate2.Created(2, Instant.EPOCH)), Map.of()));
        cluster.settle();
        send(1, OsdOpCode.WRITEFULL, "old");
        cluster.settle();
        old = infoAt(primary()).version();
        client.answers.clear();
        send(2, OsdOpCode.APPEND, "+new");
        cluster.events.clear(); // nobody else hears of it
        cluster.settle();
        rots(members.getFirst());
        cluster.setUp(false, List.of(members.getLast()));
        cluster.setUp(true, List.of(members.getLast()));
        cluster.pass(Duration.ofSeconds(20));
        assertThat(primaryGroup().stats().state() & PgState.RECOVERY_UNFOUND).isNotZero();
        assertThat(client.answers)
                .as("the client has been told to hold its write back")
                .noneMatch(a -> a instanceof OsdOpReply);
        client.answers.clear();
        cluster.watched = message -> {
            if (message instanceof OsdPgPull m) {
                pulled.addAll(m.pulls());
            }
        };
    }

    private ObjectId named(String name) {
        return ObjectId.head(pg.pg().pool(), Bytes.EMPTY, Bytes.EMPTY, Bytes.of(name), 0x10);
    }

    private ThreeOsds.Host primary() {
        return cluster.primary(pg);
    }

    private PlacementGroup primaryGroup() {
        return group(primary());
    }

    private PlacementGroup group(ThreeOsds.Host host) {
        return Objects.requireNonNull(host.groups.byId().get(pg));
    }

    private void rots(int osd) {
        assertThat(cluster.hosts.get(osd).memory.damage(CollectionId.of(pg), object, 0))
                .isTrue();
    }

    private void send(long tid, OsdOpCode code, String data) {
        cluster.ask(client, cluster.map.epoch(), pg, object, tid, 0, ThreeOsds.op(code, Bytes.of(data)));
    }

    private ObjectInfo infoAt(ThreeOsds.Host host) {
        Bytes info = host.store().attribute(CollectionId.of(pg), object, Bytes.of("_"));
        return ObjectInfo.CODEC.fromBytes(Objects.requireNonNull(info));
    }

    private void theOperatorGivesUp(boolean revert) {
        List<Outcome> outcomes = new ArrayList<>();
        primaryGroup().markUnfoundLost(revert, outcomes::add);
        cluster.settle();
        assertThat(outcomes)
                .extracting(Outcome::text)
                .containsExactly("pg has 1 objects unfound and apparently lost marking");
    }

    private void recoveryHasNoPlace() {
        cluster.hosts.forEach(h -> h.recovery().local().request(other, 255, () -> {}, null));
    }

    private void recoveryHasAPlaceAgain() {
        cluster.hosts.forEach(h -> h.recovery().local().cancel(other));
        cluster.settle();
    }

    private void allHave(String content) {
        assertThat(primaryGroup().stats().state() & PgState.CLEAN).isNotZero();
        assertThat(cluster.hosts)
                .extracting(h -> Objects.requireNonNull(h.memory.data(CollectionId.of(pg), object))
                        .utf8())
                .containsOnly(content);
        assertThat(cluster.hosts).extracting(this::infoAt).containsOnly(infoAt(primary()));
    }

    private List<PgLogEntry.Op> log(ThreeOsds.Host host) {
        return group(host).members().log().entries().stream()
                .map(PgLogEntry::op)
                .toList();
    }

    @Test
    void itGoesBackToWhatOnlyReplicasHave() {
        theOperatorGivesUp(true);
        assertThat(pulled).extracting(p -> p.recoveryInfo().version()).containsExactly(old);
        allHave("old");
        PgLogEntry latest =
                Objects.requireNonNull(primaryGroup().members().log().latest(object));
        assertThat(latest.revertingTo()).isEqualTo(old);
        assertThat(infoAt(primary()).version()).isEqualTo(latest.version());
        assertThat(infoAt(primary()).priorVersion()).isEqualTo(old);
        assertThat(primaryGroup().stats().stats().get(ObjectStats.Counter.BYTES))
                .as("counted anew")
                .isEqualTo(3);
        assertThat(cluster.hosts)
                .extracting(this::log)
                .containsOnly(List.of(PgLogEntry.Op.MODIFY, PgLogEntry.Op.MODIFY, PgLogEntry.Op.LOST_REVERT));
    }

    @Test
    void aWriteThatWasGivenUpAndNeverAnsweredIsCarriedOutAfterAll() {
        client = new ThreeOsds.Client(); // on a new connection
        client.features = 0; // of one who is not told to hold things back
        send(2, OsdOpCode.APPEND, "+new");
        cluster.settle();
        assertThat(client.answers).isEmpty();
        theOperatorGivesUp(true);
        allHave("old+new");
        assertThat(client.answers).extracting(a -> ((OsdOpReply) a).result()).containsExactly(0);
        send(2, OsdOpCode.APPEND, "+new");
        cluster.settle();
        assertThat(client.answers).extracting(a -> ((OsdOpReply) a).result()).containsExactly(0, 0);
        allHave("old+new");
    }

    @Test
    void aPrimaryThatTakesOverGoesBackToItsOwnCopy() {
        recoveryHasNoPlace();
        theOperatorGivesUp(true);
        assertThat(pulled).isEmpty();
        cluster.setUp(false, List.of(members.getFirst()));
        cluster.pass(Duration.ofSeconds(20));
        recoveryHasAPlaceAgain();
        cluster.setUp(true, List.of(members.getFirst()));
        cluster.pass(Duration.ofSeconds(20));
        allHave("old");
    }

    @Test
    void whatAnotherHasInABadCopyOnlyIsUnfoundTooAndGoesBackToThePrimarysOwn() {
        theOperatorGivesUp(true);
        object = named("another");
        send(3, OsdOpCode.WRITEFULL, "old");
        cluster.settle();
        cluster.setUp(false, List.of(members.getFirst()));
        cluster.pass(Duration.ofSeconds(20));
        send(4, OsdOpCode.APPEND, "+new");
        cluster.events.clear(); // only who serves in the meantime has it
        cluster.settle();
        rots(members.get(1));
        pulled.clear();
        cluster.setUp(true, List.of(members.getFirst()));
        cluster.pass(Duration.ofSeconds(20));
        assertThat(pulled).hasSize(1);
        assertThat(primaryGroup().members().unfound()).containsExactly(object);
        assertThat(primaryGroup().stats().state() & PgState.RECOVERY_UNFOUND).isNotZero();
        theOperatorGivesUp(true);
        assertThat(pulled).hasSize(1);
        allHave("old");
    }

    @Test
    void whatIsToGoBackIsKnownAfterARestart() {
        recoveryHasNoPlace();
        theOperatorGivesUp(true);
        cluster.restart();
        cluster.setUp(false, List.of(members.getLast()));
        cluster.setUp(true, List.of(members.getLast()));
        cluster.pass(Duration.ofSeconds(20));
        allHave("old");
    }

    @Test
    void aCopyThatCannotBeReadIsNoneToGoBackTo() {
        rots(members.get(1));
        theOperatorGivesUp(true);
        cluster.settle();
        allHave("old");
    }

    @Test
    void whereNoCopyCanBeReadTheObjectIsUnfoundAgainAndThenDeleted() {
        rots(members.get(1));
        rots(members.get(2));
        theOperatorGivesUp(true);
        assertThat(primaryGroup().members().unfound()).containsExactly(object);
        theOperatorGivesUp(true);
        isGone();
    }

    @Test
    void itIsDeletedWhereThatIsAskedFor() {
        theOperatorGivesUp(false);
        isGone();
        assertThat(pulled).isEmpty();
    }

    private void isGone() {
        assertThat(cluster.hosts).noneMatch(h -> h.store().exists(CollectionId.of(pg), object));
        assertThat(cluster.hosts).allMatch(h -> log(h).getLast() == PgLogEntry.Op.LOST_DELETE);
        assertThat(primaryGroup().stats().state() & PgState.CLEAN).isNotZero();
    }
}
