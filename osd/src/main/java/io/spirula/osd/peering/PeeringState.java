package io.spirula.osd.peering;

import io.spirula.common.pg.PgShard;
import java.util.List;
import java.util.Set;

/**
 * Where a placement group's peering is. Ceph's states; a state's data goes with it.
 *
 * <p>Initial → Reset → GetInfo → GetLog → GetMissing → (WaitUpThru →) Activating → ({@link RecoveryState} →) Recovered → Clean on the primary, with Down, Incomplete and WaitActingChange beside the way;
 * {@code Reset → Stray → ReplicaActive} elsewhere. Every new interval leads back to Reset.
 */
public sealed interface PeeringState {
    /** Ceph's name, with the states around it. */
    String cephName();

    /** States of a primary that has not agreed with its peers yet; {@code prior} is whom it has to hear. */
    sealed interface Peering extends PeeringState {
        PriorSet prior();
    }

    /** States of a primary that has. */
    sealed interface Active extends PeeringState permits Activating, RecoveryState, Recovered, Clean {}

    record Initial() implements PeeringState {
        @Override
        public String cephName() {
            return "Initial";
        }
    }

    record Reset() implements PeeringState {
        @Override
        public String cephName() {
            return "Reset";
        }
    }

    /** Asks everybody who may know something for their infos. */
    record GetInfo(PriorSet prior, Set<PgShard> awaited) implements Peering {
        @Override
        public String cephName() {
            return "Started/Primary/Peering/GetInfo";
        }
    }

    /** Asks the one whose log is authoritative for it. */
    record GetLog(PriorSet prior, PgShard authority) implements Peering {
        @Override
        public String cephName() {
            return "Started/Primary/Peering/GetLog";
        }
    }

    /** Others have to act: waits for the monitors to say so. */
    record WaitActingChange(PriorSet prior, List<Integer> want) implements Peering {
        @Override
        public String cephName() {
            return "Started/Primary/WaitActingChange";
        }
    }

    /** Asks the replicas for their logs, to learn what each misses. */
    record GetMissing(PriorSet prior, Set<PgShard> awaited) implements Peering {
        @Override
        public String cephName() {
            return "Started/Primary/Peering/GetMissing";
        }
    }

    /** Waits until the map says that this OSD is alive in this interval, so that later primaries know that writes may have happened. */
    record WaitUpThru(PriorSet prior) implements Peering {
        @Override
        public String cephName() {
            return "Started/Primary/Peering/WaitUpThru";
        }
    }

    /** Somebody who is down may have the only copy of a write. */
    record Down(PriorSet prior) implements Peering {
        @Override
        public String cephName() {
            return "Started/Primary/Peering/Down";
        }
    }

    /** Nobody who answers has a whole copy. */
    record Incomplete(PriorSet prior) implements Peering {
        @Override
        public String cephName() {
            return "Started/Primary/Peering/Incomplete";
        }
    }

    record Activating(Set<PgShard> activated) implements Active {
        @Override
        public String cephName() {
            return "Started/Primary/Active/Activating";
        }
    }

    record Recovered() implements Active {
        @Override
        public String cephName() {
            return "Started/Primary/Active/Recovered";
        }
    }

    record Clean() implements Active {
        @Override
        public String cephName() {
            return "Started/Primary/Active/Clean";
        }
    }

    /** Not the primary, and not told to activate yet. */
    record Stray() implements PeeringState {
        @Override
        public String cephName() {
            return "Started/Stray";
        }
    }

    /** A replica that the primary has told to activate. */
    sealed interface ReplicaActive extends PeeringState permits ReplicaState {}
}
