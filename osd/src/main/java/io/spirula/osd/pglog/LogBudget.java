package io.spirula.osd.pglog;

import io.spirula.common.config.Config;

/**
 * What an OSD's options say of its groups' logs: so many entries in all, shared out evenly, within what each has at least and at most. Source: OSDService::get_target_pg_log_entries.
 *
 * @param entries osd_target_pg_log_entries_per_osd, over all groups; 0 for as little as each may have
 * @param min osd_min_pg_log_entries
 * @param max osd_max_pg_log_entries, which counts where it is less than {@code min}
 * @param trimMin osd_pg_log_trim_min
 * @param trimMax osd_pg_log_trim_max
 * @param dups osd_pg_log_dups_tracked
 */
public record LogBudget(int entries, int min, int max, int trimMin, int trimMax, int dups) {
    /** Throws ConfigException. */
    public static LogBudget of(Config config) {
        return new LogBudget(
                number(config, "osd_target_pg_log_entries_per_osd", 300_000),
                number(config, "osd_min_pg_log_entries", 250),
                number(config, "osd_max_pg_log_entries", 10_000),
                number(config, "osd_pg_log_trim_min", 100),
                number(config, "osd_pg_log_trim_max", 10_000),
                number(config, "osd_pg_log_dups_tracked", 3000));
    }

    private static int number(Config config, String option, long fallback) {
        return Math.clamp(config.integer(option, fallback), 0, Integer.MAX_VALUE);
    }

    /** What each of so many groups may remember. */
    public PgLog.Limits forEach(int groups) {
        int share = groups > 0 ? entries / groups : 0;
        return new PgLog.Limits(Math.min(max, Math.max(min, share)), trimMin, trimMax, dups);
    }
}
