package io.spirula.osd.pglog;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.pg.CleanRegions;
import io.spirula.common.pg.PgLogEntry;
import io.spirula.common.pg.PgMissing;
import io.spirula.common.pg.ReqId;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;
import io.spirula.osd.store.MemoryStore;
import io.spirula.osd.store.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PgLogTest {
    private static final ShardPgId PG = ShardPgId.replica(new PgId(1, 0));

    private static final PgLog.Limits ROOMY = new PgLog.Limits(10, 2, 100, 40);

    private final PgMeta meta = new PgMeta(PG);
    private PgLog.Limits limits = new PgLog.Limits(10, 2, 100, 4);
    private final PgLog log = new PgLog(meta, () -> limits);
    private final MissingSet missing = new MissingSet(meta);

    private static ObjectId object(String name) {
        return ObjectId.head(1, Bytes.EMPTY, Bytes.EMPTY, Bytes.of(name), 7);
    }

    private static ReqId request(long tid) {
        return new ReqId(new EntityId(EntityType.CLIENT, 4100), tid, 0);
    }

    private static EVersion v(int epoch, long version) {
        return new EVersion(epoch, version);
    }

    private static PgLogEntry entry(String name, EVersion version, EVersion prior) {
        return entry(object(name), version, prior, request(version.version()));
    }

    private static PgLogEntry entry(ObjectId object, EVersion version, EVersion prior, ReqId request) {
        return new PgLogEntry(
                PgLogEntry.Op.MODIFY,
                object,
                version,
                prior,
                EVersion.ZERO,
                request,
                Instant.EPOCH,
                Bytes.EMPTY,
                version.version() + 1000,
                PgLogEntry.NO_ROLLBACK,
                List.of(),
                CleanRegions.DIRTY,
                0,
                List.of());
    }

    private void write(int epoch, long version, String name) {
        PgLogEntry latest = log.latest(object(name));
        log.append(entry(name, v(epoch, version), latest == null ? EVersion.ZERO : latest.version()));
    }

    @Test
    void aResentRequestIsKnownByItsEntryAndLaterByItsDup() {
        for (int i = 1; i <= 14; i++) {
            write(1, i, "o" + i);
        }
        assertThat(log.trimTarget(v(1, 14))).isEqualTo(v(1, 4));
        log.trim(v(1, 4));
        assertThat(log.size()).isEqualTo(10);
        assertThat(log.answerTo(request(3))).isEqualTo(new PgLog.Answer(v(1, 3), 1003, 0, List.of()));
        log.trim(v(1, 6));
        assertThat(log.dupCount()).isEqualTo(4);
        assertThat(log.answerTo(request(2))).isNull();
    }

    private static PgLogEntry lost(String name, EVersion version, EVersion prior, EVersion to) {
        PgLogEntry e = entry(object(name), version, prior, ReqId.NONE);
        PgLogEntry.Op op = to.equals(EVersion.ZERO) ? PgLogEntry.Op.LOST_DELETE : PgLogEntry.Op.LOST_REVERT;
        return new PgLogEntry(
                op,
                e.object(),
                e.version(),
                e.priorVersion(),
                to,
                e.reqId(),
                e.mtime(),
                e.snaps(),
                0,
                e.rollback(),
                List.of(),
                e.cleanRegions(),
                0,
                List.of());
    }

    @Test
    void aRequestThatWasGivenUpIsNotKnownByItsEntryNorByADupButByWhereItWasCarriedOutAgain() {
        write(1, 1, "o");
        write(1, 2, "o");
        write(1, 3, "other");
        log.append(lost("o", v(2, 4), v(1, 2), v(1, 1)));
        assertThat(log.answerTo(request(1))).isNotNull();
        assertThat(log.answerTo(request(2))).isNull();
        assertThat(log.answerTo(request(3))).isNotNull();
        log.append(entry(object("o"), v(2, 5), v(2, 4), request(2)));
        PgLog.Answer again = new PgLog.Answer(v(2, 5), 1005, 0, List.of());
        assertThat(log.answerTo(request(2))).isEqualTo(again);
        log.trim(v(1, 2));
        assertThat(log.dupCount()).isEqualTo(1);
        assertThat(log.answerTo(request(2))).isEqualTo(again);
        log.trim(v(2, 5));
        assertThat(log.answerTo(request(2))).isEqualTo(again);
        PgLog loaded = stored(v(2, 5));
        assertThat(loaded.answerTo(request(2))).isEqualTo(again);
    }

    @Test
    void aLostEntrysMeaningForWhoHasTheVersionGivenUpAndForWhoHasNot() {
        MissingSet behind = new MissingSet(null);
        behind.add(object("o"), v(1, 2), v(1, 1));
        MissingSet whole = new MissingSet(null);
        PgLogEntry revert = lost("o", v(2, 3), v(1, 2), v(1, 1));
        behind.happened(revert, ObjectId.MAX);
        whole.happened(revert, ObjectId.MAX);
        assertThat(behind.find(object("o"))).extracting("need", "have").containsExactly(v(2, 3), v(1, 1));
        assertThat(whole.find(object("o"))).extracting("need", "have").containsExactly(v(2, 3), v(1, 2));
        behind.happened(lost("o", v(2, 4), v(2, 3), EVersion.ZERO), ObjectId.MAX);
        assertThat(behind.isEmpty()).isTrue();
    }

    private PgLog stored(EVersion head) {
        MemoryStore store = new MemoryStore(new MemoryStore.Disk(), Runnable::run);
        Transaction transaction = new Transaction().add(new Transaction.CreateCollection(meta.collection()));
        meta.writeTo(transaction);
        store.submit(transaction, () -> {});
        PgLog loaded = new PgLog(new PgMeta(PG), () -> new PgLog.Limits(10, 2, 100, 4));
        loaded.load(store, head, new MissingSet(new PgMeta(PG)));
        return loaded;
    }

    @Test
    void limitsThatChangeCountFromTheNextTrimOn() {
        for (int i = 1; i <= 14; i++) {
            write(1, i, "o" + i);
        }
        limits = new PgLog.Limits(3, 2, 100, 2);
        assertThat(log.trimTarget(v(1, 14))).isEqualTo(v(1, 11));
        assertThat(log.trimTarget(v(1, 8))).isEqualTo(v(1, 8)); // the rest is wanted still
        limits = new PgLog.Limits(3, 2, 5, 2);
        assertThat(log.trimTarget(v(1, 14))).isEqualTo(v(1, 5));
        log.trim(v(1, 5));
        assertThat(log.dupCount()).isEqualTo(2);
        limits = new PgLog.Limits(3, 7, 6, 2);
        assertThat(log.trimTarget(v(1, 14))).isEqualTo(v(1, 11)); // or else nothing would ever go
        limits = new PgLog.Limits(3, 7, 100, 2);
        assertThat(log.trimTarget(v(1, 14))).isEqualTo(v(1, 5));
        limits = new PgLog.Limits(20, 7, 100, 2);
        assertThat(log.trimTarget(v(1, 14))).isEqualTo(v(1, 5));
    }

    @ParameterizedTest
    @CsvSource({
        // in all, least, most; groups; each
        "300000, 250, 10000,    8, 10000",
        "300000, 250, 10000,  100,  3000",
        "300000, 250, 10000, 4000,   250",
        "300000, 250, 10000,    0,   250",
        "0,      250, 10000,   10,   250",
        "20,      20,    30,    1,    20",
        "300000, 250,    16,   10,    16",
    })
    void anOsdsEntriesAreSharedOutAmongItsGroups(int all, int min, int max, int groups, int each) {
        assertThat(new LogBudget(all, min, max, 10, 100, 5).forEach(groups))
                .isEqualTo(new PgLog.Limits(each, 10, 100, 5));
    }

    @Test
    void aLogIsReadBackAsItWasWritten() {
        for (int i = 1; i <= 15; i++) {
            write(1, i, "o" + i % 4);
        }
        log.trim(v(1, 5));
        missing.add(object("m"), v(1, 2), v(1, 1));
        MemoryStore store = new MemoryStore(new MemoryStore.Disk(), Runnable::run);
        Transaction transaction = new Transaction().add(new Transaction.CreateCollection(meta.collection()));
        meta.writeTo(transaction);
        store.submit(transaction, () -> {});
        PgLog loaded = new PgLog(new PgMeta(PG), () -> limits);
        MissingSet loadedMissing = new MissingSet(new PgMeta(PG));
        loaded.load(store, v(1, 15), loadedMissing);
        assertThat(loaded.entries()).isEqualTo(log.entries());
        assertThat(loaded.tail()).isEqualTo(v(1, 5));
        assertThat(loaded.answerTo(request(3))).isEqualTo(log.answerTo(request(3)));
        assertThat(loadedMissing.items()).isEqualTo(missing.items());
    }

    @Test
    void divergentWritesAreRemovedAndFetchedAgainInTheAgreedVersion() {
        write(1, 1, "old");
        write(1, 2, "both");
        PgLog agreed = PgLog.of(log.copyAfter(EVersion.ZERO));
        write(1, 3, "old");
        write(1, 4, "new");
        write(1, 5, "both");
        agreed.append(entry("both", v(2, 3), v(1, 2)));
        TreeSet<ObjectId> removed = new TreeSet<>();
        new LogMerge(log, missing, ObjectId.MAX, removed::add).merge(agreed.copyAfter(EVersion.ZERO));
        assertThat(log.head()).isEqualTo(v(2, 3));
        assertThat(removed).containsExactlyInAnyOrder(object("old"), object("new"), object("both"));
        assertThat(missing.byNeed().keySet()).containsExactly(v(1, 1), v(2, 3));
    }

    @Test
    void aLogIsRewoundToWhereItPartedAlsoWhenItAsksFromItsOwnHead() {
        write(1, 1, "mine");
        write(1, 2, "mine");
        PgLog agreed = PgLog.of(log.copyAfter(EVersion.ZERO));
        write(1, 3, "mine");
        agreed.append(entry("other", v(2, 3), EVersion.ZERO));
        TreeSet<ObjectId> removed = new TreeSet<>();
        new LogMerge(log, missing, ObjectId.MAX, removed::add).merge(agreed.copyAfter(log.head()));
        assertThat(log.entries()).isEqualTo(agreed.entries());
        assertThat(removed).containsExactly(object("mine"));
        assertThat(missing.byNeed().keySet()).containsExactly(v(1, 2), v(2, 3));
    }

    private static ObjectId placed(String name, int hash) {
        return ObjectId.head(1, Bytes.EMPTY, Bytes.EMPTY, Bytes.of(name), hash);
    }

    private static PgLogEntry entry(ObjectId object, long version) {
        return entry(object, v(1, version), EVersion.ZERO, request(version));
    }

    private static PgLog reread(MemoryStore store, ShardPgId pg, EVersion lastUpdate, MissingSet missing) {
        PgLog read = new PgLog(new PgMeta(pg), () -> ROOMY);
        read.load(store, lastUpdate, missing);
        return read;
    }

    @Test
    void aSplitLogGoesOnFromOneHeadOnBothSidesAndEachKnowsAllOldRequests() {
        ShardPgId childId = ShardPgId.replica(new PgId(1, 1));
        PgMeta childMeta = new PgMeta(childId);
        PgLog child = new PgLog(childMeta, () -> ROOMY);
        MissingSet childMissing = new MissingSet(childMeta);
        for (int i = 1; i <= 8; i++) {
            log.append(entry(placed("o" + i, i), i));
        }
        missing.add(placed("o6", 6), v(1, 6), EVersion.ZERO);
        missing.add(placed("o7", 7), v(1, 7), EVersion.ZERO);
        log.trim(v(1, 2));

        log.splitInto(child, o -> (o.hash() & 1) == 1);
        missing.splitInto(childMissing, o -> (o.hash() & 1) == 1);

        MemoryStore store = new MemoryStore(new MemoryStore.Disk(), Runnable::run);
        Transaction transaction = new Transaction()
                .add(new Transaction.CreateCollection(meta.collection()))
                .add(new Transaction.CreateCollection(childMeta.collection()));
        meta.writeTo(transaction);
        childMeta.writeTo(transaction);
        store.submit(transaction, () -> {});
        MissingSet parentAgain = new MissingSet(meta);
        MissingSet childAgain = new MissingSet(childMeta);
        for (PgLog parent : List.of(log, reread(store, PG, v(1, 8), parentAgain))) {
            assertThat(parent.entries()).extracting(e -> e.object().hash()).containsExactly(4, 6, 8);
            assertThat(parent.head()).isEqualTo(v(1, 8));
            assertThat(parent.tail()).isEqualTo(v(1, 2));
            assertThat(parent.answerTo(request(7))).isNull();
            assertThat(parent.answerTo(request(1))).isNotNull();
        }
        for (PgLog born : List.of(child, reread(store, childId, v(1, 8), childAgain))) {
            assertThat(born.entries()).extracting(e -> e.object().hash()).containsExactly(3, 5, 7);
            assertThat(born.head()).isEqualTo(v(1, 8));
            assertThat(born.tail()).isEqualTo(v(1, 2));
            assertThat(born.answerTo(request(7))).isNotNull();
            assertThat(born.answerTo(request(2))).isNotNull();
        }
        assertThat(parentAgain.items().keySet()).containsExactly(placed("o6", 6));
        assertThat(childAgain.items().keySet()).containsExactly(placed("o7", 7));
    }

    @Test
    void aMergedLogIsEmptyAndKnowsTheRequestsOfAllEvenOfOneVersion() {
        PgMeta otherMeta = new PgMeta(ShardPgId.replica(new PgId(1, 1)));
        PgLog other = new PgLog(otherMeta, () -> ROOMY);
        PgLog target = new PgLog(meta, () -> ROOMY);
        target.append(entry(placed("a", 2), 1));
        target.append(entry(placed("b", 4), 2));
        other.append(entry(placed("c", 1), v(1, 2), EVersion.ZERO, request(99)));

        target.mergeFrom(List.of(other), v(1, 2));

        MemoryStore store = new MemoryStore(new MemoryStore.Disk(), Runnable::run);
        Transaction transaction = new Transaction().add(new Transaction.CreateCollection(meta.collection()));
        meta.writeTo(transaction);
        store.submit(transaction, () -> {});
        for (PgLog merged : List.of(target, reread(store, PG, v(1, 2), new MissingSet(null)))) {
            assertThat(merged.size()).isZero();
            assertThat(merged.head()).isEqualTo(v(1, 2));
            assertThat(merged.tail()).isEqualTo(v(1, 2));
            assertThat(merged.answerTo(request(1))).isNotNull();
            assertThat(merged.answerTo(request(2))).isNotNull();
            assertThat(merged.answerTo(request(99))).isNotNull();
        }
        target.append(entry(placed("d", 6), 3));
        assertThat(target.head()).isEqualTo(v(1, 3));
    }

    /** Seed 202809 of the simulator: one object's place was given to the next, so that nobody missed the first any more. */
    @Test
    void whatAGroupMissesIsSplitWithNothingLost() {
        List<ObjectId> objects =
                Stream.of("o1", "o2", "o3", "o4", "o5").map(PgLogTest::object).toList();
        for (int subset = 0; subset < 1 << objects.size(); subset++) {
            MissingSet parent = new MissingSet(null);
            Set<ObjectId> moved = new TreeSet<>();
            for (int i = 0; i < objects.size(); i++) {
                parent.add(objects.get(i), v(2, i + 1), v(1, i + 1));
                if ((subset & 1 << i) != 0) {
                    moved.add(objects.get(i));
                }
            }
            SortedMap<ObjectId, PgMissing.Item> before = new TreeMap<>(parent.items());
            MissingSet child = new MissingSet(null);
            parent.splitInto(child, moved::contains);
            assertThat(child.items().keySet()).isEqualTo(moved);
            SortedMap<ObjectId, PgMissing.Item> after = new TreeMap<>(parent.items());
            after.putAll(child.items());
            assertThat(after).isEqualTo(before);
            assertThat(child.byNeed()).hasSize(moved.size());
        }
    }
}
