package io.spirula.mon.service;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import java.util.Map;
import java.util.TreeMap;

/** What a daemon says of itself and its host, in its stored form. */
final class DaemonMetadata {
    private DaemonMetadata() {}

    static Bytes encode(Map<String, String> metadata) {
        return new Encoder()
                .map(new TreeMap<>(metadata), (k, o) -> o.string(k), (v, o) -> o.string(v))
                .toBytes();
    }

    static Map<String, String> decode(Bytes stored) {
        return new Decoder(stored).map(Decoder::string, Decoder::string);
    }
}
