package io.spirula.librados.objecter;

import io.spirula.common.encoding.Bytes;

/** What an operation is about. */
public sealed interface OperationTarget {
    long pool();

    Bytes namespace();

    /** @param key the locator key; empty to place by name */
    record OfObject(long pool, Bytes namespace, Bytes key, Bytes name) implements OperationTarget {
        @Override
        public String toString() {
            return "object " + name;
        }
    }

    /** @param seed the placement group's number in the pool */
    record OfPg(long pool, Bytes namespace, int seed) implements OperationTarget {
        @Override
        public String toString() {
            return "placement group " + pool + "." + Integer.toHexString(seed);
        }
    }
}
