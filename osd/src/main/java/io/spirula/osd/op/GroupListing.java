package io.spirula.osd.op;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.message.ObjectOp;
import io.spirula.common.message.ObjectOpArgs;
import io.spirula.common.message.OsdOpCode;
import io.spirula.common.types.Errno;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.PgId;
import java.util.ArrayList;
import java.util.List;

/** The operations that list a placement group's objects, piece by piece from a cursor. Ceph: PrimaryLogPG::do_pg_op. */
public final class GroupListing {
    /** Asks for the objects of all namespaces. Ceph: librados::all_nspaces. */
    private static final Bytes ALL_NAMESPACES = Bytes.wrap(new byte[] {1});

    private static final int SCAN = 512;

    private final OpEnvironment environment;
    private final GroupRange range;

    public GroupListing(OpEnvironment environment, PgId pg, int pgNum) {
        this.environment = environment;
        range = GroupRange.of(pg, pgNum);
    }

    /** Lists from where the operation's cursor is. A result of 1 says that the group's end is reached. */
    public OpExecution.Outcome list(ObjectOp op, Bytes namespace) {
        if (op.op() != OsdOpCode.PGNLS && op.op() != OsdOpCode.PGLS) {
            return new OpExecution.Outcome(-Errno.EOPNOTSUPP, Bytes.EMPTY);
        }
        ObjectId from;
        try {
            from = new Decoder(op.input()).get(ObjectId.CODEC);
        } catch (MalformedInput e) {
            return new OpExecution.Outcome(-Errno.EINVAL, Bytes.EMPTY);
        }
        long asked = ((ObjectOpArgs.PgList) op.args()).count();
        int max = environment.limits().get().maxListEntries();
        int count = asked <= 0 || asked > max ? max : (int) asked;
        List<ObjectId> found = new ArrayList<>();
        ObjectId next = collect(from, namespace, count, found);
        boolean done = next.max();
        ObjectId cursor = done ? range.end() : next;
        Bytes listing = op.op() == OsdOpCode.PGNLS ? encodeWithNamespaces(cursor, found) : encode(cursor, found);
        return new OpExecution.Outcome(done ? 1 : 0, listing);
    }

    /** Fills {@code found}; gives the first object that was not looked at, or the largest of all. */
    private ObjectId collect(ObjectId from, Bytes namespace, int count, List<ObjectId> found) {
        ObjectId at = from.compareTo(range.begin()) < 0 ? range.begin() : from;
        while (true) {
            List<ObjectId> batch = environment.store().list(environment.collection(), at, ObjectId.MAX, SCAN);
            for (ObjectId id : batch) {
                if (!isListed(id, namespace)) {
                    continue;
                }
                if (found.size() == count) {
                    return id;
                }
                found.add(id);
            }
            if (batch.size() < SCAN) {
                return ObjectId.MAX;
            }
            at = after(batch.getLast());
        }
    }

    private static boolean isListed(ObjectId id, Bytes namespace) {
        return id.snap() == ObjectId.HEAD
                && !id.name().isEmpty()
                && (namespace.equals(ALL_NAMESPACES) || id.namespace().equals(namespace));
    }

    /** The smallest object behind a head: heads are the last of an object's snapshots but for none. */
    private static ObjectId after(ObjectId id) {
        byte[] longer = new byte[id.name().size() + 1];
        id.name().copyTo(longer, 0);
        if (id.snap() != -1) {
            return new ObjectId(id.pool(), id.namespace(), id.key(), id.name(), id.snap() + 1, id.hash(), false);
        }
        return new ObjectId(id.pool(), id.namespace(), id.key(), Bytes.wrap(longer), 0, id.hash(), false);
    }

    private static Bytes encodeWithNamespaces(ObjectId cursor, List<ObjectId> found) {
        return new Encoder(64 + 48 * found.size())
                .struct(
                        1,
                        1,
                        o -> o.put(ObjectId.CODEC, cursor)
                                .list(
                                        found,
                                        (id, e) -> e.bytes(id.namespace())
                                                .bytes(id.name())
                                                .bytes(id.key())))
                .toBytes();
    }

    private static Bytes encode(ObjectId cursor, List<ObjectId> found) {
        return new Encoder(64 + 32 * found.size())
                .u8(1)
                .put(ObjectId.CODEC, cursor)
                .list(found, (id, e) -> e.bytes(id.name()).bytes(id.key()))
                .toBytes();
    }
}
