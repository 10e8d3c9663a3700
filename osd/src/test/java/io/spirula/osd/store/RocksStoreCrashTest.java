package io.spirula.osd.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.types.ObjectId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random transactions against a store whose disk fails, and what is there after the next start. {@code -Dspirula.crashSeeds=1000} tries that many seeds, {@code -Dspirula.crashSeed=17} that one only.
 */
class RocksStoreCrashTest {
    private static final RocksOptions OPTIONS = new RocksOptions(4 << 20, 4 << 20, 16 << 20, 3, 24 << 20);
    private static final CollectionId PG = ObjectStoreContract.PG;
    private static final CollectionId OTHER = ObjectStoreContract.OTHER;
    private static final ObjectId MARK = ObjectStoreContract.object("mark", 77);
    private static final Bytes NUMBER = Bytes.of("number");
    private static final int ROUNDS = 4;

    @TempDir
    Path temporary;

    private final TestReactor reactor = new TestReactor();
    private final FaultyDisk disk = new FaultyDisk();
    private final List<StoreException> failures = new ArrayList<>();
    private Path directory = Path.of("");
    private int copies;
    private RocksStore store;

    /** The state after each transaction, from the newest that is known to be durable on. */
    private final List<MemoryCollections> states = new ArrayList<>();

    private int submitted;
    private int acknowledged;

    @BeforeEach
    void make() {
        directory = temporary.resolve("store0");
        RocksStore.create(directory);
        store = open();
        states.add(new MemoryCollections());
        submit(new Transaction()
                .add(new Transaction.CreateCollection(PG))
                .add(new Transaction.CreateCollection(OTHER)));
        reactor.runUntil(() -> acknowledged == 1);
    }

    @AfterEach
    void release() {
        store.close();
    }

    static IntStream seeds() {
        Integer one = Integer.getInteger("spirula.crashSeed");
        return one == null ? IntStream.range(0, Integer.getInteger("spirula.crashSeeds", 6)) : IntStream.of(one);
    }

    private RocksStore open() {
        return RocksStore.open(directory, OPTIONS, reactor, failures::add, path -> disk.open());
    }

    /** Has the data on the disk before its transaction, or before that is thought better of. */
    private ObjectStore.Staged staged(Transaction transaction) {
        List<Transaction.Write> writes = transaction.ops().stream()
                .filter(Transaction.Write.class::isInstance)
                .map(Transaction.Write.class::cast)
                .toList();
        List<ObjectStore.Staged> ready = new ArrayList<>();
        store.stage(writes, ready::add);
        reactor.runUntil(() -> !ready.isEmpty() || !failures.isEmpty());
        return ready.isEmpty() ? ObjectStore.Staged.NONE : ready.getFirst();
    }

    private void submit(Transaction transaction) {
        submitted++;
        int number = submitted;
        transaction.add(
                new Transaction.OmapSet(PG, MARK, ObjectStoreContract.pairs(NUMBER, Bytes.of(String.valueOf(number)))));
        MemoryCollections next = states.getLast().copy();
        next.apply(transaction);
        states.add(next);
        store.submit(transaction, () -> {
            assertThat(number).isEqualTo(acknowledged + 1);
            acknowledged = number;
        });
    }

    /** The newest transaction that the store has. */
    private int kept() {
        return Integer.parseInt(store.omapValues(PG, MARK, List.of(NUMBER))
                .getOrDefault(NUMBER, Bytes.of("0"))
                .utf8());
    }

