package io.spirula.osd.recovery;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.pg.ObjectInfo;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ObjectId;
import io.spirula.osd.store.CollectionId;
import io.spirula.osd.store.ObjectStore;
import io.spirula.osd.store.StoreException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Which versions of objects a store has: what primary and backfill target compare. Ceph: BackfillInterval. */
public record StoredVersions(SortedMap<ObjectId, EVersion> objects, ObjectId end) {
    /** The objects from {@code begin} on, up to {@code most} of them; {@code end} is where those begin that were left out. */
    public static StoredVersions scan(ObjectStore store, CollectionId collection, ObjectId begin, int most) {
        List<ObjectId> some = store.list(collection, begin, ObjectId.MAX, most + 1);
        boolean more = some.size() > most;
        TreeMap<ObjectId, EVersion> versions = new TreeMap<>();
        for (ObjectId object : more ? some.subList(0, most) : some) {
            if (!object.name().isEmpty()) {
                versions.put(object, of(store, collection, object));
            }
        }
        return new StoredVersions(versions, more ? some.getLast() : ObjectId.MAX);
    }

    /** An object's version; zero where it is damaged, so that it equals none. */
    public static EVersion of(ObjectStore store, CollectionId collection, ObjectId object) {
        try {
            Bytes info = store.attribute(collection, object, ObjectInfo.ATTRIBUTE);
            return info == null
                    ? EVersion.ZERO
                    : ObjectInfo.CODEC.fromBytes(info).version();
        } catch (MalformedInput | StoreException e) {
            return EVersion.ZERO;
        }
    }

    /** As a digest carries it. */
    public Bytes encoded() {
        return new Encoder()
                .map(objects, (k, o) -> o.put(ObjectId.CODEC, k), (v, o) -> o.put(EVersion.CODEC, v))
                .toBytes();
    }

    /** Throws MalformedInput. */
    public static StoredVersions decode(Bytes encoded, ObjectId end) {
        return new StoredVersions(
                new TreeMap<>(new Decoder(encoded).map(d -> d.get(ObjectId.CODEC), d -> d.get(EVersion.CODEC))), end);
    }
}
