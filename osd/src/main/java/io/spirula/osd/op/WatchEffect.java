package io.spirula.osd.op;

import io.spirula.common.encoding.Bytes;

/** What an operation asks of the watchers of its object, to be done when the vector has succeeded (and is durable, where it changes something). */
public sealed interface WatchEffect {
    /** The client watches from now on, or again over another connection; whether it will send signs of life, or is there as long as its connection is. */
    record Connect(long cookie, boolean pings) implements WatchEffect {}

    record Disconnect(long cookie) implements WatchEffect {}

    /** The client is still there. */
    record Ping(long cookie) implements WatchEffect {}

    /** The object is gone, and with it all its watches. */
    record DisconnectAll() implements WatchEffect {}

    /** All watchers are told, and the notifier once they have answered. */
    record Notify(long notifyId, long cookie, int timeoutSeconds, Bytes payload) implements WatchEffect {}

    /** A watcher's answer to the notification {@code notifyId}. */
    record Acknowledge(long notifyId, long watchCookie, Bytes reply) implements WatchEffect {}
}
