package io.spirula.osd.scrub;

import io.spirula.common.pg.PgLogEntry;
import io.spirula.common.pg.PgShard;
import io.spirula.common.pg.ScrubMap;
import io.spirula.common.pg.ScrubObject;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.ShardPgId;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Compares what several OSDs have of the same range of objects. The errors, their names and their texts are Ceph's; which copy is right is decided by {@link CopyComparison#repair}. Source of the former:
 * PGBackend::be_compare_scrubmaps.
 *
 * @param self the primary, whose copy is preferred where nothing else decides
 * @param plan what kind of a scrub it is
 * @param digestAge how long an object must have been left alone for its digests to be noted in its info
 * @param latest the newest entry about an object in the group's log
 */
public record ScrubComparison(
        ShardPgId pg,
        PgShard self,
        ScrubPlan plan,
        long maxObjectSize,
        Duration digestAge,
        Function<ObjectId, @Nullable PgLogEntry> latest) {

    /** @param maps of all that should have the objects, the primary's included */
    public Findings compare(SortedMap<PgShard, ScrubMap> maps, Instant now) {
        Findings findings = new Findings();
        TreeSet<ObjectId> objects = new TreeSet<>();
        maps.values().forEach(map -> objects.addAll(map.objects().keySet()));
        for (ObjectId object : objects) {
            SortedMap<PgShard, @Nullable ScrubObject> copies = new TreeMap<>();
            for (Map.Entry<PgShard, ScrubMap> e : maps.entrySet()) {
                copies.put(e.getKey(), e.getValue().objects().get(object));
            }
            new CopyComparison(this, object, copies, findings).run(now);
        }
        findings.lines.addAll(findings.headLines.reversed()); // Ceph goes backwards here
        return findings;
    }
}
