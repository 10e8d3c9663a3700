package io.spirula.osd.queue;

/** For whom work is done. What peers need to go on (writes of other primaries, peering, answers) is of no class: it never waits. Ceph: op_scheduler_class. */
public enum WorkClass {
    CLIENT("client"),
    BACKGROUND_RECOVERY("background_recovery"),
    /** Scrubbing, and removing what belongs here no more. */
    BACKGROUND_BEST_EFFORT("background_best_effort");

    private final String cephName;

    WorkClass(String cephName) {
        this.cephName = cephName;
    }

    public String cephName() {
        return cephName;
    }
}
