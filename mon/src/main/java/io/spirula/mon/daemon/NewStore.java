package io.spirula.mon.daemon;

import io.spirula.common.auth.Keyring;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.maps.MonMap;
import io.spirula.mon.service.MonmapService;
import io.spirula.mon.store.KeyValueStore;
import io.spirula.mon.store.StoreFailure;
import io.spirula.mon.store.StoreFormat;
import io.spirula.mon.store.StoreTransaction;

/** What a new monitor's store holds: the map by which it finds the others and the keys by which they know each other. Everything else its quorum decides, or another monitor has. Ceph: Monitor::mkfs. */
final class NewStore {
    private static final String PREFIX = "mkfs";
    private static final String MONMAP = "monmap";
    private static final String KEYRING = "keyring";

    private NewStore() {}

    /** @param keyring the keys that a new cluster starts with, {@code mon.} among them */
    static StoreTransaction contents(MonMap map, Keyring keyring) {
        return StoreFormat.mark().put(PREFIX, MONMAP, map.encoded()).put(PREFIX, KEYRING, Bytes.of(keyring.print()));
    }

    /** The newest map that a store has: the committed one, or the one it was made with or was last shown. */
    static MonMap map(KeyValueStore store) {
        MonMap committed = MonmapService.load(store);
        Bytes stored = store.get(PREFIX, MONMAP);
        MonMap made = stored == null ? null : MonMap.CODEC.fromBytes(stored);
        if (committed != null && (made == null || committed.epoch() >= made.epoch())) {
            return committed;
        }
        if (made == null) {
            throw new StoreFailure("the store holds no monitor map: run ceph-mon --mkfs");
        }
        return made;
    }

    static Keyring keyring(KeyValueStore store) {
        Bytes stored = store.get(PREFIX, KEYRING);
        return stored == null ? Keyring.EMPTY : Keyring.parse(stored.utf8());
    }
}
