package io.spirula.osd.queue;

import io.spirula.common.config.Config;
import java.util.EnumMap;
import java.util.Map;

/**
 * How work is shared out.
 *
 * @param mclock by reservations, weights and limits instead of weights alone: osd_op_queue
 * @param strictFrom the weight from which on a class goes before all others: osd_op_queue_cut_off
 * @param weights osd_client_op_priority, osd_recovery_op_priority, osd_scrub_priority
 * @param shares for mclock: osd_mclock_scheduler_*, or what osd_mclock_profile says
 * @param perByte for mclock: how many times a byte costs what an operation does
 */
public record QueueSettings(
        boolean mclock, int strictFrom, Map<WorkClass, Integer> weights, Map<WorkClass, Share> shares, double perByte) {
    /** Ceph: CEPH_MSG_PRIO_HIGH and CEPH_MSG_PRIO_LOW. */
    private static final int CUT_OFF_HIGH = 196;

    private static final int CUT_OFF_LOW = 64;

    /**
     * What one class, or one client of it, gets.
     *
     * @param reservation operations a second that it gets in any case
     * @param weight its part of what is left
     * @param limit operations a second beyond which it waits even when nobody else wants anything
     */
    public record Share(double reservation, double weight, double limit) {}

    public static QueueSettings of(Config config) {
        EnumMap<WorkClass, Integer> weights = new EnumMap<>(WorkClass.class);
        weights.put(WorkClass.CLIENT, (int) config.integer("osd_client_op_priority", 63));
        weights.put(WorkClass.BACKGROUND_RECOVERY, (int) config.integer("osd_recovery_op_priority", 3));
        weights.put(WorkClass.BACKGROUND_BEST_EFFORT, (int) config.integer("osd_scrub_priority", 5));
        boolean turns = config.string("osd_class", "ssd").equals("hdd");
        String suffix = turns ? "_hdd" : "_ssd";
        double perIo = cost(config, "osd_mclock_cost_per_io_usec", suffix, turns ? 25_000 : 50);
        double perByte = cost(config, "osd_mclock_cost_per_byte_usec", suffix, turns ? 5.2 : 0.011);
        double capacity = config.real("osd_mclock_max_capacity_iops" + suffix, turns ? 315 : 21_500);
        return new QueueSettings(
                config.string("osd_op_queue", "wpq").equals("mclock_scheduler"),
                config.string("osd_op_queue_cut_off", "high").equals("low") ? CUT_OFF_LOW : CUT_OFF_HIGH,
                weights,
                shares(config, capacity),
                perIo <= 0 ? 0 : perByte / perIo);
    }

    private static double cost(Config config, String option, String suffix, double fallback) {
        double set = config.real(option, 0);
        return set > 0 ? set : config.real(option + suffix, fallback);
    }

    /** Source of the profiles: the manual's mClock config reference for pacific, whose percentages are of the capacity. */
    private static Map<WorkClass, Share> shares(Config config, double capacity) {
        return switch (config.string("osd_mclock_profile", "high_client_ops")) {
            case "balanced" ->
                shares(
                        new Share(0.4 * capacity, 1, capacity),
                        new Share(0.4 * capacity, 1, 1.5 * capacity),
                        new Share(0.2 * capacity, 2, Double.MAX_VALUE));
            case "high_recovery_ops" ->
                shares(
                        new Share(0.3 * capacity, 1, 0.8 * capacity),
                        new Share(0.6 * capacity, 2, 2 * capacity),
                        new Share(1, 2, Double.MAX_VALUE));
            case "custom" ->
                shares(
                        custom(config, WorkClass.CLIENT),
                        custom(config, WorkClass.BACKGROUND_RECOVERY),
                        custom(config, WorkClass.BACKGROUND_BEST_EFFORT));
            default ->
                shares(
                        new Share(0.5 * capacity, 2, Double.MAX_VALUE),
                        new Share(0.25 * capacity, 1, capacity),
                        new Share(0.25 * capacity, 2, Double.MAX_VALUE));
        };
    }

    private static Map<WorkClass, Share> shares(Share client, Share recovery, Share bestEffort) {
        return new EnumMap<>(Map.of(
                WorkClass.CLIENT, client,
                WorkClass.BACKGROUND_RECOVERY, recovery,
                WorkClass.BACKGROUND_BEST_EFFORT, bestEffort));
    }

    private static Share custom(Config config, WorkClass kind) {
        String prefix = "osd_mclock_scheduler_" + kind.cephName();
        return new Share(
                config.integer(prefix + "_res", 1),
                config.integer(prefix + "_wgt", 1),
                config.integer(prefix + "_lim", 999_999));
    }

    int weight(WorkClass kind) {
        return Math.max(1, weights.getOrDefault(kind, 1));
    }

    Share share(WorkClass kind) {
        return shares.getOrDefault(kind, new Share(1, 1, Double.MAX_VALUE));
    }

    /** What work costs, in operations. Ceph: mClockScheduler::calc_scaled_cost. */
    double operations(Work work) {
        return 1 + work.bytes() * perByte;
    }
}
