package io.spirula.common.metrics;

/** Something that was counted since the daemon started, or since it was reset. Changed on its owner's reactor only. */
public final class Counter {
    private long value;

    public void increment() {
        value++;
    }

    public void add(long amount) {
        value += amount;
    }

    public long value() {
        return value;
    }

    void reset() {
        value = 0;
    }
}
