package io.spirula.common.pg;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import java.util.List;

/** What came of a notification: each watcher's answer, and who did not answer in time. The data of a {@link io.spirula.common.message.WatchNotify} that completes one. */
public record NotifyReplies(List<Reply> replies, List<Watcher> missed) {
    /** One watch: the client's global id and its cookie. */
    public record Watcher(long client, long cookie) {}

    public record Reply(Watcher watcher, Bytes payload) {}

    public static final NotifyReplies NONE = new NotifyReplies(List.of(), List.of());
    public static final Codec<NotifyReplies> CODEC = Codec.of(NotifyReplies::encode, NotifyReplies::decode);

    public NotifyReplies {
        replies = List.copyOf(replies);
        missed = List.copyOf(missed);
    }

    private void encode(Encoder out) {
        out.list(
                replies, (r, l) -> l.u64(r.watcher.client).u64(r.watcher.cookie).bytes(r.payload));
        out.list(missed, (w, l) -> l.u64(w.client).u64(w.cookie));
    }

    private static NotifyReplies decode(Decoder in) {
        return new NotifyReplies(
                in.list(d -> new Reply(new Watcher(d.u64(), d.u64()), d.bytes())),
                in.list(d -> new Watcher(d.u64(), d.u64())));
    }
}
