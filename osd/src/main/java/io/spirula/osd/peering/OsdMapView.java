package io.spirula.osd.peering;

import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.OsdState;
import io.spirula.common.maps.PgLineage;
import io.spirula.common.maps.PgPool;
import io.spirula.common.maps.PoolFlag;
import io.spirula.common.maps.UpActing;
import io.spirula.common.types.PgId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One group in one OSD map. A pool that is gone has nobody. */
public record OsdMapView(OsdMap map, PgId pg, @Nullable PgPool pool, UpActing members) implements PeeringMap {
    public static OsdMapView of(OsdMap map, PgId pg) {
        return new OsdMapView(map, pg, map.pool(pg.pool()), map.pgToUpActing(pg));
    }

    @Override
    public int epoch() {
        return map.epoch();
    }

    @Override
    public List<Integer> up() {
        return members.up();
    }

    @Override
    public int upPrimary() {
        return members.upPrimary();
    }

    @Override
    public List<Integer> acting() {
        return members.acting();
    }

    @Override
    public int actingPrimary() {
        return members.actingPrimary();
    }

    @Override
    public int size() {
        return pool == null ? 0 : pool.size();
    }

    @Override
    public int minSize() {
        return pool == null ? 0 : pool.minSize();
    }

    @Override
    public int pgNum() {
        return pool == null ? 0 : pool.pgNum();
    }

    @Override
    public int pgNumPending() {
        return pool == null ? 0 : pool.pgNumPending();
    }

    @Override
    public boolean isPendingMerge() {
        return PgLineage.isMergeSource(pg.seed(), pgNum(), pgNumPending())
                || PgLineage.isMergeTarget(pg.seed(), pgNum(), pgNumPending());
    }

    @Override
    public boolean exists(int osd) {
        return map.exists(osd);
    }

    @Override
    public boolean isUp(int osd) {
        return map.isUp(osd);
    }

    @Override
    public int upFrom(int osd) {
        return map.osd(osd).info().upFrom();
    }

    @Override
    public int upThru(int osd) {
        return map.osd(osd).info().upThru();
    }

    @Override
    public boolean isDead(int osd) {
        return map.exists(osd) && map.osd(osd).xinfo().deadEpoch() > upFrom(osd);
    }

    @Override
    public int lostAt(int osd) {
        return map.osd(osd).info().lostAt();
    }

    @Override
    public boolean isFull(int osd) {
        return (map.osd(osd).state() & OsdState.FULL) != 0;
    }

    @Override
    public boolean isPoolFull() {
        return pool != null && pool.has(PoolFlag.FULL);
    }

    @Override
    public int recoveryPriority() {
        return pool != null && pool.options().value("recovery_priority") instanceof Long priority
                ? Math.clamp(priority, -10, 10)
                : 0;
    }
}
