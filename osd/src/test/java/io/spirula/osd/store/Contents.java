package io.spirula.osd.store;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.types.ObjectId;
import java.util.ArrayList;
import java.util.List;

/** What objects have, in stores that answer at once. */
public final class Contents {
    private Contents() {}

    /** Throws StoreException where the object can't be read. */
    public static Bytes of(ObjectStore store, CollectionId collection, ObjectId object) {
        List<Bytes> got = new ArrayList<>();
        store.read(collection, object, 0, 0, new ObjectStore.ReadDone() {
            @Override
            public void done(Bytes data) {
                got.add(data);
            }

            @Override
            public void failed(StoreException why) {
                throw why;
            }
        });
        return got.getFirst();
    }
}
