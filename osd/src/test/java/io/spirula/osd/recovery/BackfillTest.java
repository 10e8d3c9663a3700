package io.spirula.osd.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.config.CephConf;
import io.spirula.common.config.Config;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.env.Clock;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.SimpleOsdMap;
import io.spirula.common.pg.CleanRegions;
import io.spirula.common.pg.ObjectInfo;
import io.spirula.common.pg.PastIntervals;
import io.spirula.common.pg.PgHistory;
import io.spirula.common.pg.PgInfo;
import io.spirula.common.pg.PgLogEntry;
import io.spirula.common.pg.PgShard;
import io.spirula.common.pg.PgStats;
import io.spirula.common.pg.ReqId;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;
import io.spirula.common.types.Uuid;
import io.spirula.osd.peering.ActingCosts;
import io.spirula.osd.peering.OsdMapView;
import io.spirula.osd.peering.PgMembers;
import io.spirula.osd.peering.PgPeering;
import io.spirula.osd.pglog.PgLog;
import io.spirula.osd.store.CollectionId;
import io.spirula.osd.store.MemoryStore;
import io.spirula.osd.store.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One target's walk, with the target's answers given by hand. Objects are numbers, in their order; the primary has each in a version. */
class BackfillTest {
    private static final PgShard TARGET = PgShard.replica(1);
    private static final int SCAN_MIN = 4;
    private static final Clock STANDING = new Clock() {
        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public long nanoTime() {
            return 0;
        }
    };

    private final ShardPgId pg = ShardPgId.replica(new PgId(1, 0));
    private final CollectionId collection = CollectionId.of(pg);
    private final MemoryStore store = new MemoryStore(new MemoryStore.Disk(), Runnable::run);
    private final PgMembers members = members();
    private final TreeSet<ObjectId> busy = new TreeSet<>();
    private final List<ObjectId> pushes = new ArrayList<>();
    private final List<RecoveryStep> steps = new ArrayList<>();
    private Backfill backfill = from(ObjectId.MIN);

    private PgMembers members() {
        OsdMap map = SimpleOsdMap.withPool(SimpleOsdMap.of(Uuid.ZERO, Instant.EPOCH, 3, "osd"), 0, 0);
        Transaction transaction = new Transaction();
        PgMembers made = PgPeering.create(
                        PgShard.replica(0),
                        pg,
                        PgHistory.EMPTY,
                        PastIntervals.EMPTY,
                        OsdMapView.of(map, pg.pg()),
                        () -> PgLog.Limits.DEFAULT,
                        STANDING,
                        () -> Duration.ofSeconds(1),
                        () -> ActingCosts.DEFAULT,
                        transaction)
                .members();
        store.submit(transaction, () -> {});
        return made;
    }

    @BeforeEach
    void thePrimaryHasTenObjects() {
        for (int i = 0; i < 10; i++) {
            write(i, 1 + i);
        }
    }

    private static ObjectId object(int number) {
        return ObjectId.head(1, Bytes.EMPTY, Bytes.EMPTY, Bytes.of("o" + number), Integer.reverse(number << 8));
    }

    private static EVersion v(int version) {
        return new EVersion(1, version);
    }

    private void write(int number, int version) {
        TreeMap<Bytes, Bytes> attributes = new TreeMap<>();
        attributes.put(
                Bytes.of("_"),
                ObjectInfo.CODEC.toBytes(new ObjectInfo(
                        object(number),
                        v(version),
                        EVersion.ZERO,
                        ReqId.NONE,
                        0,
                        0,
                        Instant.EPOCH,
                        Instant.EPOCH,
                        0,
                        0,
                        0,
                        Map.of(),
                        -1,
                        -1,
                        ObjectInfo.AllocHint.NONE,
                        Bytes.EMPTY)));
        Transaction transaction =
                new Transaction().add(new Transaction.SetAttributes(collection, object(number), attributes));
        log(number, version, PgLogEntry.Op.MODIFY, transaction);
    }

    private void remove(int number, int version) {
        Transaction transaction = new Transaction().add(new Transaction.Remove(collection, object(number)));
        log(number, version, PgLogEntry.Op.DELETE, transaction);
    }

    private void log(int number, int version, PgLogEntry.Op op, Transaction transaction) {
        PgLogEntry entry = new PgLogEntry(
                op,
                object(number),
                v(version),
                EVersion.ZERO,
                EVersion.ZERO,
                ReqId.NONE,
                Instant.EPOCH,
                Bytes.EMPTY,
                version,
                PgLogEntry.NO_ROLLBACK,
                List.of(),
                CleanRegions.DIRTY,
                0,
                List.of());
        members.appendAsPrimary(List.of(entry), EVersion.ZERO, PgStats.EMPTY, transaction);
        store.submit(transaction, () -> {});
    }

    private Backfill from(ObjectId lastBackfill) {
        CephConf conf = CephConf.parse("[global]\nosd backfill scan min = " + SCAN_MIN + "\n", "test");
        RecoverySettings settings = new RecoverySettings(Config.of(new EntityName(EntityType.OSD, "0"), conf), false);
        PgInfo theirs = PgInfo.empty(pg).toBuilder().lastBackfill(lastBackfill).build();
        return new Backfill(TARGET, theirs, members, store, settings, object -> !busy.contains(object));
    }

