package io.spirula.librados;

import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.message.OsdOpReply;
import io.spirula.common.types.Errno;
import io.spirula.librados.objecter.Operation;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One call of a user: the future that they hold, completed by the objecter. */
final class Call<T> extends CompletableFuture<T> implements Operation.Listener {
    private final Object what;
    private final Function<OsdOpReply, T> read;
    private final Throttle throttle;
    private final int cost;
    private final boolean counted;
    private final @Nullable Executor callbacks;

    /**
     * @param what what was asked for, for messages of errors
     * @param counted whether the throttle has given room for it
     * @param callbacks where to complete; null for the reactor
     */
    Call(
            Object what,
            Function<OsdOpReply, T> read,
            Throttle throttle,
            int cost,
            boolean counted,
            @Nullable Executor callbacks) {
        this.what = what;
        this.read = read;
        this.throttle = throttle;
        this.cost = cost;
        this.counted = counted;
        this.callbacks = callbacks;
    }

    @Override
    public void answered(OsdOpReply reply) {
        release();
        if (callbacks == null) {
            finish(reply);
        } else {
            callbacks.execute(() -> finish(reply));
        }
    }

    private void finish(OsdOpReply reply) {
        if (reply.result() < 0) {
            completeExceptionally(new RadosException(-reply.result(), what.toString()));
            return;
        }
        try {
            complete(read.apply(reply));
        } catch (MalformedInput e) {
            completeExceptionally(new RadosException(Errno.EIO, what + ": " + e.getMessage(), e));
        } catch (RadosException e) {
            completeExceptionally(e);
        }
    }

    @Override
    public void failed(int errno, String reason) {
        release();
        RadosException error = new RadosException(errno, reason);
        if (callbacks == null) {
            completeExceptionally(error);
        } else {
            callbacks.execute(() -> completeExceptionally(error));
        }
    }

    private void release() {
        if (counted) {
            throttle.release(cost);
        }
    }
}
