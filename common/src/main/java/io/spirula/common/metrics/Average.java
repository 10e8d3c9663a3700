package io.spirula.common.metrics;

/** A running average, as a count and a sum: of times in nanoseconds, or of numbers. Changed on its owner's reactor only. */
public final class Average {
    private long count;
    private long sum;

    public void add(long amount) {
        count++;
        sum += amount;
    }

    public long count() {
        return count;
    }

    public long sum() {
        return sum;
    }

    void reset() {
        count = 0;
        sum = 0;
    }
}
