package io.spirula.common.msgr;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityType;
import java.util.List;

/** The contents of the frames that open a session, as records. Ceph: frames_v2.h. */
final class ControlFrames {
    private ControlFrames() {}

    record Hello(EntityType type, EntityAddr addressOfPeer) {
        Bytes encode() {
            return new Encoder()
                    .u8(type.code())
                    .put(EntityAddr.CODEC, addressOfPeer)
                    .toBytes();
        }

        static Hello decode(Decoder in) {
            return new Hello(EntityType.of(in.u8()), in.get(EntityAddr.CODEC));
        }
    }

    record AuthRequest(int method, List<Integer> preferredModes, Bytes payload) {
        Bytes encode() {
            return new Encoder(payload.size() + 32)
                    .u32(method)
                    .list(preferredModes, (m, o) -> o.u32(m))
                    .bytes(payload)
                    .toBytes();
        }

        static AuthRequest decode(Decoder in) {
            return new AuthRequest(in.i32(), codes(in), in.bytes().compact());
        }
    }

    record AuthBadMethod(int method, int result, List<Integer> allowedMethods, List<Integer> allowedModes) {
        Bytes encode() {
            return new Encoder()
                    .u32(method)
                    .u32(result)
                    .list(allowedMethods, (m, o) -> o.u32(m))
                    .list(allowedModes, (m, o) -> o.u32(m))
                    .toBytes();
        }

        static AuthBadMethod decode(Decoder in) {
            return new AuthBadMethod(in.i32(), in.i32(), codes(in), codes(in));
        }
    }

    record AuthDone(long globalId, int mode, Bytes payload) {
        Bytes encode() {
            return new Encoder(payload.size() + 16)
                    .u64(globalId)
                    .u32(mode)
                    .bytes(payload)
                    .toBytes();
        }

        static AuthDone decode(Decoder in) {
            return new AuthDone(in.u64(), in.i32(), in.bytes().compact());
        }
    }

    record ClientIdent(
            EntityAddrs addrs,
            EntityAddr target,
            long gid,
            long globalSeq,
            long supported,
            long required,
            long flags,
            long cookie) {
        Bytes encode() {
            return new Encoder()
                    .put(EntityAddrs.CODEC, addrs)
                    .put(EntityAddr.CODEC, target)
                    .u64(gid)
                    .u64(globalSeq)
                    .u64(supported)
                    .u64(required)
                    .u64(flags)
                    .u64(cookie)
                    .toBytes();
        }

        static ClientIdent decode(Decoder in) {
            return new ClientIdent(
                    in.get(EntityAddrs.CODEC),
                    in.get(EntityAddr.CODEC),
                    in.u64(),
                    in.u64(),
                    in.u64(),
                    in.u64(),
                    in.u64(),
                    in.u64());
        }
    }

    /** The lossy bit in an ident's flags. Ceph: CEPH_MSG_CONNECT_LOSSY. */
    static final long LOSSY = 1;

    record ServerIdent(
            EntityAddrs addrs, long gid, long globalSeq, long supported, long required, long flags, long cookie) {
        Bytes encode() {
            return new Encoder()
                    .put(EntityAddrs.CODEC, addrs)
                    .u64(gid)
                    .u64(globalSeq)
                    .u64(supported)
                    .u64(required)
                    .u64(flags)
                    .u64(cookie)
                    .toBytes();
        }

        static ServerIdent decode(Decoder in) {
            return new ServerIdent(
                    in.get(EntityAddrs.CODEC), in.u64(), in.u64(), in.u64(), in.u64(), in.u64(), in.u64());
        }
    }

    record Reconnect(
            EntityAddrs addrs, long clientCookie, long serverCookie, long globalSeq, long connectSeq, long messageSeq) {
        Bytes encode() {
            return new Encoder()
                    .put(EntityAddrs.CODEC, addrs)
                    .u64(clientCookie)
                    .u64(serverCookie)
                    .u64(globalSeq)
                    .u64(connectSeq)
                    .u64(messageSeq)
                    .toBytes();
        }

        static Reconnect decode(Decoder in) {
            return new Reconnect(in.get(EntityAddrs.CODEC), in.u64(), in.u64(), in.u64(), in.u64(), in.u64());
        }
    }

    static Bytes number(long value) {
        return new Encoder(8).u64(value).toBytes();
    }

    static Bytes flag(boolean value) {
        return new Encoder(1).bool(value).toBytes();
    }

    private static List<Integer> codes(Decoder in) {
        return in.list(Decoder::i32);
    }
}
