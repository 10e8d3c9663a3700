package io.spirula.osd.op;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.message.ObjectOp;
import io.spirula.common.types.Errno;
import io.spirula.osd.store.CollectionId;
import io.spirula.osd.store.Transaction;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Operations that change an object's key-value pairs. */
final class OmapWrites {
    private OmapWrites() {}

    static int set(OpExecution x, ObjectOp op) {
        if (!x.environment.supportsOmap()) {
            return -Errno.EOPNOTSUPP;
        }
        Decoder in = new Decoder(op.input());
        SortedMap<Bytes, Bytes> pairs = new TreeMap<>();
        int count = in.count(8);
        for (int i = 0; i < count; i++) {
            Bytes key = in.name();
            pairs.put(key, in.name());
        }
        x.stats.write(op.input().size());
        x.create();
        set(x, pairs);
        return 0;
    }

    static void set(OpExecution x, SortedMap<Bytes, Bytes> pairs) {
        x.change(new Transaction.OmapSet(collection(x), x.id(), pairs));
        x.state.omapChanged();
    }

    static int setHeader(OpExecution x, ObjectOp op) {
        if (!x.environment.supportsOmap()) {
            return -Errno.EOPNOTSUPP;
        }
        x.stats.write(op.input().size());
        x.create();
        setHeader(x, op.input().compact());
        return 0;
    }

    static void setHeader(OpExecution x, Bytes header) {
        x.change(new Transaction.OmapSetHeader(collection(x), x.id(), header));
        x.state.omapChanged();
    }

    static int removeKeys(OpExecution x, ObjectOp op) {
        int refused = check(x);
        if (refused != 0) {
            return refused;
        }
        removeKeys(x, new Decoder(op.input()).list(Decoder::name));
        return 0;
    }

    static void removeKeys(OpExecution x, List<Bytes> keys) {
        x.change(new Transaction.OmapRemove(collection(x), x.id(), keys));
        x.state.clearOmapDigest();
    }

    static int removeRange(OpExecution x, ObjectOp op) {
        int refused = check(x);
        if (refused != 0) {
            return refused;
        }
        Decoder in = new Decoder(op.input());
        x.change(new Transaction.OmapRemoveRange(collection(x), x.id(), in.name(), in.name()));
        x.state.clearOmapDigest();
        return 0;
    }

    static int clear(OpExecution x) {
        int refused = check(x);
        if (refused != 0) {
            return refused;
        }
        clearAll(x);
        return 0;
    }

    static void clearAll(OpExecution x) {
        if (x.state.hasOmap()) {
            x.change(new Transaction.OmapClear(collection(x), x.id()));
            x.state.omapCleared();
        }
    }

    private static int check(OpExecution x) {
        if (!x.environment.supportsOmap()) {
            return -Errno.EOPNOTSUPP;
        }
        x.stats.write(0);
        return x.exists() ? 0 : -Errno.ENOENT;
    }

    private static CollectionId collection(OpExecution x) {
        return x.environment.collection();
    }
}
