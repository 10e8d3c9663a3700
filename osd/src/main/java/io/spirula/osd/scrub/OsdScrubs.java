package io.spirula.osd.scrub;

import io.spirula.common.config.Config;
import io.spirula.common.config.Live;
import java.util.EnumMap;

/** An OSD's settings for scrubs, and its few places for those that it takes part in, as a primary or as a replica. Ceph: OSDService's scrubs_local and scrubs_remote. */
public final class OsdScrubs {
    private final Live<ScrubSettings> settings;
    private final EnumMap<Role, Integer> taken = new EnumMap<>(Role.class);
    private long shardsRepaired;

    public OsdScrubs(Config config) {
        settings = Live.of(config, ScrubSettings::of);
    }

    public ScrubSettings settings() {
        return settings.get();
    }

    /** As what this OSD takes part in a scrub. */
    public enum Role {
        PRIMARY,
        REPLICA
    }

    public int taken(Role role) {
        return taken.getOrDefault(role, 0);
    }

    public boolean hasPlace() {
        return taken(Role.PRIMARY) + taken(Role.REPLICA) < settings().maxScrubs();
    }

    /** Takes a place; false where there is none. */
    public boolean take(Role role) {
        boolean free = hasPlace();
        taken.put(role, taken(role) + (free ? 1 : 0));
        return free;
    }

    public void giveBack(Role role) {
        if (taken(role) == 0) {
            throw new IllegalStateException("no place for a scrub was taken");
        }
        taken.put(role, taken(role) - 1);
    }

    /** One more object here has been replaced by a good copy. */
    public void repaired() {
        shardsRepaired++;
    }

    /** How many were, since this OSD started or {@link #forgetRepairs somebody took note}. Ceph: num_shards_repaired. */
    public long shardsRepaired() {
        return shardsRepaired;
    }

    public void forgetRepairs(long count) {
        shardsRepaired = Math.max(0, count);
    }
}
