package io.spirula.osd.peering;

import java.util.List;

/** What peering asks of one epoch's OSD map, about one placement group. */
public interface PeeringMap {
    /** In up and acting sets: nobody. Ceph: CRUSH_ITEM_NONE. */
    int NONE = 0x7fffffff;

    int epoch();

    /** Where the group belongs; OSD numbers, {@link #NONE} for a hole. */
    List<Integer> up();

    int upPrimary();

    /** Who serves it now. */
    List<Integer> acting();

    int actingPrimary();

    /** How many replicas there should be, and with how many writes are taken. */
    int size();

    int minSize();

    int pgNum();

    /** How many groups there are to be once the next one has merged into another. */
    default int pgNumPending() {
        return pgNum();
    }

    /** Whether the group is to take part in a merge: then it comes to rest and serves nobody. Ceph: pg_pool_t::is_pending_merge. */
    default boolean isPendingMerge() {
        return false;
    }

    boolean exists(int osd);

    boolean isUp(int osd);

    /** Since which epoch it is up; of one that is down, since when it was. */
    int upFrom(int osd);

    /** Up to which epoch the monitors know it to have been alive while primary. */
    int upThru(int osd);

    /** Whether it is known to have ended, and not just not to answer. Ceph: OSDMap::is_dead. */
    boolean isDead(int osd);

    /** In which epoch an administrator gave up what it stores; 0 for never. */
    int lostAt(int osd);

    /** Whether the OSD's disk is so full that nothing may be written there. */
    default boolean isFull(int osd) {
        return false;
    }

    /** Whether the pool takes nothing that makes it larger. */
    default boolean isPoolFull() {
        return false;
    }

    /** How much more urgent, or less, this pool's recovery is than that of others. */
    default int recoveryPriority() {
        return 0;
    }

    /** Whether it is up, and has been since {@code epoch}. */
    default boolean hasBeenUpSince(int osd, int epoch) {
        return isUp(osd) && upFrom(osd) <= epoch;
    }
}