    /** What comes next, in words: pushes by number, then steps. */
    private String next(int room) {
        pushes.clear();
        steps.clear();
        backfill.next(room, pushes, steps);
        List<String> words = new ArrayList<>();
        pushes.forEach(p -> words.add("push " + number(p)));
        for (RecoveryStep step : steps) {
            words.add(
                    switch (step) {
                        case RecoveryStep.Scan s -> "scan " + number(s.from());
                        case RecoveryStep.Remove r ->
                            r.objects().entrySet().stream()
                                    .map(e -> "remove " + number(e.getKey()) + "@"
                                            + e.getValue().version())
                                    .collect(Collectors.joining(", "));
                        case RecoveryStep.Progress p -> "note " + number(p.lastBackfill());
                        case RecoveryStep.Pull p -> "pull";
                        case RecoveryStep.Push p -> "push";
                    });
        }
        return String.join(", ", words);
    }

    private static String number(ObjectId object) {
        return object.max()
                ? "end"
                : object.equals(ObjectId.MIN) ? "start" : object.name().utf8().substring(1);
    }

    /** The target has these, by pairs of number and version, up to {@code end}; -1 for all of them. */
    private void targetHas(int end, int... pairs) {
        TreeMap<ObjectId, EVersion> objects = new TreeMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            objects.put(object(pairs[i]), v(pairs[i + 1]));
        }
        backfill.scanned(objects, end < 0 ? ObjectId.MAX : object(end));
    }

    private void arrived(int... numbers) {
        for (int number : numbers) {
            backfill.arrived(object(number));
        }
    }

    @Test
    void anEmptyTargetGetsAllInOrderAndIsCompleteOnceTheLastHasArrived() {
        assertThat(next(3)).isEqualTo("scan start");
        assertThat(next(3)).isEmpty(); // it is asked once
        targetHas(-1);
        assertThat(next(3)).isEqualTo("push 0, push 1, push 2");
        assertThat(next(20)).isEqualTo("push 3, push 4, push 5, push 6, push 7, push 8, push 9");
        arrived(1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(next(3)).isEmpty(); // the first is on its way still
        arrived(0);
        assertThat(next(3)).isEqualTo("note end");
        assertThat(next(3)).isEmpty();
    }

    @Test
    void onlyWhatDiffersIsPushedAndWhatIsTooManyGoes() {
        next(1);
        targetHas(-1, 0, 1, 1, 1, 2, 3, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 12, 3);
        assertThat(next(20)).isEqualTo("push 1, push 3, remove 12@3");
        arrived(1, 3);
        assertThat(next(20)).isEqualTo("note end");
    }

    @Test
    void theNextPartIsAskedForWhereTheLastOneEnded() {
        next(1);
        targetHas(4, 0, 1, 1, 2, 2, 3, 3, 4);
        assertThat(next(20)).isEqualTo("scan 3"); // all that lies before 4 is equal
        targetHas(-1, 4, 5, 5, 6);
        assertThat(next(20)).isEqualTo("push 6, push 7, push 8, push 9");
    }

    @Test
    void anAnswerThatNobodyAskedForChangesNothing() {
        next(1);
        targetHas(-1);
        targetHas(-1, 0, 1, 1, 2);
        assertThat(next(2)).isEqualTo("push 0, push 1");
    }

    @Test
    void writesBehindThePositionAreSeenAndThoseBeforeItAreNot() {
        next(1);
        targetHas(-1, 5, 6);
        assertThat(next(2)).isEqualTo("push 0, push 1");
        write(0, 20); // has passed: the target gets the write itself
        write(5, 21); // to come: the target's is an old one now
        write(11, 22);
        remove(2, 23);
        assertThat(next(20)).isEqualTo("push 3, push 4, push 5, push 6, push 7, push 8, push 9, push 11");
    }

    @Test
    void anObjectThatIsRemovedHereIsRemovedThereWhenItsTurnComes() {
        next(1);
        targetHas(-1, 0, 1, 1, 2, 2, 3, 3, 4);
        remove(2, 20);
        assertThat(next(1)).isEqualTo("push 4, remove 2@3");
    }

    @Test
    void anObjectThatIsBeingWrittenIsWaitedForAndNothingBehindItGoesAhead() {
        next(1);
        targetHas(-1);
        busy.add(object(1));
        assertThat(next(20)).isEqualTo("push 0");
        assertThat(next(20)).isEmpty();
        busy.clear();
        assertThat(next(2)).isEqualTo("push 1, push 2");
    }

    @Test
    void itGoesOnWhereAnEarlierOneHasCome() {
        backfill = from(object(6));
        assertThat(next(1)).isEqualTo("scan 6");
        targetHas(-1, 6, 2);
        assertThat(next(20)).isEqualTo("push 7, push 8, push 9");
    }

    @Test
    void theTargetNotesNowAndThenHowFarItIsAndNeverPastWhatIsOnItsWay() {
        for (int i = 10; i < 100; i++) {
            write(i, 1 + i);
        }
        next(1);
        targetHas(-1);
        next(100);
        for (int i = 0; i < 80; i++) {
            if (i != 70) {
                arrived(i);
            }
        }
        assertThat(next(100)).isEqualTo("note 69");
        arrived(70);
        assertThat(next(100)).isEmpty(); // not for every object
        for (int i = 80; i < 100; i++) {
            arrived(i);
        }
        assertThat(next(100)).isEqualTo("note end");
    }
}
