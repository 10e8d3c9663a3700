package io.spirula.common.config;

/** Which long options of a command line are Ceph's configuration options and not the command's own. */
final class KnownOptions {
    private static final String[] PREFIXES = {
        "mon_", "osd_", "ms_", "auth_", "debug_", "rados_", "client_mount_timeout", "objecter_", "public_",
                "cluster_network",
        "log_file", "log_max_recent", "admin_socket", "pid_file", "run_dir", "fsid", "key", "keyfile", "mgr_data",
                "rocksdb_"
    };

    private KnownOptions() {}

    static boolean isKnown(String normalized) {
        for (String prefix : PREFIXES) {
            if (prefix.endsWith("_") ? normalized.startsWith(prefix) : normalized.equals(prefix)) {
                return true;
            }
        }
        return false;
    }
}
