package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;

/** The fields in front of every message to or from a monitor's Paxos service: the map version the sender has, and two that are unused since jewel. Ceph: PaxosServiceMessage. */
final class PaxosPrefix {
    private PaxosPrefix() {}

    static Encoder encode(long version, Encoder out) {
        return out.u64(version).u16(-1).u64(0);
    }

    static long decode(Decoder in) {
        long version = in.u64();
        in.skip(10);
        return version;
    }
}
