package io.spirula.osd.recovery;

import io.spirula.common.config.Config;
import io.spirula.common.env.Reactor;
import io.spirula.common.types.ShardPgId;
import java.util.TreeMap;

/** What the groups of an OSD share in recovery: its places for groups that are recovered from here and to here, and the number of objects at a time. Changed options act at once. */
public final class RecoveryResources {
    private final RecoverySettings settings;
    private final Reserver<ShardPgId> local;
    private final Reserver<ShardPgId> remote;
    private final RecoveryThrottle throttle;
    private final TreeMap<ShardPgId, Long> expected = new TreeMap<>();

    /** @param rotating whether the store is on a rotating disk */
    public RecoveryResources(Config config, Reactor reactor, boolean rotating) {
        settings = new RecoverySettings(config, rotating);
        local = new Reserver<>(reactor, settings.maxBackfills());
        remote = new Reserver<>(reactor, settings.maxBackfills());
        throttle = new RecoveryThrottle(reactor, settings);
        config.observe(RecoverySettings.OPTIONS, this::settingsChanged);
    }

    private void settingsChanged() {
        settings.read();
        local.most(settings.maxBackfills());
        remote.most(settings.maxBackfills());
        throttle.settingsChanged();
    }

    public RecoverySettings settings() {
        return settings;
    }

    /** Places for groups whose primary is here. Ceph: local_reserver. */
    public Reserver<ShardPgId> local() {
        return local;
    }

    /** Places for groups whose primary is elsewhere. Ceph: remote_reserver. */
    public Reserver<ShardPgId> remote() {
        return remote;
    }

    public RecoveryThrottle throttle() {
        return throttle;
    }

    /** How many bytes a group's backfill may bring here; 0 for none. */
    public void expect(ShardPgId group, long bytes) {
        if (bytes == 0) {
            expected.remove(group);
        } else {
            expected.put(group, bytes);
        }
    }

    /** How many bytes backfills that have or wait for a place here may bring. */
    public long expectedBytes() {
        return expected.values().stream().mapToLong(Long::longValue).sum();
    }
}
