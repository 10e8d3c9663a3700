package io.spirula.common.auth;

/** Where new client instances get their cluster-wide number from. */
@FunctionalInterface
public interface GlobalIds {
    /** A number that nobody had before, or 0 where none can be given right now (no quorum): the peer then tries again later. */
    long assign();

    /** Whether clients can be served at all right now; where not, those that have a number already try elsewhere too. */
    default boolean isServing() {
        return true;
    }
}
