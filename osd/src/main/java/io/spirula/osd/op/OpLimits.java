package io.spirula.osd.op;

import io.spirula.common.config.Config;

/**
 * How large one operation may be: Ceph's osd_max_* options.
 *
 * @param maxWriteBytes osd_max_write_size, for one message's data
 * @param maxObjectBytes osd_max_object_size
 * @param maxObjectNameBytes osd_max_object_name_len, also for locator keys
 * @param maxNamespaceBytes osd_max_object_namespace_len
 * @param maxAttributeBytes osd_max_attr_size; 0 for no limit
 * @param maxAttributeNameBytes osd_max_attr_name_len
 * @param maxOmapEntries osd_max_omap_entries_per_request
 * @param maxOmapBytes osd_max_omap_bytes_per_request
 * @param maxWriteReplyBytes osd_max_write_op_reply_len
 * @param maxListEntries osd_max_pgls
 */
public record OpLimits(
        long maxWriteBytes,
        long maxObjectBytes,
        int maxObjectNameBytes,
        int maxNamespaceBytes,
        long maxAttributeBytes,
        int maxAttributeNameBytes,
        int maxOmapEntries,
        long maxOmapBytes,
        int maxWriteReplyBytes,
        int maxListEntries) {
    /** Pacific's defaults. */
    public static final OpLimits DEFAULT =
            new OpLimits(90L << 20, 128L << 20, 2048, 256, 0, 100, 1024, 1L << 30, 64, 1024);

    /** Throws ConfigException. */
    public static OpLimits of(Config config) {
        return new OpLimits(
                config.integer("osd_max_write_size", DEFAULT.maxWriteBytes >> 20) << 20,
                config.integer("osd_max_object_size", DEFAULT.maxObjectBytes),
                count(config, "osd_max_object_name_len", DEFAULT.maxObjectNameBytes),
                count(config, "osd_max_object_namespace_len", DEFAULT.maxNamespaceBytes),
                config.integer("osd_max_attr_size", DEFAULT.maxAttributeBytes),
                count(config, "osd_max_attr_name_len", DEFAULT.maxAttributeNameBytes),
                count(config, "osd_max_omap_entries_per_request", DEFAULT.maxOmapEntries),
                config.integer("osd_max_omap_bytes_per_request", DEFAULT.maxOmapBytes),
                count(config, "osd_max_write_op_reply_len", DEFAULT.maxWriteReplyBytes),
                count(config, "osd_max_pgls", DEFAULT.maxListEntries));
    }

    private static int count(Config config, String option, int fallback) {
        return Math.clamp(config.integer(option, fallback), 0, Integer.MAX_VALUE);
    }
}
