package io.spirula.osd.peering;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.pg.PgState;
import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;
import io.spirula.osd.recovery.Reserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** How a group gets its places for recovery and backfill, as scripts: what happens, then where the primary and osd.2 are, and what the group reports. */
class RecoveryScriptTest {
    /** Another group, which takes the only place. */
    private static final ShardPgId OTHER = ShardPgId.replica(new PgId(1, 1));

    private static final Map<Long, String> BITS = new TreeMap<>(Map.of(
            PgState.RECOVERY_WAIT, "recovery_wait",
            PgState.RECOVERING, "recovering",
            PgState.BACKFILL_WAIT, "backfill_wait",
            PgState.BACKFILLING, "backfilling",
            PgState.BACKFILL_TOOFULL, "backfill_toofull",
            PgState.FORCED_RECOVERY, "forced_recovery",
            PgState.FORCED_BACKFILL, "forced_backfill",
            PgState.CLEAN, "clean"));

    private final PeeringSimulation world = new PeeringSimulation(7, 3, 3, 2);
    private final List<String> script = new ArrayList<>();

    private SimulatedOsd replica() {
        return world.osds.get(2);
    }

    private void write(int from, int to) {
        for (int i = from; i < to; i++) {
            world.settle();
            assertThat(world.write(i, false)).isTrue();
        }
        world.settle();
    }

    private static void occupy(Reserver<ShardPgId> places, int priority) {
        places.request(OTHER, priority, () -> {}, () -> {});
    }

    private void note(String what) {
        List<String> bits = new ArrayList<>();
        long state = world.primary().pg().report().stateBits();
        BITS.forEach((bit, name) -> {
            if ((state & bit) != 0) {
                bits.add(name);
            }
        });
        script.add(what + ": " + last(world.primary()) + ", " + last(replica()) + ", " + String.join("+", bits));
    }

    private static String last(SimulatedOsd osd) {
        String name = osd.pg().state().cephName();
        return name.substring(name.lastIndexOf('/') + 1);
    }

    private void settled(String what) {
        world.settle();
        note(what);
    }

    private void until(String what, BooleanSupplier reached) {
        while (!reached.getAsBoolean()) {
            assertThat(world.step()).as(world::tail).isTrue();
        }
        note(what);
    }

    private boolean primaryIs(Class<?> state) {
        return state.isInstance(world.primary().pg().state());
    }

    private void assertScript(String expected) {
        assertThat(String.join("\n", script) + "\n").isEqualTo(expected);
        world.check();
    }

    @Test
    void recoveryWaitsForAPlaceHereAndThenThere() {
        write(0, 3);
        world.crash(2);
        world.settle();
        write(0, 4);
        occupy(world.primary().local, 255);
        world.restart(2);
        occupy(replica().remote, 255);
        settled("both places are taken");
        world.primary().local.cancel(OTHER);
        settled("the primary's is free");
        replica().remote.cancel(OTHER);
        until("the replica's is free", () -> primaryIs(RecoveryState.Recovering.class));
        settled("some time later");
        assertThat(world.primary().local.held()).isEmpty();
        assertThat(replica().remote.held()).isEmpty();
        assertScript("""
                both places are taken: WaitLocalRecoveryReserved, RepNotRecovering, recovery_wait
                the primary's is free: WaitRemoteRecoveryReserved, RepWaitRecoveryReserved, recovery_wait
                the replica's is free: Recovering, RepRecovering, recovering
                some time later: Clean, RepNotRecovering, clean
                """);
    }

    @Test
    void aMoreUrgentGroupTakesThePlaceAndAForcedOneTakesItBack() {
        write(0, 3);
        world.crash(2);
        world.settle();
        write(0, 6);
        world.restart(2);
        until("it recovers", () -> primaryIs(RecoveryState.Recovering.class));
        occupy(replica().remote, 220);
        until("its place is taken", () -> primaryIs(RecoveryState.WaitRemoteRecoveryReserved.class));
        settled("it waits");
        world.primary().handle(new RecoveryEvent.Force(false, true));
        note("an operator wants it first");
        occupy(world.primary().local, 230);
        settled("a more urgent one comes here");
        replica().remote.cancel(OTHER);
        settled("the other is done");
        assertScript("""
                it recovers: Recovering, RepRecovering, recovering
                its place is taken: WaitRemoteRecoveryReserved, RepNotRecovering, recovery_wait
                it waits: WaitRemoteRecoveryReserved, RepWaitRecoveryReserved, recovery_wait
                an operator wants it first: WaitRemoteRecoveryReserved, RepWaitRecoveryReserved, recovery_wait+forced_recovery
                a more urgent one comes here: WaitRemoteRecoveryReserved, RepWaitRecoveryReserved, recovery_wait+forced_recovery
                the other is done: Clean, RepNotRecovering, clean
                """);
    }

    @Test
    void aPlaceThatIsTakenBeforeTheReplicaHeardOfItIsAskedForAgain() {
        write(0, 3);
        world.crash(2);
        world.settle();
        write(0, 6);
        world.restart(2);
        until("it asks", () -> replica().pg().state() instanceof ReplicaState.RepWaitRecoveryReserved);
        occupy(replica().remote, 255);
        settled("another takes the place");
        replica().remote.cancel(OTHER);
        settled("the other is done");
        assertScript("""
                it asks: WaitRemoteRecoveryReserved, RepWaitRecoveryReserved, recovery_wait
                another takes the place: WaitRemoteRecoveryReserved, RepWaitRecoveryReserved, recovery_wait
                the other is done: Clean, RepNotRecovering, clean
                """);
    }

    @Test
    void backfillAsksForRoomAndTriesAgainWhereThereIsNone() {
        write(0, 10);
        world.crash(2);
        world.settle();
        write(0, 40);
        replica().tooFull = true;
        world.restart(2);
        settled("the target is too full");
        List<Runnable> retries = List.copyOf(world.primary().retries);
        assertThat(retries).hasSize(1);
        replica().tooFull = false;
        retries.getFirst().run();
        until("it has room", () -> primaryIs(RecoveryState.Backfilling.class));
        occupy(replica().remote, 254);
        until("its place is taken", () -> primaryIs(RecoveryState.WaitRemoteBackfillReserved.class));
        replica().remote.cancel(OTHER);
        settled("the other is done");
        assertScript("""
                the target is too full: NotBackfilling, RepNotRecovering, backfill_toofull
                it has room: Backfilling, RepRecovering, backfilling
                its place is taken: WaitRemoteBackfillReserved, RepNotRecovering, backfill_wait
                the other is done: Clean, RepNotRecovering, clean
                """);
    }
}
