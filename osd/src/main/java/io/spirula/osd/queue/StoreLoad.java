package io.spirula.osd.queue;

/**
 * What the store has been given and not finished, in bytes: this is where an OSD's work really waits, for everything before it takes microseconds. Once it is more than the disks need to be busy, what comes next waits in the
 * {@link OpQueue}, where it can be put in order, instead of in the store, where it can't.
 */
public final class StoreLoad {
    /** What each operation costs beside its bytes. */
    static final long BASE = 32 << 10;
    /** Enough for the disks and for committing many at once, and no more than they do within a fraction of a second. */
    public static final long ENOUGH = 16L << 20;

    private final long enough;
    private long bytes;
    private Runnable eased = () -> {};

    public StoreLoad() {
        this(ENOUGH);
    }

    /** @param enough with so many bytes the store is busy */
    public StoreLoad(long enough) {
        this.enough = enough;
    }

    /** Runs when the store may be given more again. */
    void whenEased(Runnable task) {
        eased = task;
    }

    boolean takesMore() {
        return bytes < enough;
    }

    long bytes() {
        return bytes;
    }

    void began(long more) {
        bytes += BASE + more;
    }

    void ended(long less) {
        boolean took = takesMore();
        bytes -= BASE + less;
        if (!took && takesMore()) {
            eased.run();
        }
    }
}
