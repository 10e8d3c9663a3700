package io.spirula.common.maps;

import io.spirula.crush.CrushFeatures;
import io.spirula.crush.CrushMap;
import io.spirula.crush.Tunables;

/** What an OSD map asks of the clients that use it. Source: OSDMap::get_features and get_min_compat_client. */
final class ClientFeatures {
    private ClientFeatures() {}

    /** The oldest release whose clients can use the map. */
    static CephRelease oldest(OsdMap map) {
        CrushMap crush = map.crushMap();
        Tunables tunables = crush.tunables();
        if (!map.pgUpmap.isEmpty() || !map.pgUpmapItems.isEmpty() || crush.hasIncompatibleChooseArgs()) {
            return CephRelease.LUMINOUS;
        }
        if (CrushFeatures.hasNondefaultTunables5(tunables) || CrushFeatures.hasV5Rules(crush)) {
            return CephRelease.JEWEL;
        }
        if (CrushFeatures.hasV4Buckets(crush)) {
            return CephRelease.HAMMER;
        }
        if (CrushFeatures.hasNondefaultTunables3(tunables)
                || CrushFeatures.hasV2Rules(crush)
                || map.primaryAffinitySet
                || map.pools.values().stream()
                        .anyMatch(p -> p.isErasure() || p.isTier() || !p.tiers().isEmpty())) {
            return CephRelease.FIREFLY;
        }
        if (CrushFeatures.hasNondefaultTunables2(tunables)
                || CrushFeatures.hasNondefaultTunables(tunables)
                || map.pools.values().stream().anyMatch(p -> p.has(PoolFlag.HASHPSPOOL))) {
            return CephRelease.DUMPLING;
        }
        return CephRelease.ARGONAUT;
    }
}
