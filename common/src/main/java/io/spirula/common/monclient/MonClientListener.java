package io.spirula.common.monclient;

import java.util.Map;

/** What the owner of a {@link MonClient} is told. All calls come on its reactor. Maps other than the monitors' own are messages, which the owner's dispatcher gets as any other. */
public interface MonClientListener {
    /** A monitor has authenticated us and takes messages now: for the first time, or again after the last one fell silent. What was sent and asked before is sent again by the client itself. */
    default void sessionOpened(long globalId) {}

    /** The session is gone; the client hunts for another. */
    default void sessionLost(String reason) {}

    /** The monitors' central configuration for us, whole. Ceph: MConfig. */
    default void configured(Map<String, String> options) {}

    /** A new monitor map has been taken over. */
    default void monMapChanged() {}
}
