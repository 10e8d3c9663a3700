package io.spirula.it.sim;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.message.ObjectOp;
import io.spirula.common.message.ObjectOpArgs;
import io.spirula.common.message.OsdOp;
import io.spirula.common.message.OsdOpCode;
import io.spirula.common.message.OsdOpReply;
import io.spirula.common.types.Errno;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One operation of the workload, twice: as it goes to an OSD, and as the plainest statement of what it does. */
sealed interface ModelOp {
    String TAG = "tag";

    record WriteFull(Bytes data) implements ModelOp {}

    record Append(Bytes data) implements ModelOp {}

    record Write(int offset, Bytes data) implements ModelOp {}

    record SetTag(Bytes tag) implements ModelOp {}

    record Remove() implements ModelOp {}

    record Read() implements ModelOp {}

    /**
     * How an operation ended.
     *
     * @param seen by a read that found the object
     */
    record Result(int code, @Nullable ObjectState seen) {
        static final Result DONE = new Result(0, null);
        static final Result NOT_THERE = new Result(-Errno.ENOENT, null);
    }

    record Effect(ObjectState next, Result result) {}

    default Effect on(ObjectState before) {
        return switch (this) {
            case WriteFull w -> new Effect(before.withData(w.data), Result.DONE);
            case Append a -> new Effect(before.withData(Bytes.concat(List.of(before.data(), a.data))), Result.DONE);
            case Write w -> new Effect(before.withData(overwritten(before.data(), w)), Result.DONE);
            case SetTag t -> new Effect(before.withTag(t.tag), Result.DONE);
            case Remove r ->
                before.exists() ? new Effect(ObjectState.ABSENT, Result.DONE) : new Effect(before, Result.NOT_THERE);
            case Read r -> new Effect(before, before.exists() ? new Result(0, before) : Result.NOT_THERE);
        };
    }

    private static Bytes overwritten(Bytes old, Write write) {
        byte[] bytes = new byte[Math.max(old.size(), write.offset + write.data.size())];
        old.copyTo(bytes, 0);
        write.data.copyTo(bytes, write.offset);
        return Bytes.wrap(bytes);
    }

    default List<ObjectOp> steps() {
        return switch (this) {
            case WriteFull w -> List.of(extent(OsdOpCode.WRITEFULL, 0, w.data));
            case Append a -> List.of(extent(OsdOpCode.APPEND, 0, a.data));
            case Write w -> List.of(extent(OsdOpCode.WRITE, w.offset, w.data));
            case SetTag t -> {
                Bytes name = Bytes.of(TAG);
                yield List.of(new ObjectOp(
                        OsdOpCode.SETXATTR,
                        new ObjectOpArgs.Xattr(name.size(), t.tag.size(), 0, 0),
                        Bytes.concat(List.of(name, t.tag))));
            }
            case Remove r -> List.of(new ObjectOp(OsdOpCode.DELETE));
            case Read r -> List.of(extent(OsdOpCode.READ, 0, Bytes.EMPTY), new ObjectOp(OsdOpCode.GETXATTRS));
        };
    }

    private static ObjectOp extent(OsdOpCode code, long offset, Bytes data) {
        return new ObjectOp(code, new ObjectOpArgs.Extent(offset, data.size(), 0, 0), data);
    }

    default int flags() {
        return this instanceof Read ? OsdOp.FLAG_READ : OsdOp.FLAG_WRITE;
    }

    default Result result(OsdOpReply reply) {
        if (!(this instanceof Read) || reply.result() < 0) {
            return new Result(reply.result(), null);
        }
        Map<Bytes, Bytes> attributes = new Decoder(reply.ops().get(1).output()).map(Decoder::name, Decoder::bytes);
        Bytes tag = attributes.getOrDefault(Bytes.of(TAG), Bytes.EMPTY).compact();
        return new Result(0, new ObjectState(true, reply.ops().get(0).output().compact(), tag));
    }
}
