package io.spirula.common.auth;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;

/** Capabilities as tickets carry them. */
public final class AuthCaps {
    /** What auth none grants everybody. */
    public static final Bytes ALLOW_ALL = encode("allow *");

    private AuthCaps() {}

    public static Bytes encode(String caps) {
        return new Encoder().string(caps).toBytes();
    }

    /** The text, empty where nothing was granted. */
    public static String decode(Bytes encoded) {
        return encoded.isEmpty() ? "" : new Decoder(encoded).string();
    }
}
