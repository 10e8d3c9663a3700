package io.spirula.osd.scrub;

/**
 * What kind of scrub. Ceph: scrub_flags_t with requested_scrub_t.
 *
 * @param required asked for by a person, or needed after a repair: neither flags nor hours hold it up
 * @param repair what is found is repaired
 * @param autoRepair repaired only where it is little
 * @param checkRepair shows whether an earlier repair has mended all
 * @param deepScrubOnError a shallow one that is to be followed by a deep one that repairs, if it finds something
 */
public record ScrubPlan(
        boolean required,
        boolean deep,
        boolean repair,
        boolean autoRepair,
        boolean checkRepair,
        boolean deepScrubOnError) {
    public static ScrubPlan requested(boolean deep, boolean repair) {
        return new ScrubPlan(true, deep || repair, repair, false, false, false);
    }

    /** After a repair: to count what is left of the errors. */
    public static final ScrubPlan CHECK_REPAIR = new ScrubPlan(true, true, false, false, true, false);

    /** After a shallow scrub that found few errors. */
    public static final ScrubPlan AUTO_REPAIR = new ScrubPlan(true, true, true, true, false, false);

    /** As Ceph logs it. */
    public String modeText() {
        return repair && !autoRepair ? "repair" : deep ? "deep-scrub" : "scrub";
    }
}
