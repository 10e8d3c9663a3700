package io.spirula.common.msgr;

/** The kinds of frames. Ceph: msgr/async/frames_v2.h. */
final class Tag {
    static final int HELLO = 1;
    static final int AUTH_REQUEST = 2;
    static final int AUTH_BAD_METHOD = 3;
    static final int AUTH_REPLY_MORE = 4;
    static final int AUTH_REQUEST_MORE = 5;
    static final int AUTH_DONE = 6;
    static final int AUTH_SIGNATURE = 7;
    static final int CLIENT_IDENT = 8;
    static final int SERVER_IDENT = 9;
    static final int IDENT_MISSING_FEATURES = 10;
    static final int SESSION_RECONNECT = 11;
    static final int SESSION_RESET = 12;
    static final int SESSION_RETRY = 13;
    static final int SESSION_RETRY_GLOBAL = 14;
    static final int SESSION_RECONNECT_OK = 15;
    static final int WAIT = 16;
    static final int MESSAGE = 17;
    static final int KEEPALIVE2 = 18;
    static final int KEEPALIVE2_ACK = 19;
    static final int ACK = 20;

    private Tag() {}
}
