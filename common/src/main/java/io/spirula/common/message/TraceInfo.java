package io.spirula.common.message;

import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;

/** The place of a tracing span in messages, which nobody fills in unless built for it. Ceph: blkin_trace_info. */
final class TraceInfo {
    private static final int SIZE = 24;

    private TraceInfo() {}

    static void encode(Encoder out) {
        out.zeros(SIZE);
    }

    static void decode(Decoder in) {
        in.skip(SIZE);
    }
}
