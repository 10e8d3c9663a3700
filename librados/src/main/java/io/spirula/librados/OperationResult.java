package io.spirula.librados;

import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.message.ObjectOpResult;
import io.spirula.common.message.OsdOpReply;
import io.spirula.common.types.Errno;

/** What a compound operation returned, step by step. */
public final class OperationResult {
    private final OsdOpReply reply;

    OperationResult(OsdOpReply reply) {
        this.reply = reply;
    }

    /** The step's result; throws RadosException if that step failed, which it may without failing the whole. */
    public <T> T get(Step<T> step) {
        if (step.index >= reply.ops().size()) {
            throw new RadosException(Errno.EIO, "the OSD answered fewer steps than were asked");
        }
        ObjectOpResult result = reply.ops().get(step.index);
        if (result.result() < 0) {
            throw new RadosException(-result.result(), "step " + step.index);
        }
        try {
            return step.decode.apply(result.output());
        } catch (MalformedInput e) {
            throw new RadosException(Errno.EIO, "an answer that can't be read: " + e.getMessage(), e);
        }
    }

    /** The step's number: 0, a count, or a negative error number. */
    public int code(Step<?> step) {
        return reply.ops().get(step.index).result();
    }

    /** The object's version after the operation, as users count it. */
    public long version() {
        return reply.userVersion();
    }
}
