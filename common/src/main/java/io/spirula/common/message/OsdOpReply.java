package io.spirula.common.message;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.PgId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to an {@link OsdOp}. Ceph: MOSDOpReply.
 *
 * @param flags the request's, with what is done: {@link OsdOp#FLAG_ONDISK} and {@link OsdOp#FLAG_ACK}
 * @param result 0, a count or a negative errno
 * @param badReplayVersion what old clients take for the version: the replay version with the user version in it
 * @param userVersion the object's version as users see it
 * @param retryAttempt the request's
 */
public record OsdOpReply(
        long tid,
        Bytes object,
        PgId pg,
        long flags,
        int result,
        EVersion badReplayVersion,
        int epoch,
        List<ObjectOpResult> ops,
        int retryAttempt,
        EVersion replayVersion,
        long userVersion,
        @Nullable Redirect redirect)
        implements Message {
    public static final MessageType<OsdOpReply> TYPE =
            new MessageType<>(43, "MOSDOpReply", 8, 2, OsdOpReply.class, OsdOpReply::encode, OsdOpReply::decode);

    public OsdOpReply {
        ops = List.copyOf(ops);
    }

    private void encode(Payload.Out out) {
        Encoder front = out.front()
                .bytes(object)
                .put(PgId.CODEC, pg)
                .u64(flags)
                .u32(result)
                .put(EVersion.CODEC, badReplayVersion)
                .u32(epoch)
                .u32(ops.size());
        for (ObjectOpResult op : ops) {
            ObjectOp.encodeHeader(op.code(), op.flags(), op.args(), op.output().size(), front);
            out.data(op.output());
        }
        front.u32(retryAttempt);
        for (ObjectOpResult op : ops) {
            front.u32(op.result());
        }
        front.put(EVersion.CODEC, replayVersion).u64(userVersion).bool(redirect != null);
        if (redirect != null) {
            front.put(Redirect.CODEC, redirect);
        }
        TraceInfo.encode(front);
    }

    private static OsdOpReply decode(Payload.In in) {
        if (in.version() < TYPE.version()) {
            throw new MalformedInput("a reply in version " + in.version() + ", from an OSD before luminous");
        }
        Decoder front = in.front();
        Bytes object = front.name();
        PgId pg = front.get(PgId.CODEC);
        long flags = front.u64();
        int result = front.i32();
        EVersion badReplayVersion = front.get(EVersion.CODEC);
        int epoch = front.i32();
        int count = front.count(ObjectOp.HEADER_SIZE);
        List<ObjectOp.Header> headers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            headers.add(ObjectOp.Header.decode(front));
        }
        int retryAttempt = front.i32();
        Decoder data = new Decoder(in.data());
        List<ObjectOpResult> ops = new ArrayList<>(count);
        for (ObjectOp.Header h : headers) {
            ops.add(new ObjectOpResult(h.code(), h.flags(), h.args(), front.i32(), data.raw(h.payloadLength())));
        }
        EVersion replayVersion = front.get(EVersion.CODEC);
        long userVersion = front.u64();
        Redirect redirect = front.bool() ? front.get(Redirect.CODEC) : null;
        return new OsdOpReply(
                in.tid(),
                object,
                pg,
                flags,
                result,
                badReplayVersion,
                epoch,
                ops,
                retryAttempt,
                replayVersion,
                userVersion,
                redirect);
    }

    @Override
    public MessageType<OsdOpReply> type() {
        return TYPE;
    }
}
