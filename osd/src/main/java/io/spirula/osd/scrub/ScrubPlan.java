package io.spirula.osd.scrub;

/**
 * What kind of scrub. Ceph: scrub_flags_t with requested_scrub_t.
 *
 * @param required asked for by a person, or needed after a repair: neither flags nor hours hold it up
 * @param repair what is found is repaired
 * @param autoRepair if it finds little, one that repairs follows
 * @param checkRepair shows whether an earlier repair has mended all
 */
public record ScrubPlan(boolean required, boolean deep, boolean repair, boolean autoRepair, boolean checkRepair) {
    /** After a repair: to count what is left of the errors. */
    public static final ScrubPlan CHECK_REPAIR = new ScrubPlan(true, true, false, false, true);

    /** A repair always reads everything. */
    public static ScrubPlan requested(boolean deep, boolean repair) {
        return new ScrubPlan(true, deep || repair, repair, false, false);
    }

    public static ScrubPlan scheduled(boolean deep, boolean autoRepair) {
        return new ScrubPlan(false, deep, false, autoRepair, false);
    }

    /** What does for both. */
    public ScrubPlan with(ScrubPlan other) {
        return new ScrubPlan(
                required || other.required,
                deep || other.deep,
                repair || other.repair,
                autoRepair || other.autoRepair,
                checkRepair || other.checkRepair);
    }

    /** As Ceph logs it. */
    public String modeText() {
        return repair ? "repair" : deep ? "deep-scrub" : "scrub";
    }
}
