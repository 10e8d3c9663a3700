package io.spirula.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** Writes, again and again, objects of another name, until it is told to end; then it reads and compares them all. */
final class Load {
    private static final int MOST_OBJECTS = 100;

    private final AtomicBoolean enough = new AtomicBoolean();
    private final Operator operator;
    private final String pool;
    private final CompletableFuture<Integer> runs;

    Load(Operator operator, String pool) {
        this.operator = operator;
        this.pool = pool;
        runs = CompletableFuture.supplyAsync(this::write, task -> new Thread(task, "load").start());
    }

    private int write() {
        int run = 0;
        do {
            operator.rados("bench -p " + pool + " 60 write -b 8192 -t 8 --max-objects " + MOST_OBJECTS
                    + " --no-cleanup --run-name " + run++);
        } while (!enough.get());
        return run;
    }

    void verify() {
        enough.set(true);
        int written = runs.join();
        for (int run = 0; run < written; run++) {
            operator.rados("bench -p " + pool + " 60 seq -t 8 --run-name " + run);
        }
        assertThat(operator.rados("-p " + pool + " ls").lines().filter(name -> name.contains("object")))
                .hasSize(written * MOST_OBJECTS);
    }
}
