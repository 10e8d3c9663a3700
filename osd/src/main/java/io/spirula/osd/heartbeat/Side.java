package io.spirula.osd.heartbeat;

/** The networks that heartbeats take: between OSDs, and the one that clients use too. */
public enum Side {
    BACK,
    FRONT
}
