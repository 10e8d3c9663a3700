package io.spirula.osd.peering;

import io.spirula.common.pg.PgShard;
import io.spirula.osd.pglog.MissingSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;

/**
 * How many copies of objects there are too few of, and how many lie where they do not belong. Source: PeeringState::update_calc_stats.
 *
 * @param degraded copies that nobody has
 * @param misplaced copies that are kept for an OSD that does not have them yet, or not any more
 */
record CopyCounts(long degraded, long misplaced) {
    static final CopyCounts NONE = new CopyCounts(0, 0);

    /**
     * @param objects how many objects the group has
     * @param wanted how many copies each should have
     * @param lackingWhereTheyBelong how many objects each OSD lacks that is up for the group
     * @param lackingElsewhere the same of those that act without being up for it
     */
    static CopyCounts of(long objects, int wanted, List<Long> lackingWhereTheyBelong, List<Long> lackingElsewhere) {
        List<Long> targets = new ArrayList<>(lackingWhereTheyBelong);
        List<Long> sources = new ArrayList<>(lackingElsewhere);
        if (targets.size() < wanted) {
            targets.add(objects * (wanted - targets.size())); // OSDs that there are not
        }
        targets.sort(Collections.reverseOrder());
        Collections.sort(sources);
        long degraded = 0;
        long misplaced = 0;
        int next = 0;
        for (long lacking : targets) {
            long alsoLacking = next < sources.size() ? sources.get(next++) : -1;
            if (alsoLacking >= 0 && lacking >= alsoLacking) {
                // Which ones the source lacks is not known: all of them may be among the target's.
                misplaced += lacking - alsoLacking;
                degraded += alsoLacking;
            } else {
                degraded += lacking;
            }
        }
        while (next < sources.size()) {
            misplaced += Math.max(0, objects - sources.get(next++));
        }
        return new CopyCounts(degraded, misplaced);
    }

    static CopyCounts of(PgCore core, long objects) {
        SortedSet<PgShard> up = Intervals.shards(core.map.up());
        SortedSet<PgShard> acting = Intervals.shards(core.map.acting());
        List<Long> targets = new ArrayList<>();
        List<Long> sources = new ArrayList<>();
        for (PgShard member : up) {
            targets.add(lacking(core, member, objects));
        }
        for (PgShard member : acting) {
            if (!up.contains(member)) {
                sources.add(lacking(core, member, objects));
            }
        }
        return of(objects, core.map.size(), targets, sources);
    }

    private static long lacking(PgCore core, PgShard peer, long objects) {
        if (peer.equals(core.self)) {
            return core.missing.size();
        }
        if (core.needsBackfill(peer)) {
            return Math.max(0, objects - core.backfilledObjects(peer, objects));
        }
        MissingSet theirs = core.peerMissing.get(peer);
        return theirs == null ? 0 : theirs.size();
    }
}
