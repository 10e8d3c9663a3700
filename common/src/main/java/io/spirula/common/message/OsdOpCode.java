package io.spirula.common.message;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The operations on objects, with how they are classified. Ceph: CEPH_OSD_OP_* (include/rados.h).
 *
 * <p>A code says itself whether it reads or modifies, in its upper bits; {@link #CALL} is the exception: what a class method does is known to the OSD only.
 */
public enum OsdOpCode {
    READ(0x1201, "read", Args.EXTENT),
    STAT(0x1202, "stat", Args.RAW),
    MAPEXT(0x1203, "mapext", Args.EXTENT),
    MASKTRUNC(0x1204, "masktrunc", Args.EXTENT),
    SPARSE_READ(0x1205, "sparse-read", Args.EXTENT),
    NOTIFY(0x1206, "notify", Args.NOTIFY),
    NOTIFY_ACK(0x1207, "notify-ack", Args.NOTIFY),
    ASSERT_VER(0x1208, "assert-version", Args.ASSERT_VERSION),
    LIST_WATCHERS(0x1209, "list-watchers", Args.RAW),
    LIST_SNAPS(0x120a, "list-snaps", Args.RAW),
    SYNC_READ(0x120b, "sync_read", Args.EXTENT),
    TMAPGET(0x120c, "tmapget", Args.RAW),
    OMAPGETKEYS(0x1211, "omap-get-keys", Args.RAW),
    OMAPGETVALS(0x1212, "omap-get-vals", Args.RAW),
    OMAPGETHEADER(0x1213, "omap-get-header", Args.RAW),
    OMAPGETVALSBYKEYS(0x1214, "omap-get-vals-by-keys", Args.RAW),
    OMAP_CMP(0x1219, "omap-cmp", Args.RAW),
    ISDIRTY(0x121d, "isdirty", Args.RAW),
    COPY_GET(0x121e, "copy-get", Args.RAW),
    CHECKSUM(0x121f, "checksum", Args.CHECKSUM),
    CMPEXT(0x1220, "cmpext", Args.EXTENT),

    WRITE(0x2201, "write", Args.EXTENT),
    WRITEFULL(0x2202, "writefull", Args.EXTENT),
    TRUNCATE(0x2203, "truncate", Args.EXTENT),
    ZERO(0x2204, "zero", Args.EXTENT),
    DELETE(0x2205, "delete", Args.RAW),
    APPEND(0x2206, "append", Args.EXTENT),
    STARTSYNC(0x2207, "startsync", Args.RAW),
    SETTRUNC(0x2208, "settrunc", Args.EXTENT),
    TRIMTRUNC(0x2209, "trimtrunc", Args.EXTENT),
    TMAPUP(0x320a, "tmapup", Args.RAW),
    TMAPPUT(0x220b, "tmapput", Args.RAW),
    CREATE(0x220d, "create", Args.RAW),
    ROLLBACK(0x220e, "rollback", Args.SNAP),
    WATCH(0x220f, "watch", Args.WATCH),
    OMAPSETVALS(0x2215, "omap-set-vals", Args.RAW),
    OMAPSETHEADER(0x2216, "omap-set-header", Args.RAW),
    OMAPCLEAR(0x2217, "omap-clear", Args.RAW),
    OMAPRMKEYS(0x2218, "omap-rm-keys", Args.RAW),
    COPY_FROM(0x221a, "copy-from", Args.COPY_FROM),
    UNDIRTY(0x221c, "undirty", Args.RAW),
    TMAP2OMAP(0x3222, "tmap2omap", Args.RAW),
    SETALLOCHINT(0x2223, "set-alloc-hint", Args.ALLOC_HINT),
    CACHE_PIN(0x2224, "cache-pin", Args.RAW),
    CACHE_UNPIN(0x2225, "cache-unpin", Args.RAW),
    WRITESAME(0x2226, "write-same", Args.WRITE_SAME),
    SET_REDIRECT(0x2227, "set-redirect", Args.RAW),
    TIER_PROMOTE(0x2229, "tier-promote", Args.RAW),
    UNSET_MANIFEST(0x222a, "unset-manifest", Args.RAW),
    COPY_FROM2(0x222d, "copy-from2", Args.COPY_FROM),
    OMAPRMKEYRANGE(0x222c, "omap-rm-key-range", Args.RAW),

    CACHE_FLUSH(0x821f, "cache-flush", Args.RAW),
    CACHE_EVICT(0x8220, "cache-evict", Args.RAW),
    CACHE_TRY_FLUSH(0x8221, "cache-try-flush", Args.RAW),
    SET_CHUNK(0x8228, "set-chunk", Args.RAW),
    TIER_FLUSH(0x822b, "tier-flush", Args.RAW),
    TIER_EVICT(0x822c, "tier-evict", Args.RAW),

    GETXATTR(0x1301, "getxattr", Args.XATTR),
    GETXATTRS(0x1302, "getxattrs", Args.RAW),
    CMPXATTR(0x1303, "cmpxattr", Args.XATTR),
    SETXATTR(0x2301, "setxattr", Args.XATTR),
    SETXATTRS(0x2302, "setxattrs", Args.XATTR),
    RESETXATTRS(0x2303, "resetxattrs", Args.XATTR),
    RMXATTR(0x2304, "rmxattr", Args.XATTR),

    CALL(0x1401, "call", Args.CALL),

    PGLS(0x1501, "pgls", Args.PG_LIST),
    PGLS_FILTER(0x1502, "pgls-filter", Args.PG_LIST),
    PG_HITSET_LS(0x1503, "pg-hitset-ls", Args.RAW),
    PG_HITSET_GET(0x1504, "pg-hitset-get", Args.RAW),
    PGNLS(0x1505, "pgnls", Args.PG_LIST),
    PGNLS_FILTER(0x1506, "pgnls-filter", Args.PG_LIST),
    SCRUBLS(0x1507, "scrubls", Args.RAW);

    /** Which member of ceph_osd_op's union an operation uses; RAW where it uses none, or one that we do not read. */
    enum Args {
        EXTENT,
        XATTR,
        CALL,
        PG_LIST,
        SNAP,
        WATCH,
        NOTIFY,
        ASSERT_VERSION,
        COPY_FROM,
        ALLOC_HINT,
        WRITE_SAME,
        CHECKSUM,
        RAW
    }

    private static final int MODE_READ = 0x1000;
    private static final int MODE_WRITE = 0x2000;
    private static final int MODE_CACHE = 0x8000;
    private static final int TYPE_MASK = 0x0f00;
    private static final int TYPE_PG = 0x0500;

    private static final Map<Integer, OsdOpCode> BY_CODE =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(OsdOpCode::code, Function.identity()));

    private final int code;
    private final String label;
    private final Args args;

    OsdOpCode(int code, String label, Args args) {
        this.code = code;
        this.label = label;
        this.args = args;
    }

    /** The operation of that number; null where Ceph has none, or one so new that we do not know it. */
    public static @Nullable OsdOpCode of(int code) {
        return BY_CODE.get(code);
    }

    public int code() {
        return code;
    }

    Args args() {
        return args;
    }

    /** Whether it reads; false for {@link #CALL}. Ceph: ceph_osd_op_mode_read. */
    public boolean reads() {
        return (code & MODE_READ) != 0 && this != CALL;
    }

    /** Whether it modifies; false for {@link #CALL}. Ceph: ceph_osd_op_mode_modify. */
    public boolean modifies() {
        return (code & MODE_WRITE) != 0;
    }

    /** Whether it is about a cache tier. Ceph: ceph_osd_op_mode_cache. */
    public boolean isCache() {
        return (code & MODE_CACHE) != 0;
    }

    /** Whether it is about a placement group and not about one object. Ceph: ceph_osd_op_type_pg. */
    public boolean isPg() {
        return (code & TYPE_MASK) == TYPE_PG;
    }

    /** Ceph's spelling, {@code omap-get-vals}. */
    @Override
    public String toString() {
        return label;
    }
}
