package io.spirula.it.sim.nemesis;

import java.util.random.RandomGenerator;

/** One kind of trouble. It strikes at some moment of a run, draws from the random numbers of that strike alone, and is over by itself after a while, or when all is mended. */
public interface Nemesis {
    /** What a strike does to the copies of the data, and so which others it can go together with and nothing be lost. */
    enum Kind {
        /** What is durable stays durable, where it is. */
        PASSING,
        /** Data moves to other OSDs; not while a copy is damaged, whose remaining ones are counted on where they are. */
        MOVES_DATA,
        /** One OSD's copies are gone, old or spoilt: all others must be whole, which they are only when all is clean, and no further one is touched until all is clean again. */
        DAMAGES_COPIES
    }

    /** Lower case with hyphens. */
    String name();

    default Kind kind() {
        return Kind.PASSING;
    }

    /** How often it is taken: what brings out others' consequences more often. */
    default int weight() {
        return 1;
    }

    /** Whether OSDs drop requests because of it, so that others of the same client pass them. */
    default boolean dropsRequests() {
        return false;
    }

    void strike(Stage stage, RandomGenerator random);
}
