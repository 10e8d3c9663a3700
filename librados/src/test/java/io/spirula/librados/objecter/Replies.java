package io.spirula.librados.objecter;

import io.spirula.common.message.ObjectOpResult;
import io.spirula.common.message.OsdOp;
import io.spirula.common.message.OsdOpReply;
import io.spirula.common.message.Redirect;
import io.spirula.common.types.EVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An OSD's answers to what a client has sent. */
final class Replies {
    private Replies() {}

    static OsdOpReply to(OsdOp op, int result, List<ObjectOpResult> results, @Nullable Redirect redirect) {
        return new OsdOpReply(
                op.tid(),
                op.object().name(),
                op.pg().pg(),
                op.flags(),
                result,
                EVersion.ZERO,
                op.epoch(),
                results,
                op.retryAttempt(),
                EVersion.ZERO,
                1,
                redirect);
    }
}
