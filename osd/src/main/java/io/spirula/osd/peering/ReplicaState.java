package io.spirula.osd.peering;

/** Where an active replica is in giving its primary a place for recovery or backfill. */
public sealed interface ReplicaState extends PeeringState.ReplicaActive {
    record RepNotRecovering() implements ReplicaState {
        @Override
        public String cephName() {
            return "Started/ReplicaActive/RepNotRecovering";
        }
    }

    record RepWaitRecoveryReserved() implements ReplicaState {
        @Override
        public String cephName() {
            return "Started/ReplicaActive/RepWaitRecoveryReserved";
        }
    }

    record RepWaitBackfillReserved() implements ReplicaState {
        @Override
        public String cephName() {
            return "Started/ReplicaActive/RepWaitBackfillReserved";
        }
    }

    /** The primary has a place here. */
    record RepRecovering(boolean backfill) implements ReplicaState {
        @Override
        public String cephName() {
            return "Started/ReplicaActive/RepRecovering";
        }
    }
}
