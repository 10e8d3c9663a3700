package io.spirula.librados;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.message.ObjectOp;
import io.spirula.common.message.ObjectOpArgs;
import io.spirula.common.message.OsdOpCode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Steps that are done on one object, in order and all or none. What reading and writing operations have in common: conditions, and calls of object classes. */
public abstract sealed class ObjectOperation<SELF extends ObjectOperation<SELF>> permits ReadOperation, WriteOperation {
    final List<ObjectOp> ops = new ArrayList<>(4);
    long inputBytes;

    ObjectOperation() {}

    abstract SELF self();

    /** The rest is done only if the object exists. */
    public SELF assertExists() {
        return add(OsdOpCode.STAT);
    }

    /** The rest is done only if the object's version is this one; fails with ERANGE or EOVERFLOW. */
    public SELF assertVersion(long version) {
        return add(new ObjectOp(OsdOpCode.ASSERT_VER, new ObjectOpArgs.AssertVersion(version), Bytes.EMPTY));
    }

    /** How {@link #compareXattr} compares: the attribute stands on the right. Source: include/rados.h, CEPH_OSD_CMPXATTR_OP_*. */
    public enum Comparison {
        EQUAL(1),
        NOT_EQUAL(2),
        GREATER(3),
        GREATER_OR_EQUAL(4),
        LESS(5),
        LESS_OR_EQUAL(6);

        private final int code;

        Comparison(int code) {
            this.code = code;
        }
    }

    private static final int COMPARE_STRING = 1;
    private static final int COMPARE_U64 = 2;

    /** The rest is done only if the value compares so with the attribute; fails with ECANCELED. */
    public SELF compareXattr(String name, Comparison comparison, Bytes value) {
        return add(xattr(OsdOpCode.CMPXATTR, name, value, comparison.code, COMPARE_STRING));
    }

    /** The same for an attribute that is a decimal number. */
    public SELF compareXattr(String name, Comparison comparison, long value) {
        Bytes encoded = new Encoder(8).u64(value).toBytes();
        return add(xattr(OsdOpCode.CMPXATTR, name, encoded, comparison.code, COMPARE_U64));
    }

    /** Calls a method of an object class. */
    public Step<Bytes> exec(String objectClass, String method, Bytes input) {
        Bytes c = Bytes.of(objectClass);
        Bytes m = Bytes.of(method);
        add(new ObjectOp(
                OsdOpCode.CALL,
                new ObjectOpArgs.Call(c.size(), m.size(), 0, input.size()),
                Bytes.concat(List.of(c, m, input))));
        return step(Function.identity());
    }

    static ObjectOp xattr(OsdOpCode code, String name, Bytes value, int comparison, int mode) {
        Bytes n = Bytes.of(name);
        return new ObjectOp(
                code,
                new ObjectOpArgs.Xattr(n.size(), value.size(), comparison, mode),
                value.isEmpty() ? n : Bytes.concat(List.of(n, value)));
    }

    static ObjectOp extent(OsdOpCode code, long offset, long length, Bytes data) {
        return new ObjectOp(code, new ObjectOpArgs.Extent(offset, length, 0, 0), data);
    }

    SELF add(OsdOpCode code) {
        return add(new ObjectOp(code));
    }

    SELF add(ObjectOp op) {
        ops.add(op);
        inputBytes += op.input().size();
        return self();
    }

    /** For the step added last. */
    <T> Step<T> step(Function<Bytes, T> decode) {
        return new Step<>(ops.size() - 1, decode);
    }

    public boolean isEmpty() {
        return ops.isEmpty();
    }
}
