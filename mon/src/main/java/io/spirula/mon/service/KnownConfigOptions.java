package io.spirula.mon.service;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which names {@code config set} takes for options: those that begin like Ceph's. */
final class KnownConfigOptions {
    private static final String[] PREFIXES = {
        "auth_",
        "bdev_",
        "bluefs_",
        "bluestore_",
        "client_",
        "cluster_",
        "crush_",
        "debug_",
        "err_",
        "filer_",
        "fuse_",
        "log_",
        "mds_",
        "mgr/",
        "mgr_",
        "mon_",
        "ms_",
        "objecter_",
        "osd_",
        "paxos_",
        "perf",
        "public_",
        "rados_",
        "rbd_",
        "rgw_",
        "rocksdb_",
        "target_max_",
        "throttler_",
        "clog_",
        "container_",
        "device_",
        "fsid",
        "heartbeat_",
        "host",
        "lockdep",
        "mempool",
        "admin_socket",
    };
    private static final Map<String, String> DEFAULTS = Map.of(
            "osd_pool_default_size", "3",
            "osd_pool_default_min_size", "0",
            "osd_pool_default_pg_num", "32",
            "osd_recovery_max_active", "0",
            "osd_max_backfills", "1",
            "mon_max_pg_per_osd", "250",
            "mon_allow_pool_delete", "false",
            "osd_memory_target", "4294967296",
            "debug_osd", "1/5",
            "debug_mon", "1/5");

    private KnownConfigOptions() {}

    static boolean isKnown(String option) {
        for (String prefix : PREFIXES) {
            if (option.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    static @Nullable String fallback(String option) {
        return DEFAULTS.get(option);
    }

    /** Debug levels are two numbers: one stands for both. */
    static String normalized(String option, String value) {
        return option.startsWith("debug_") && value.matches("\\d+") ? value + "/" + value : value;
    }
}
