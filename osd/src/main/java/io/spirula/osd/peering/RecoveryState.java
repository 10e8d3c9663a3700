package io.spirula.osd.peering;

import io.spirula.common.pg.PgShard;
import java.util.List;

/**
 * Where an active primary is on its way from missing objects to none: a place of its own OSD first, then one at each peer that takes part, then the copying itself.
 *
 * <p>{@code WaitLocalRecoveryReserved → WaitRemoteRecoveryReserved → Recovering → (WaitLocalBackfillReserved → WaitRemoteBackfillReserved → Backfilling →) Recovered}. From each step it may fall back to NotRecovering or
 * NotBackfilling, where it holds no places and waits to begin again.
 */
public sealed interface RecoveryState extends PeeringState.Active {
    /** Why a group neither recovers nor waits for a place. */
    enum Pause {
        /** There is no room where the objects are to go. */
        TOOFULL,
        /** What is left to be copied, nobody has. */
        UNFOUND
    }

    record WaitLocalRecoveryReserved() implements RecoveryState {
        @Override
        public String cephName() {
            return "Started/Primary/Active/WaitLocalRecoveryReserved";
        }
    }

    /** @param asked peers that were asked so far, in order; the last of them has not answered yet */
    record WaitRemoteRecoveryReserved(List<PgShard> asked) implements RecoveryState {
        @Override
        public String cephName() {
            return "Started/Primary/Active/WaitRemoteRecoveryReserved";
        }
    }

    record Recovering() implements RecoveryState {
        @Override
        public String cephName() {
            return "Started/Primary/Active/Recovering";
        }
    }

    record NotRecovering(Pause why) implements RecoveryState {
        @Override
        public String cephName() {
            return "Started/Primary/Active/NotRecovering";
        }
    }

    record WaitLocalBackfillReserved() implements RecoveryState {
        @Override
        public String cephName() {
            return "Started/Primary/Active/WaitLocalBackfillReserved";
        }
    }

    /** @param asked targets that were asked so far, in order; the last of them has not answered yet */
    record WaitRemoteBackfillReserved(List<PgShard> asked) implements RecoveryState {
        @Override
        public String cephName() {
            return "Started/Primary/Active/WaitRemoteBackfillReserved";
        }
    }

    record Backfilling() implements RecoveryState {
        @Override
        public String cephName() {
            return "Started/Primary/Active/Backfilling";
        }
    }

    record NotBackfilling(Pause why) implements RecoveryState {
        @Override
        public String cephName() {
            return "Started/Primary/Active/NotBackfilling";
        }
    }
}
