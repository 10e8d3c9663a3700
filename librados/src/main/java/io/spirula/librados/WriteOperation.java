package io.spirula.librados;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.message.ObjectOp;
import io.spirula.common.message.ObjectOpArgs;
import io.spirula.common.message.OsdOpCode;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Steps that change one object, all or none.
 *
 * <pre>{@code
 * io.operate(name, new WriteOperation()
 *         .create(true)
 *         .write(0, data)
 *         .setXattr("owner", Bytes.of("me")));
 * }</pre>
 */
public final class WriteOperation extends ObjectOperation<WriteOperation> {
    @Override
    WriteOperation self() {
        return this;
    }

    /** @param exclusive whether to fail with EEXIST where the object exists */
    public WriteOperation create(boolean exclusive) {
        return add(new ObjectOp(OsdOpCode.CREATE).withFlags(exclusive ? ObjectOp.FLAG_EXCL : 0));
    }

    public WriteOperation write(long offset, Bytes data) {
        return add(extent(OsdOpCode.WRITE, offset, data.size(), data));
    }

    /** Replaces the object's data. */
    public WriteOperation writeFull(Bytes data) {
        return add(extent(OsdOpCode.WRITEFULL, 0, data.size(), data));
    }

    public WriteOperation append(Bytes data) {
        return add(extent(OsdOpCode.APPEND, 0, data.size(), data));
    }

    /** Makes the object that long: cut, or filled with zeros. */
    public WriteOperation truncate(long size) {
        return add(extent(OsdOpCode.TRUNCATE, size, 0, Bytes.EMPTY));
    }

    /** Fills a range with zeros. */
    public WriteOperation zero(long offset, long length) {
        return add(extent(OsdOpCode.ZERO, offset, length, Bytes.EMPTY));
    }

    public WriteOperation remove() {
        return add(OsdOpCode.DELETE);
    }

    public WriteOperation setXattr(String name, Bytes value) {
        return add(xattr(OsdOpCode.SETXATTR, name, value, 0, 0));
    }

    public WriteOperation removeXattr(String name) {
        return add(xattr(OsdOpCode.RMXATTR, name, Bytes.EMPTY, 0, 0));
    }

    public WriteOperation setOmap(Map<Bytes, Bytes> entries) {
        return add(new ObjectOp(
                OsdOpCode.OMAPSETVALS,
                new Encoder()
                        .map(new TreeMap<>(entries), (k, o) -> o.bytes(k), (v, o) -> o.bytes(v))
                        .toBytes()));
    }

    public WriteOperation removeOmap(Collection<Bytes> keys) {
        return add(new ObjectOp(
                OsdOpCode.OMAPRMKEYS,
                new Encoder().list(new TreeSet<>(keys), (k, o) -> o.bytes(k)).toBytes()));
    }

    public WriteOperation clearOmap() {
        return add(OsdOpCode.OMAPCLEAR);
    }

    public WriteOperation setOmapHeader(Bytes header) {
        return add(new ObjectOp(OsdOpCode.OMAPSETHEADER, header));
    }

    /** Tells the OSD what to expect of the object. */
    public WriteOperation allocationHint(long expectedObjectSize, long expectedWriteSize) {
        return add(new ObjectOp(
                        OsdOpCode.SETALLOCHINT,
                        new ObjectOpArgs.AllocHint(expectedObjectSize, expectedWriteSize, 0),
                        Bytes.EMPTY)
                .withFlags(ObjectOp.FLAG_FAILOK));
    }
}
