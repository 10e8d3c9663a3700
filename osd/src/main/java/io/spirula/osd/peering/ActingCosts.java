package io.spirula.osd.peering;

import io.spirula.common.config.Config;
import io.spirula.common.pg.ObjectStats.Counter;
import io.spirula.common.pg.PgInfo;

/**
 * What it costs a group's clients that somebody acts who misses objects: about as many waits as there are objects, so who misses more than this does something else meanwhile.
 *
 * @param primary with more than so many, the OSD that should be the primary is not yet; Ceph: osd_force_auth_primary_missing_objects
 * @param member with more than so many, a member is recovered without acting, where enough others act; Ceph: osd_async_recovery_min_cost
 */
public record ActingCosts(long primary, long member) {
    public static final ActingCosts DEFAULT = new ActingCosts(100, 100);

    public static ActingCosts of(Config config) {
        return new ActingCosts(
                config.integer("osd_force_auth_primary_missing_objects", DEFAULT.primary),
                config.integer("osd_async_recovery_min_cost", DEFAULT.member));
    }

    /** About how many objects it misses: those that it says, and one for each entry by which its log differs from the authority's. */
    static long of(PgInfo info, PgInfo authority) {
        return info.stats().stats().get(Counter.OBJECTS_MISSING)
                + Math.abs(authority.lastUpdate().version() - info.lastUpdate().version());
    }
}
