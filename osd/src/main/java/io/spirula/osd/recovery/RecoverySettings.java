package io.spirula.osd.recovery;

import io.spirula.common.config.Config;
import java.time.Duration;
import java.util.Set;

/** The options of recovery as they are now: whoever changes one changes what happens next. */
public final class RecoverySettings {
    static final Set<String> OPTIONS = Set.of(
            "osd_max_backfills",
            "osd_recovery_max_active",
            "osd_recovery_max_active_hdd",
            "osd_recovery_max_active_ssd",
            "osd_recovery_max_single_start",
            "osd_recovery_pause_ratio",
            "osd_recovery_sleep",
            "osd_recovery_sleep_hdd",
            "osd_recovery_sleep_ssd");

    private final Config config;
    private final boolean rotating;
    private int maxBackfills;
    private int maxActive;
    private int maxSingleStart;
    private Duration sleep = Duration.ZERO;
    private double pauseRatio;

    /** @param rotating whether the store is on a rotating disk */
    public RecoverySettings(Config config, boolean rotating) {
        this.config = config;
        this.rotating = rotating;
        read();
    }

    /** Takes over what was changed of what is asked for each object. */
    void read() {
        maxBackfills = number("osd_max_backfills", 1);
        int byDisk = rotating ? number("osd_recovery_max_active_hdd", 3) : number("osd_recovery_max_active_ssd", 10);
        int forAll = number("osd_recovery_max_active", 0);
        maxActive = forAll > 0 ? forAll : byDisk;
        maxSingleStart = Math.max(1, number("osd_recovery_max_single_start", 1));
        Duration forAnyDisk = config.span("osd_recovery_sleep", Duration.ZERO);
        sleep = forAnyDisk.isPositive()
                ? forAnyDisk
                : rotating
                        ? config.span("osd_recovery_sleep_hdd", Duration.ofMillis(100))
                        : config.span("osd_recovery_sleep_ssd", Duration.ZERO);
        pauseRatio = Math.max(0, config.real("osd_recovery_pause_ratio", 1));
    }

    private int number(String option, long fallback) {
        return Math.clamp(config.integer(option, fallback), 0, Integer.MAX_VALUE);
    }

    public int maxBackfills() {
        return maxBackfills;
    }

    /** How many objects an OSD recovers at a time. */
    public int maxActive() {
        return maxActive;
    }

    /** How many objects a group starts at its turn. */
    public int maxSingleStart() {
        return maxSingleStart;
    }

    public Duration sleep() {
        return sleep;
    }

    /** While clients are served: how many times as long as objects took recovery pauses after them; 0 for not at all. */
    public double pauseRatio() {
        return pauseRatio;
    }

    /** The priority of messages that carry what no client waits for. */
    public int priority() {
        return number("osd_recovery_op_priority", 3);
    }

    /** The priority of messages that carry what a client waits for. */
    public int clientPriority() {
        return number("osd_client_op_priority", 63);
    }

    /** Whether a client waits for what a message of this priority carries. */
    public boolean isAwaited(int messagePriority) {
        return messagePriority > priority();
    }

    /** How many objects go in one message. */
    public int maxPushObjects() {
        return Math.max(1, number("osd_max_push_objects", 10));
    }

    /** How much goes in one message, in bytes, if it is more than one object. */
    public int maxPushCost() {
        return number("osd_max_push_cost", 8 << 20);
    }

    /** What an object counts for beside its bytes. */
    public int perObjectCost() {
        return number("osd_push_per_object_cost", 1000);
    }

    /** How many bytes of an object go in one message. */
    public int maxChunk() {
        return Math.max(1, number("osd_recovery_max_chunk", 8 << 20));
    }

    /** How many omap entries of an object go in one message. */
    public int maxOmapEntries() {
        return Math.max(1, number("osd_recovery_max_omap_entries_per_chunk", 8096));
    }

    /** How many objects a backfill compares at least in one go, where there is a choice. */
    public int scanMin() {
        return Math.max(1, number("osd_backfill_scan_min", 64));
    }

    public int scanMax() {
        return Math.max(scanMin(), number("osd_backfill_scan_max", 512));
    }

    /** After how long what was refused or preempted is tried again. */
    public Duration retry(boolean backfill) {
        return config.span(
                backfill ? "osd_backfill_retry_interval" : "osd_recovery_retry_interval", Duration.ofSeconds(30));
    }
}
