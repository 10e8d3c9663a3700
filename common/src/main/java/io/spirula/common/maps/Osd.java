package io.spirula.common.maps;

import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.Uuid;

/**
 * One OSD's row of the map. Ceph keeps a vector for each of these.
 *
 * @param state bits of {@link OsdState}
 * @param weight what share of its CRUSH weight counts, {@link #IN} being all and 0 out
 * @param primaryAffinity how often it is chosen as primary, {@link #DEFAULT_AFFINITY} being always
 */
public record Osd(
        int state,
        int weight,
        int primaryAffinity,
        EntityAddrs client,
        EntityAddrs cluster,
        EntityAddrs heartbeatBack,
        EntityAddrs heartbeatFront,
        OsdInfo info,
        OsdXInfo xinfo,
        Uuid uuid) {
    public static final int IN = 0x10000;
    public static final int OUT = 0;
    public static final int DEFAULT_AFFINITY = 0x10000;
    /** A number that no OSD has yet. */
    public static final Osd NONE = new Osd(
            0,
            0,
            DEFAULT_AFFINITY,
            EntityAddrs.NONE,
            EntityAddrs.NONE,
            EntityAddrs.NONE,
            EntityAddrs.NONE,
            OsdInfo.NONE,
            OsdXInfo.NONE,
            Uuid.ZERO);

    public boolean has(int stateBits) {
        return (state & stateBits) == stateBits;
    }

    public boolean exists() {
        return has(OsdState.EXISTS);
    }

    public boolean isUp() {
        return has(OsdState.EXISTS | OsdState.UP);
    }

    public boolean isIn() {
        return exists() && weight != OUT;
    }

    public Osd withState(int newState) {
        return new Osd(
                newState, weight, primaryAffinity, client, cluster, heartbeatBack, heartbeatFront, info, xinfo, uuid);
    }

    public Osd withWeight(int newWeight) {
        return new Osd(
                state, newWeight, primaryAffinity, client, cluster, heartbeatBack, heartbeatFront, info, xinfo, uuid);
    }

    public Osd withPrimaryAffinity(int affinity) {
        return new Osd(state, weight, affinity, client, cluster, heartbeatBack, heartbeatFront, info, xinfo, uuid);
    }

    /** With the addresses for clients and for heartbeats: what a boot announces. */
    public Osd withUpAddrs(EntityAddrs newClient, EntityAddrs newHeartbeatBack, EntityAddrs newHeartbeatFront) {
        return new Osd(
                state,
                weight,
                primaryAffinity,
                newClient,
                cluster,
                newHeartbeatBack,
                newHeartbeatFront,
                info,
                xinfo,
                uuid);
    }

    public Osd withCluster(EntityAddrs addrs) {
        return new Osd(state, weight, primaryAffinity, client, addrs, heartbeatBack, heartbeatFront, info, xinfo, uuid);
    }

    public Osd withInfo(OsdInfo newInfo) {
        return new Osd(
                state, weight, primaryAffinity, client, cluster, heartbeatBack, heartbeatFront, newInfo, xinfo, uuid);
    }

    public Osd withXInfo(OsdXInfo newXInfo) {
        return new Osd(
                state, weight, primaryAffinity, client, cluster, heartbeatBack, heartbeatFront, info, newXInfo, uuid);
    }

    public Osd withUuid(Uuid newUuid) {
        return new Osd(
                state, weight, primaryAffinity, client, cluster, heartbeatBack, heartbeatFront, info, xinfo, newUuid);
    }
}
