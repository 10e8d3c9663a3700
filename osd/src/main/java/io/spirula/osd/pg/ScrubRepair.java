package io.spirula.osd.pg;

import io.spirula.common.message.OsdPgBackfillRemove;
import io.spirula.common.pg.PgLogEntry;
import io.spirula.common.pg.PgShard;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.peering.RecoveryEvent;
import io.spirula.osd.recovery.StoredVersions;
import io.spirula.osd.scrub.Findings;
import io.spirula.osd.store.StoreException;
import io.spirula.osd.store.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Mends a group's copies by way of its recovery: a bad copy is as good as none, so it is noted as missing. Must be called while nobody writes to the object. */
final class ScrubRepair {
    private static final int RECENT = 1000;
    private static final Duration AGAIN = Duration.ofMinutes(1);

    private record Mended(EVersion version, Instant when) {}

    private final TreeMap<ObjectId, Mended> recent = new TreeMap<>();
    private final PlacementGroup pg;
    private final PgHost host;
    private boolean underWay;
    private boolean wanted;

    ScrubRepair(PlacementGroup pg, PgHost host) {
        this.pg = pg;
        this.host = host;
    }

    void reset() {
        underWay = false;
        wanted = false;
        recent.clear();
    }

    /** Whether copies are being replaced because they were bad. */
    boolean isUnderWay() {
        return underWay;
    }

    /** Nothing is missing any more. */
    void recovered() {
        if (!wanted) {
            underWay = false;
        }
    }

    /** Has recovery bring good copies in place of what a scrub found; begun by {@link #go}. */
    void mend(Findings.Repair repair) {
        if (repair.isRemoval()) {
            repair.bad().forEach(shard -> remove(shard, repair.object()));
            return;
        }
        repair.absent().forEach(shard -> lost(shard, repair.object(), repair.version()));
        repair.bad().forEach(shard -> lost(shard, repair.object(), repair.version()));
    }

    private void remove(PgShard shard, ObjectId object) {
        if (shard.equals(pg.self())) {
            host.store().submit(new Transaction().add(new Transaction.Remove(pg.collection(), object)), () -> {});
            pg.ops().contexts().changed(object);
            return;
        }
        host.sendToOsd(
                shard.osd(),
                new OsdPgBackfillRemove(pg.id(), host.map().epoch(), new TreeMap<>(Map.of(object, EVersion.ZERO))));
    }

    /**
     * Our copy of the object can't be read, or is not what was written: recovery is to bring another, as soon as somebody has one. False where nobody has, and nobody is away who might. Ceph: rep_repair_primary_object.
     */
    boolean mendHere(ObjectId object) {
        EVersion version = versionOf(object);
        if (hasJustMended(object, version)) {
            return false; // what others have is no better
        }
        List<PgShard> others = pg.members().sourcesOf(object, version).stream()
                .filter(other -> !other.equals(pg.self()))
                .toList();
        String copies = others.stream().map(PgShard::toString).collect(Collectors.joining(","));
        host.clusterLog()
                .error(pg.id() + " missing primary copy of " + object
                        + (others.isEmpty() ? ", unfound" : ", will try copies on " + copies));
        if (others.isEmpty() && pg.members().isWhole()) {
            return false;
        }
        lost(pg.self(), object, version);
        go();
        return true;
    }

    /** A copy could be read: if it is found bad later, it has become so meanwhile. */
    void isGood(ObjectId object) {
        if (!recent.isEmpty()) {
            recent.remove(object);
        }
    }

    /** Whether this version of the object has come from another OSD a moment ago, because ours was bad, and was no better; asked once for each time that it is found bad. */
    private boolean hasJustMended(ObjectId object, EVersion version) {
        Mended now = new Mended(version, host.clock().now());
        Mended before = recent.put(object, now);
        if (recent.size() > RECENT) {
            recent.clear();
        }
        return before != null
                && before.version.equals(version)
                && before.when.plus(AGAIN).isAfter(now.when);
    }

    /** The version in which an object has to be had: the log's, else its info's. */
    private EVersion versionOf(ObjectId object) {
        PgLogEntry latest = pg.members().log().latest(object);
        if (latest != null) {
            return latest.version();
        }
        try {
            EVersion known = StoredVersions.of(host.store(), pg.collection(), object);
            if (!known.equals(EVersion.ZERO)) {
                return known;
            }
        } catch (StoreException e) {
            // not even its record can be read
        }
        return new EVersion(0, (object.hash() & 0xffffffffL) + 1); // older than all, and hardly another's
    }

    /** A copy is not what it should be: recovery is to bring it in this version. */
    private void lost(PgShard shard, ObjectId object, EVersion version) {
        Transaction transaction = new Transaction();
        pg.members().forceMissing(shard, object, version, transaction);
        if (!transaction.isEmpty()) {
            host.store().submit(transaction, () -> {});
        }
        pg.recovery().prioritize(object);
        underWay = true;
        wanted = true;
    }

    /** Has recovery begin. */
    void go() {
        if (wanted) {
            wanted = false;
            pg.handle(new RecoveryEvent.DoRecovery());
        }
    }
}
