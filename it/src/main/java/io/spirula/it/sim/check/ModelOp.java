package io.spirula.it.sim.check;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.message.ObjectOp;
import io.spirula.common.message.ObjectOpArgs;
import io.spirula.common.message.OsdOp;
import io.spirula.common.message.OsdOpCode;
import io.spirula.common.message.OsdOpReply;
import io.spirula.common.types.Errno;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One operation of the workload, twice: as it goes to an OSD, and as the plainest statement of what it does. */
public sealed interface ModelOp {
    record WriteFull(Bytes data) implements ModelOp {}

    record Append(Bytes data) implements ModelOp {}

    record Write(int offset, Bytes data) implements ModelOp {}

    /** Cuts an object, or makes it longer; nothing where there is none. */
    record Truncate(int size) implements ModelOp {}

    /** Makes a range zeros; the object ends where the range reaches its end. */
    record Zero(int offset, int length) implements ModelOp {}

    record SetAttribute(Bytes name, Bytes value) implements ModelOp {}

    record RemoveAttribute(Bytes name) implements ModelOp {}

    record SetOmap(Bytes key, Bytes value) implements ModelOp {}

    record RemoveOmap(Bytes key) implements ModelOp {}

    record ClearOmap() implements ModelOp {}

    /** Writes only where there is nothing yet. */
    record CreateExclusively(Bytes data) implements ModelOp {}

    /** Appends, and sets an attribute and a key, only where an attribute has a value. */
    record AppendIf(Bytes name, Bytes expected, Bytes data) implements ModelOp {}

    /** Overwrites only what is there. */
    record WriteIfThere(Bytes data) implements ModelOp {}

    record Remove() implements ModelOp {}

    record Read() implements ModelOp {}

    /**
     * How an operation ended.
     *
     * @param seen by a read that found the object
     */
    record Result(int code, @Nullable ObjectState seen) {
        static final Result DONE = failed(0);
        static final Result NOT_THERE = failed(-Errno.ENOENT);

        private static Result failed(int code) {
            return new Result(code, null);
        }
    }

    record Effect(ObjectState next, Result result) {}

    default Effect on(ObjectState before) {
        return switch (this) {
            case WriteFull w -> done(before.withData(w.data));
            case Append a -> done(before.withData(appended(before, a.data)));
            case Write w -> done(before.withData(overwritten(before.data(), w)));
            case Truncate t -> done(before.exists() ? before.withData(resized(before.data(), t.size)) : before);
            case Zero z -> done(before.exists() ? before.withData(zeroed(before.data(), z)) : before);
            case SetAttribute s -> done(before.withAttributes(all -> all.put(s.name, s.value)));
            case RemoveAttribute r -> ifThere(before, before.withAttributes(all -> all.remove(r.name)));
            case SetOmap s -> done(before.withOmap(all -> all.put(s.key, s.value)));
            case RemoveOmap r -> ifThere(before, before.withOmap(all -> all.remove(r.key)));
            case ClearOmap c -> ifThere(before, before.withOmap(Map::clear));
            case CreateExclusively c ->
                before.exists() ? new Effect(before, Result.failed(-Errno.EEXIST)) : done(before.withData(c.data));
            case AppendIf a ->
                Objects.equals(a.expected, before.attributes().get(a.name))
                        ? done(before.withData(appended(before, a.data))
                                .withAttributes(all -> all.put(a.name, a.data))
                                .withOmap(all -> all.put(a.name, a.data)))
                        : new Effect(before, Result.failed(-Errno.ECANCELED));
            case WriteIfThere w -> ifThere(before, before.withData(w.data));
            case Remove r -> ifThere(before, ObjectState.ABSENT);
            case Read r -> new Effect(before, before.exists() ? new Result(0, before) : Result.NOT_THERE);
        };
    }

    private static Effect done(ObjectState after) {
        return new Effect(after, Result.DONE);
    }

    private static Effect ifThere(ObjectState before, ObjectState after) {
        return before.exists() ? done(after) : new Effect(before, Result.NOT_THERE);
    }

    private static Bytes appended(ObjectState before, Bytes data) {
        return Bytes.concat(List.of(before.data(), data));
    }

    private static Bytes overwritten(Bytes old, Write write) {
        byte[] bytes = new byte[Math.max(old.size(), write.offset + write.data.size())];
        old.copyTo(bytes, 0);
        write.data.copyTo(bytes, write.offset);
        return Bytes.wrap(bytes);
    }

    private static Bytes resized(Bytes old, int size) {
        byte[] bytes = new byte[size];
        old.slice(0, Math.min(size, old.size())).copyTo(bytes, 0);
        return Bytes.wrap(bytes);
    }

    private static Bytes zeroed(Bytes old, Zero zero) {
        if (zero.offset + zero.length >= old.size()) {
            return old.slice(0, Math.min(zero.offset, old.size()));
        }
        return overwritten(old, new Write(zero.offset, Bytes.zeros(zero.length)));
    }

