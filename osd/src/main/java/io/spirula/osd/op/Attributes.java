package io.spirula.osd.op;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.message.ObjectOp;
import io.spirula.common.message.ObjectOpArgs;
import io.spirula.common.types.Errno;
import io.spirula.osd.store.Transaction;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Operations on extended attributes. The client's names are stored behind an underscore; the object's own info is the underscore alone. */
final class Attributes {
    private static final Bytes PREFIX = Bytes.of("_");

    private Attributes() {}

    /** A client's name as it is stored. */
    static Bytes stored(Bytes name) {
        byte[] prefixed = new byte[name.size() + 1];
        prefixed[0] = '_';
        name.copyTo(prefixed, 1);
        return Bytes.wrap(prefixed);
    }

    static int get(OpExecution x, ObjectOp op) {
        Bytes name = stored(new Decoder(op.input()).raw(args(op).nameLength()));
        Bytes value = x.store().attribute(x.environment.collection(), x.id(), name);
        x.stats.read(value == null ? 0 : value.size());
        if (value == null) {
            return x.exists() ? -Errno.ENODATA : -Errno.ENOENT;
        }
        x.output(value);
        return 0;
    }

    private static ObjectOpArgs.Xattr args(ObjectOp op) {
        return (ObjectOpArgs.Xattr) op.args();
    }

    static int getAll(OpExecution x) {
        SortedMap<Bytes, Bytes> clients = clients(x);
        Encoder out = new Encoder(256);
        out.map(clients, (k, o) -> o.bytes(k), (v, o) -> o.bytes(v));
        x.output(out.toBytes());
        x.stats.read(out.size());
        return 0;
    }

    /** The attributes that clients have set, by the names they know. */
    static SortedMap<Bytes, Bytes> clients(OpExecution x) {
        SortedMap<Bytes, Bytes> clients = new TreeMap<>();
        for (Map.Entry<Bytes, Bytes> e :
                x.store().attributes(x.environment.collection(), x.id()).entrySet()) {
            Bytes name = e.getKey();
            if (name.size() > 1 && name.startsWith(PREFIX)) {
                clients.put(name.slice(1, name.size() - 1), e.getValue());
            }
        }
        return clients;
    }

    static int set(OpExecution x, ObjectOp op) {
        OpLimits limits = x.environment.limits().get();
        ObjectOpArgs.Xattr args = args(op);
        x.stats.write(0);
        if (limits.maxAttributeBytes() > 0 && Integer.toUnsignedLong(args.valueLength()) > limits.maxAttributeBytes()) {
            return -Errno.EFBIG;
        }
        if (Integer.toUnsignedLong(args.nameLength()) > limits.maxAttributeNameBytes()) {
            return -Errno.ENAMETOOLONG;
        }
        Decoder in = new Decoder(op.input());
        Bytes name = stored(in.raw(args.nameLength()));
        Bytes value = in.raw(args.valueLength()).compact();
        x.create();
        set(x, name, value);
        return 0;
    }

    static void set(OpExecution x, Bytes storedName, Bytes value) {
        SortedMap<Bytes, Bytes> one = new TreeMap<>();
        one.put(storedName, value);
        x.change(new Transaction.SetAttributes(x.environment.collection(), x.id(), one));
    }

    static int remove(OpExecution x, ObjectOp op) {
        x.stats.write(0);
        if (!x.exists()) {
            return -Errno.ENOENT;
        }
        Bytes name = stored(new Decoder(op.input()).raw(args(op).nameLength()).compact());
        remove(x, name);
        return 0;
    }

    static void remove(OpExecution x, Bytes storedName) {
        x.change(new Transaction.RemoveAttribute(x.environment.collection(), x.id(), storedName));
    }
}
