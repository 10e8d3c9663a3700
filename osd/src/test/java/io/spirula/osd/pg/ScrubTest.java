package io.spirula.osd.pg;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.command.Json;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.message.ObjectOp;
import io.spirula.common.message.ObjectOpArgs;
import io.spirula.common.message.OsdOpCode;
import io.spirula.common.message.OsdOpReply;
import io.spirula.common.message.OsdPgCreate2;
import io.spirula.common.message.OsdScrub2;
import io.spirula.common.pg.InconsistentObject;
import io.spirula.common.pg.InconsistentObject.Shard;
import io.spirula.common.pg.ObjectInfo;
import io.spirula.common.pg.ObjectStats.Counter;
import io.spirula.common.pg.PgShard;
import io.spirula.common.pg.PgState;
import io.spirula.common.pg.ScrubListing;
import io.spirula.common.types.Errno;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;
import io.spirula.common.types.Uuid;
import io.spirula.osd.scrub.OsdScrubs;
import io.spirula.osd.store.CollectionId;
import io.spirula.osd.store.Contents;
import io.spirula.osd.store.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ScrubTest {
    private final ThreeOsds cluster = new ThreeOsds();
    private final ThreeOsds.Client client = new ThreeOsds.Client();
    private final ShardPgId id = ShardPgId.replica(new PgId(cluster.map.pools().firstKey(), 0));
    private final CollectionId collection = CollectionId.of(id);
    private long tid;

    @BeforeEach
    void aGroupWithObjectsIsMade() {
        primary().groups.create(new OsdPgCreate2(2, Map.of(id, new OsdPgCreate2.Created(2, Instant.EPOCH)), Map.of()));
        cluster.settle();
        for (int i = 0; i < 60; i++) {
            write(object(i), "contents of " + i);
        }
        cluster.settle();
        client.answers.clear();
    }

    private ObjectId object(int number) {
        return ObjectId.head(id.pg().pool(), Bytes.EMPTY, Bytes.EMPTY, Bytes.of("object" + number), number << 8);
    }

    private ThreeOsds.Host primary() {
        return cluster.hosts.get(primaryOsd());
    }

    private int primaryOsd() {
        return cluster.map.pgToUpActing(id.pg()).actingPrimary();
    }

    private ThreeOsds.Host replica() {
        return cluster.hosts.get((primaryOsd() + 1) % 3);
    }

    private PlacementGroup pg() {
        return groupOn(primary());
    }

    private PlacementGroup groupOn(ThreeOsds.Host host) {
        return requireNonNull(host.groups.byId().get(id));
    }

    private void write(ObjectId object, String data) {
        send(object, OsdOpCode.WRITEFULL, new ObjectOpArgs.Extent(0, data.length(), 0, 0), Bytes.of(data));
    }

    private void send(ObjectId object, OsdOpCode code, ObjectOpArgs args, Bytes data) {
        cluster.ask(client, 2, id, object, ++tid, 0, new ObjectOp(code, args, data));
    }

    private OsdOpReply answer() {
        return (OsdOpReply) client.answers.removeFirst();
    }

    private String read(ObjectId object) {
        send(object, OsdOpCode.READ, new ObjectOpArgs.Extent(0, 0, 0, 0), Bytes.EMPTY);
        cluster.settle();
        return answer().ops().getFirst().output().utf8();
    }

    private void damage(ThreeOsds.Host host, Transaction.Op op) {
        host.store().submit(new Transaction().add(op), () -> {});
        cluster.settle();
    }

    private void order(boolean repair, boolean deep) {
        primary().scrubScheduler.request(new OsdScrub2(Uuid.ZERO, 2, List.of(id), repair, deep));
    }

    private void deepScrub() {
        order(false, true);
        cluster.settle();
    }

    private long errors() {
        return pg().stats().stats().get(Counter.SCRUB_ERRORS);
    }

    private List<InconsistentObject> inconsistent() {
        ScrubListing.Request request = new ScrubListing.Request(0, false, Bytes.EMPTY, Bytes.EMPTY, 0, 100);
        send(
                ObjectId.head(id.pg().pool(), Bytes.EMPTY, Bytes.EMPTY, Bytes.EMPTY, 0),
                OsdOpCode.SCRUBLS,
                new ObjectOpArgs.Raw(Bytes.zeros(28)),
                ScrubListing.Request.CODEC.toBytes(request));
        OsdOpReply reply = answer();
        assertThat(reply.result()).isZero();
        List<InconsistentObject> found = new ArrayList<>();
        ScrubListing.CODEC
                .fromBytes(reply.ops().getFirst().output())
                .found()
                .forEach(one -> found.add(InconsistentObject.CODEC.fromBytes(one)));
        return found;
    }

    private void assertAllCopiesAreAlike() {
        List<ObjectId> objects = primary().store().list(collection, ObjectId.MIN, ObjectId.MAX, 1000);
        for (ThreeOsds.Host host : cluster.hosts) {
            assertThat(host.store().list(collection, ObjectId.MIN, ObjectId.MAX, 1000))
                    .isEqualTo(objects);
            for (ObjectId object : objects) {
                if (!object.name().isEmpty()) {
                    assertThat(contents(host, object)).isEqualTo(contents(primary(), object));
                    assertThat(host.store().attributes(collection, object))
                            .isEqualTo(primary().store().attributes(collection, object));
                }
            }
        }
    }

    private Bytes contents(ThreeOsds.Host host, ObjectId object) {
        return Contents.of(host.store(), collection, object);
    }

    @Test
    void copiesThatAreAlikeAreFoundToBe() {
        order(false, false);
        cluster.settle();
        assertThat(errors()).isZero();
        assertThat(cluster.clusterLog).containsExactly("[DBG] " + id + " scrub starts", "[DBG] " + id + " scrub ok");
        assertThat(pg().stats().scrub().lastScrub()).isEqualTo(pg().lastUpdate());
        assertThat(inconsistent()).isEmpty();
        for (ThreeOsds.Host host : cluster.hosts) {
            assertThat(host.scrubs.hasPlace()).isTrue();
            assertThat(groupOn(host).scrubs().history()).isEqualTo(pg().stats().scrub());
        }
    }

    @Test
    void aCopyWithOtherDataIsFoundByADeepScrubOnlyAndRepaired() {
        damage(replica(), new Transaction.Write(collection, object(5), 0, Bytes.of("C")));
        order(false, false);
        cluster.settle();
        assertThat(errors()).isZero();
        deepScrub();
        assertThat(pg().stats().state() & PgState.INCONSISTENT).isNotZero();
        assertThat(errors()).isEqualTo(2);
        InconsistentObject found = inconsistent().getFirst();
        assertThat(found.object().name()).isEqualTo(Bytes.of("object5"));
        assertThat(found.errors()).isEqualTo(InconsistentObject.DATA_DIGEST_DIFFERS);
        assertThat(requireNonNull(found.shards().get(PgShard.replica(replica().whoami())))
                        .errors())
                .isEqualTo(Shard.DATA_DIGEST_NOT_INFOS);
        order(true, true);
        cluster.settle();
        assertAllCopiesAreAlike();
        primary().scrubScheduler.tick(); // to count what is left
        cluster.settle();
        assertThat(errors()).isZero();
        assertThat(pg().stats().state() & (PgState.INCONSISTENT | PgState.REPAIR | PgState.SCRUBBING))
                .isZero();
    }

    @Test
    void thePrimarysOwnBadCopyIsReplaced() {
        damage(primary(), new Transaction.Write(collection, object(5), 0, Bytes.of("C")));
        order(true, true);
        cluster.settle();
        assertAllCopiesAreAlike();
        assertThat(read(object(5))).isEqualTo("contents of 5");
    }

    @Test
    void anObjectThatIsGoneSomewhereComesBack() {
        damage(replica(), new Transaction.Remove(collection, object(9)));
        damage(primary(), new Transaction.Remove(collection, object(31)));
        order(false, false);
        cluster.settle();
        assertThat(errors()).isEqualTo(2);
        assertThat(inconsistent()).hasSize(2);
        order(true, true);
        cluster.settle();
        assertAllCopiesAreAlike();
        assertThat(cluster.clusterLog).contains("[ERR] " + id + " repair 2 errors, 2 fixed");
        assertThat(errors()).isZero();
        assertThat(read(object(31))).isEqualTo("contents of 31");
    }

    @Test
    void anObjectThatNobodyWroteGoes() {
        for (ThreeOsds.Host host : List.of(replica(), primary())) {
            damage(host, new Transaction.Write(collection, object(1000), 0, Bytes.of("rubbish")));
            order(false, false);
            cluster.settle();
            assertThat(errors()).isPositive();
            order(true, true);
            cluster.settle();
            assertAllCopiesAreAlike();
            assertThat(host.store().exists(collection, object(1000))).isFalse();
            deepScrub();
            assertThat(errors()).isZero();
        }
    }

    @Test
    void anObjectThatWasDeletedAndIsStillThereSomewhereGoes() {
        send(object(3), OsdOpCode.DELETE, new ObjectOpArgs.Raw(Bytes.zeros(28)), Bytes.EMPTY);
        cluster.settle();
        damage(replica(), new Transaction.Clone(collection, object(4), object(3)));
        order(true, true);
        cluster.settle();
        assertAllCopiesAreAlike();
        assertThat(primary().store().exists(collection, object(3))).isFalse();
    }

    @Test
    void statisticsThatAreWrongAreAnErrorUntilARepair() {
        setPair(object(9));
        setPair(object(10));
        cluster.settle();
        deepScrub();
        assertThat(errors()).isZero();
        cluster.hosts.forEach(host -> damage(host, new Transaction.Remove(collection, object(9))));
        order(false, false);
        cluster.settle();
        String mismatch = " : stat mismatch, got 59/60 objects, 0/0 clones, 59/60 dirty, 1/2 omap, 0/0 pinned,"
                + " 0/0 hit_set_archive, 0/0 whiteouts, 817/830 bytes, 0/0 manifest objects, 0/0 hit_set_archive bytes.";
        assertThat(cluster.clusterLog).contains("[ERR] " + id + " scrub" + mismatch, "[ERR] " + id + " scrub 1 errors");
        assertThat(errors()).isEqualTo(1);
        order(true, true);
        cluster.settle();
        assertThat(cluster.clusterLog)
                .contains("[ERR] " + id + " repair" + mismatch, "[ERR] " + id + " repair 1 errors, 1 fixed");
        assertThat(errors()).isZero();
        assertThat(pg().stats().stats().get(Counter.OBJECTS)).isEqualTo(59);
        assertThat(pg().stats().stats().get(Counter.OBJECTS_OMAP)).isEqualTo(1);
        assertThat(pg().stats().stats().get(Counter.BYTES)).isEqualTo(817);
        write(object(9), "here again");
        deepScrub();
        assertThat(errors()).isZero();
    }

    private void setPair(ObjectId object) {
        TreeMap<Bytes, Bytes> pair = new TreeMap<>(Map.of(Bytes.of("key"), Bytes.of("value")));
        Bytes input = new Encoder()
                .map(pair, (k, m) -> m.bytes(k), (v, m) -> m.bytes(v))
                .toBytes();
        send(object, OsdOpCode.OMAPSETVALS, new ObjectOpArgs.Raw(Bytes.zeros(28)), input);
    }

    @Test
    void anAttributeThatDiffersIsFoundByAShallowScrub() {
        TreeMap<Bytes, Bytes> attribute = new TreeMap<>(Map.of(Bytes.of("_color"), Bytes.of("red")));
        damage(replica(), new Transaction.SetAttributes(collection, object(8), attribute));
        order(false, false);
        cluster.settle();
        assertThat(inconsistent().getFirst().errors()).isEqualTo(InconsistentObject.ATTRIBUTE_NAME_DIFFERS);
        order(true, true);
        cluster.settle();
        assertAllCopiesAreAlike();
    }

    @Test
    void writesGoOnWhileAScrubRuns() {
        order(false, true);
        for (int round = 0; round < 400 && (!cluster.events.isEmpty() || !cluster.syncs.isEmpty()); round++) {
            if (round % 3 == 0) {
                write(object(round % 60), "round " + round);
            } else if (round % 7 == 0) {
                send(object(round % 50), OsdOpCode.DELETE, new ObjectOpArgs.Raw(Bytes.zeros(28)), Bytes.EMPTY);
            } else if (round % 5 == 0) {
                setPair(object(round % 70));
            }
            for (int i = 0; i < 5 && !cluster.events.isEmpty(); i++) {
                cluster.events.remove().run();
            }
            if (!cluster.syncs.isEmpty()) {
                cluster.syncs.remove().run();
            }
        }
        cluster.settle();
        assertThat(client.answers).hasSize((int) (tid - 60));
        assertThat(errors()).isZero();
        assertThat(cluster.clusterLog).contains("[DBG] " + id + " deep-scrub ok");
        assertAllCopiesAreAlike();
    }

    @Test
    void aRunningScrubIsSeenInTheGroupsStateAndItsQuery() {
        order(false, true);
        while ((pg().stats().state() & PgState.SCRUBBING) == 0) {
            cluster.events.remove().run();
        }
        assertThat(pg().stats().state() & PgState.DEEP_SCRUB).isNotZero();
        assertThat(Json.render(pg().query(), "json").utf8()).contains("\"active\":true", "\"deep\":true");
        cluster.settle();
        assertThat(pg().stats().state() & (PgState.SCRUBBING | PgState.DEEP_SCRUB))
                .isZero();
    }

    @Test
    void aReplicaWithoutAPlaceIsAskedAgain() {
        assertThat(replica().scrubs.take(OsdScrubs.Role.REPLICA)).isTrue();
        deepScrub();
        assertThat(cluster.clusterLog).isEmpty();
        replica().scrubs.giveBack(OsdScrubs.Role.REPLICA);
        assertThat(pg().scrubs().wanted()).isNotNull();
        order(false, true);
        cluster.settle();
        assertThat(cluster.clusterLog).contains("[DBG] " + id + " deep-scrub ok");
    }

    @Test
    void aDeepScrubNotesDigestsOfWhatHasBeenLeftAloneForLong() {
        send(object(2), OsdOpCode.WRITE, new ObjectOpArgs.Extent(3, 1, 0, 0), Bytes.of("?"));
        cluster.settle();
        client.answers.clear();
        cluster.hosts.forEach(host -> assertThat(infoOf(host, object(2)).hasFlag(ObjectInfo.FLAG_DATA_DIGEST))
                .isFalse());
        cluster.now = Instant.EPOCH.plus(Duration.ofHours(3));
        deepScrub();
        assertThat(errors()).isZero();
        cluster.hosts.forEach(host -> assertThat(infoOf(host, object(2)).dataDigest())
                .isEqualTo(Bytes.of("con?ents of 2").crc32c(-1)));
        assertAllCopiesAreAlike();
        damage(replica(), new Transaction.Write(collection, object(2), 0, Bytes.of("C")));
        deepScrub();
        assertThat(errors()).isEqualTo(2);
        assertThat(read(object(2))).isEqualTo("con?ents of 2");
    }

    private ObjectInfo infoOf(ThreeOsds.Host host, ObjectId object) {
        Bytes info = host.store().attribute(collection, object, Bytes.of("_"));
        return ObjectInfo.CODEC.fromBytes(requireNonNull(info));
    }

    @Test
    void aReadThatFindsBadDataIsAnsweredRightAndMendsTheCopy() {
        damage(primary(), new Transaction.Write(collection, object(7), 0, Bytes.of("C")));
        assertThat(read(object(7))).isEqualTo("contents of 7");
        assertAllCopiesAreAlike();
        assertThat(cluster.clusterLog.getFirst())
                .startsWith("[ERR] " + id + " missing primary copy of " + object(7) + ", will try copies on ");
        assertThat(primary().scrubs.shardsRepaired()).isEqualTo(1);
        assertThat(pg().stats().stats().get(Counter.OBJECTS_REPAIRED)).isEqualTo(1);
    }

    @Test
    void aReadOfACopyThatIsTooShortIsAnsweredRight() {
        damage(primary(), new Transaction.Truncate(collection, object(7), 4));
        damage(replica(), new Transaction.Truncate(collection, object(7), 4));
        assertThat(read(object(7))).isEqualTo("contents of 7");
        replica().store().submit(new Transaction().add(new Transaction.Truncate(collection, object(7), 4)), () -> {});
        order(true, true);
        cluster.settle();
        assertAllCopiesAreAlike();
    }

    @Test
    void aReadOfWhatIsBadEverywhereFails() {
        for (ThreeOsds.Host host : cluster.hosts) {
            damage(host, new Transaction.Write(collection, object(7), 0, Bytes.of("C")));
        }
        aReadFails();
    }

    @Test
    void aReadOfWhatIsTooShortEverywhereFails() {
        for (ThreeOsds.Host host : cluster.hosts) {
            damage(host, new Transaction.Truncate(collection, object(7), 4));
        }
        aReadFails();
    }

    private void aReadFails() {
        send(object(7), OsdOpCode.READ, new ObjectOpArgs.Extent(0, 0, 0, 0), Bytes.EMPTY);
        cluster.settle();
        assertThat(answer().result()).isEqualTo(-Errno.EIO);
    }
}