    default List<ObjectOp> steps() {
        return switch (this) {
            case WriteFull w -> List.of(extent(OsdOpCode.WRITEFULL, 0, w.data));
            case Append a -> List.of(extent(OsdOpCode.APPEND, 0, a.data));
            case Write w -> List.of(extent(OsdOpCode.WRITE, w.offset, w.data));
            case Truncate t -> List.of(range(OsdOpCode.TRUNCATE, t.size, 0));
            case Zero z -> List.of(range(OsdOpCode.ZERO, z.offset, z.length));
            case SetAttribute s -> List.of(attribute(OsdOpCode.SETXATTR, s.name, s.value));
            case RemoveAttribute r -> List.of(attribute(OsdOpCode.RMXATTR, r.name, Bytes.EMPTY));
            case SetOmap s -> List.of(setOmap(s.key, s.value));
            case RemoveOmap r ->
                List.of(new ObjectOp(
                        OsdOpCode.OMAPRMKEYS,
                        new Encoder(32)
                                .list(List.of(r.key), (key, out) -> out.bytes(key))
                                .toBytes()));
            case ClearOmap c -> List.of(new ObjectOp(OsdOpCode.OMAPCLEAR));
            case CreateExclusively c ->
                List.of(
                        new ObjectOp(OsdOpCode.CREATE).withFlags(ObjectOp.FLAG_EXCL),
                        extent(OsdOpCode.WRITEFULL, 0, c.data));
            case AppendIf a ->
                List.of(
                        compare(a.name, a.expected),
                        extent(OsdOpCode.APPEND, 0, a.data),
                        attribute(OsdOpCode.SETXATTR, a.name, a.data),
                        setOmap(a.name, a.data));
            case WriteIfThere w -> List.of(new ObjectOp(OsdOpCode.STAT), extent(OsdOpCode.WRITEFULL, 0, w.data));
            case Remove r -> List.of(new ObjectOp(OsdOpCode.DELETE));
            case Read r ->
                List.of(
                        extent(OsdOpCode.READ, 0, Bytes.EMPTY),
                        new ObjectOp(OsdOpCode.GETXATTRS),
                        new ObjectOp(
                                OsdOpCode.OMAPGETVALS,
                                new Encoder(16)
                                        .bytes(Bytes.EMPTY)
                                        .u64(1000)
                                        .bytes(Bytes.EMPTY)
                                        .toBytes()));
        };
    }

    private static ObjectOp extent(OsdOpCode code, long offset, Bytes data) {
        return new ObjectOp(code, new ObjectOpArgs.Extent(offset, data.size(), 0, 0), data);
    }

    private static ObjectOp range(OsdOpCode code, long offset, long length) {
        return new ObjectOp(code, new ObjectOpArgs.Extent(offset, length, 0, 0), Bytes.EMPTY);
    }

    private static ObjectOp attribute(OsdOpCode code, Bytes name, Bytes value) {
        return new ObjectOp(
                code, new ObjectOpArgs.Xattr(name.size(), value.size(), 0, 0), Bytes.concat(List.of(name, value)));
    }

    /** The attribute equals, as a string. */
    private static ObjectOp compare(Bytes name, Bytes value) {
        return new ObjectOp(
                OsdOpCode.CMPXATTR,
                new ObjectOpArgs.Xattr(name.size(), value.size(), 1, 1),
                Bytes.concat(List.of(name, value)));
    }

    private static ObjectOp setOmap(Bytes key, Bytes value) {
        return new ObjectOp(
                OsdOpCode.OMAPSETVALS,
                new Encoder(64)
                        .map(Map.of(key, value), (k, out) -> out.bytes(k), (v, out) -> out.bytes(v))
                        .toBytes());
    }

    default boolean writes() {
        return !(this instanceof Read);
    }

    default int flags() {
        return switch (this) {
            case Read r -> OsdOp.FLAG_READ;
            case AppendIf a -> OsdOp.FLAG_READ | OsdOp.FLAG_WRITE;
            case WriteIfThere w -> OsdOp.FLAG_READ | OsdOp.FLAG_WRITE;
            default -> OsdOp.FLAG_WRITE;
        };
    }

    default Result result(OsdOpReply reply) {
        if (writes() || reply.result() < 0) {
            return Result.failed(reply.result());
        }
        return new Result(
                0,
                new ObjectState(
                        true,
                        reply.ops().get(0).output().compact(),
                        pairs(reply.ops().get(1).output()),
                        pairs(reply.ops().get(2).output())));
    }

    private static TreeMap<Bytes, Bytes> pairs(Bytes encoded) {
        TreeMap<Bytes, Bytes> pairs = new TreeMap<>();
        new Decoder(encoded)
                .map(Decoder::bytes, Decoder::bytes)
                .forEach((key, value) -> pairs.put(key.compact(), value.compact()));
        return pairs;
    }
}