    private MemoryCollections state(int number) {
        return states.get(number);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aCrashAnywhereLeavesWholeTransactionsAndAllThatWereAcknowledged(int seed) {
        Random random = new Random(seed);
        String again = "seed " + seed + ": mvn -Dfast -pl osd -am test -Dtest=RocksStoreCrashTest -Dspirula.crashSeed="
                + seed + " -Dsurefire.failIfNoSpecifiedTests=false";
        for (int round = 0; round < ROUNDS; round++) {
            FaultyDisk.Fault fault =
                    random.nextBoolean() ? FaultyDisk.Fault.POWER_FAILURE_BEFORE : FaultyDisk.Fault.POWER_FAILURE_AFTER;
            disk.failAfter(random.nextInt(60), fault);
            for (int i = 0; i < 60 && !disk.hasFailed(); i++) {
                Transaction next = transaction(random);
                try (ObjectStore.Staged staged = random.nextBoolean() ? staged(next) : ObjectStore.Staged.NONE) {
                    submit(random.nextInt(4) == 0 ? next : next.use(staged));
                }
                switch (random.nextInt(6)) {
                    case 0 -> reactor.runUntil(() -> acknowledged == submitted || disk.hasFailed());
                    case 1 -> reactor.runReady();
                    case 2 -> compareSome(random, again);
                    default -> {}
                }
            }
            crash(random);
            int kept = kept();
            assertThat(kept).as(again).isBetween(acknowledged, submitted);
            ObjectStoreContract.compare(store, reactor, state(kept), again);
            while (states.size() > kept + 1) {
                states.removeLast();
            }
            submitted = kept;
            acknowledged = kept;
        }
    }

    /** The power goes: what the database has in files is what a copy of them has, what the disk has is its own affair. */
    private void crash(Random random) {
        int told = acknowledged;
        disk.freeze();
        Path copy = temporary.resolve("store" + ++copies);
        store.whileStill(() -> StoreFiles.copy(directory, copy));
        store.close();
        reactor.runReady();
        acknowledged = told; // what the database alone has made durable since the copy was after the power went
        directory = copy;
        disk.powerCycle(random);
        failures.clear();
        List<String> problems = new ArrayList<>();
        StoreCheck.run(directory, problems::add, path -> disk.open());
        assertThat(problems).isEmpty();
        store = open();
    }

    private static Transaction transaction(Random random) {
        Transaction transaction = new Transaction();
        for (int n = random.nextInt(3); n >= 0; n--) {
            transaction.add(op(random));
        }
        return transaction;
    }

    private static ObjectId object(int number) {
        return ObjectStoreContract.object("o" + number, number);
    }

    private static Transaction.Op op(Random random) {
        CollectionId c = random.nextInt(3) == 0 ? OTHER : PG;
        ObjectId o = object(random.nextInt(6));
        long offset = switch (random.nextInt(3)) {
            case 0 -> 0;
            case 1 -> random.nextInt(8) * 65_536L;
            default -> random.nextInt(400_000);
        };
        int length = switch (random.nextInt(4)) {
            case 0 -> 1 + random.nextInt(9000);
            case 1 -> 65_536 << random.nextInt(4);
            default -> 1 + random.nextInt(500_000);
        };
        return switch (random.nextInt(15)) {
            case 0, 1, 2, 3, 4, 5, 6 ->
                new Transaction.Write(c, o, offset, ObjectStoreContract.pattern(random.nextInt(), length));
            case 7 -> new Transaction.Zero(c, o, offset, length);
            case 8 -> new Transaction.Truncate(c, o, offset);
            case 9 -> new Transaction.Remove(c, o);
            case 10, 11 -> new Transaction.Clone(c, o, object(random.nextInt(6)));
            case 14 ->
                c.equals(OTHER)
                        ? new Transaction.SplitCollection(OTHER, 0, 0, PG)
                        : new Transaction.SplitCollection(PG, 3, 1 + random.nextInt(4), OTHER);
            case 12 -> new Transaction.CloneRange(c, o, object(random.nextInt(6)), offset, length, offset);
            default ->
                new Transaction.OmapSet(
                        c, o, ObjectStoreContract.pairs(NUMBER, ObjectStoreContract.pattern(random.nextInt(), 50)));
        };
    }

    /** What was submitted is seen at once, on its way or not. */
    private void compareSome(Random random, String again) {
        if (!failures.isEmpty()) {
            return; // the store has failed within the submission, and takes nothing any more
        }
        ObjectId id = object(random.nextInt(6));
        MemoryObject wanted = states.getLast().find(PG, id);
        assertThat(store.size(PG, id)).as(again).isEqualTo(wanted == null ? -1 : wanted.data.size());
        if (wanted != null && !disk.hasFailed()) {
            assertThat(ObjectStoreContract.read(store, reactor, PG, id, 0, 0))
                    .as(again)
                    .isEqualTo(wanted.data.read(0, 0));
        }
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aDiskThatFailsEndsTheStoreWithOneLineAndNothingMoreIsAcknowledged(FaultyDisk.Fault fault, int before) {
        disk.failAfter(before, fault);
        for (int i = 0; i < 20 && !disk.hasFailed(); i++) {
            submit(new Transaction()
                    .add(new Transaction.Write(PG, object(1), 0, ObjectStoreContract.pattern(i, 300_000))));
            submit(new Transaction().add(new Transaction.Touch(PG, object(2))));
            if (i % 4 == 3) {
                // However many of them one sync takes: there are more than `before` operations in the end.
                reactor.runUntil(() -> acknowledged == submitted || !failures.isEmpty());
            }
        }
        reactor.runUntil(() -> !failures.isEmpty());
        int then = acknowledged;
        reactor.runReady();
        submit(new Transaction().add(new Transaction.Touch(PG, object(3))));
        reactor.runReady();
        assertThat(acknowledged).isEqualTo(then).isLessThan(submitted);
        assertThat(failures).hasSize(1);
        assertThat(failures.getFirst().getMessage()).contains("block file").doesNotContain("\n");
        assertThat(failures.getFirst().kind())
                .isEqualTo(fault == FaultyDisk.Fault.ENOSPC ? StoreException.Kind.NO_SPACE : StoreException.Kind.IO);
        crash(new Random(before));
        int kept = kept();
        assertThat(kept).isBetween(then, submitted);
        ObjectStoreContract.compare(store, reactor, state(kept), "");
    }

    static Stream<org.junit.jupiter.params.provider.Arguments> faults() {
        return Stream.of(FaultyDisk.Fault.EIO, FaultyDisk.Fault.ENOSPC)
                .flatMap(fault ->
                        IntStream.range(0, 6).mapToObj(n -> org.junit.jupiter.params.provider.Arguments.of(fault, n)));
    }

    @Test
    void aFullBlockFileEndsTheStore() {
        for (int i = 0; failures.isEmpty() && i < 200; i++) {
            submit(new Transaction()
                    .add(new Transaction.Write(PG, object(i), 0, ObjectStoreContract.pattern(i, 1 << 20))));
            reactor.runReady();
        }
        assertThat(failures).hasSize(1);
        assertThat(failures.getFirst().kind()).isEqualTo(StoreException.Kind.NO_SPACE);
    }

    @Test
    void whatIsSubmittedBehindStagedDataWaitsForNoneOfIt() {
        Transaction large =
                new Transaction().add(new Transaction.Write(PG, object(1), 0, ObjectStoreContract.pattern(1, 1 << 20)));
        try (ObjectStore.Staged staged = staged(large)) {
            int before = disk.operations();
            submit(large.use(staged));
            submit(new Transaction().add(new Transaction.Touch(PG, object(2))));
            reactor.runUntil(() -> acknowledged == submitted);
            assertThat(disk.operations()).isEqualTo(before);
        }
        ObjectStoreContract.compare(store, reactor, states.getLast(), "");
    }

    @Test
    void stagedDataThatNobodyUsesTakesNoRoom() {
        for (int i = 0; i < 100; i++) {
            Transaction dropped = new Transaction()
                    .add(new Transaction.Write(PG, object(i), 0, ObjectStoreContract.pattern(i, 1 << 20)));
            try (ObjectStore.Staged staged = staged(dropped)) {
                assertThat(staged).isNotSameAs(ObjectStore.Staged.NONE);
            }
        }
        assertThat(store.usage().dataBytes()).isLessThan(1 << 20);
    }

    @Test
    void slotsAreUsedAgainAndAgain() {
        for (int i = 0; i < 100; i++) {
            submit(new Transaction()
                    .add(new Transaction.Write(PG, object(i % 3), 0, ObjectStoreContract.pattern(i, 1 << 20))));
            reactor.runUntil(() -> acknowledged == submitted);
        }
        assertThat(failures).isEmpty();
        ObjectStoreContract.compare(store, reactor, states.getLast(), "");
    }

    @Test
    void rottenBitsAreFoundByEveryReadAndByTheCheck() {
        submit(new Transaction()
                .add(new Transaction.Write(PG, object(1), 0, ObjectStoreContract.pattern(1, 100_000)))
                .add(new Transaction.Clone(PG, object(1), object(2))));
        reactor.runUntil(() -> acknowledged == submitted);
        disk.rot(70_000);
        for (ObjectId id : List.of(object(1), object(2))) {
            assertThat(ObjectStoreContract.read(store, reactor, PG, id, 0, 65_536))
                    .isEqualTo(ObjectStoreContract.pattern(1, 100_000).slice(0, 65_536));
            assertThatThrownBy(() -> ObjectStoreContract.read(store, reactor, PG, id, 65_536, 10))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.DAMAGED));
        }
        store.close();
        List<String> problems = new ArrayList<>();
        StoreCheck.Result result = StoreCheck.run(directory, problems::add, path -> disk.open());
        assertThat(problems).hasSize(1);
        assertThat(problems.getFirst()).containsPattern("o[12].*checksum.*65536 to 81920");
        assertThat(result.problems()).isEqualTo(1);
    }
}
