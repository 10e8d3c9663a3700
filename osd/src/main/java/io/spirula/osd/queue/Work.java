package io.spirula.osd.queue;

/** One piece of work, done when its turn comes, on the reactor. Pieces of one owner in one class are done in the order in which they came. */
public interface Work {
    WorkClass kind();

    /** Whose it is: owners within a class have equal shares. */
    long owner();

    /** How many bytes it reads or writes, about. */
    long bytes();

    void run();

    /** Work that nobody needs to see while it waits. */
    record Task(WorkClass kind, long owner, long bytes, Runnable task) implements Work {
        @Override
        public void run() {
            task.run();
        }
    }
}
