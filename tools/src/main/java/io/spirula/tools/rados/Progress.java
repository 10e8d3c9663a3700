package io.spirula.tools.rados;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A line that shows how far a long transfer is, on a terminal; nothing elsewhere. */
final class Progress implements AutoCloseable {
    private static final long SHOW_AFTER_NANOS = 500_000_000;
    private static final long EVERY_NANOS = 200_000_000;
    private static final int WIDTH = 30;

    private final PrintStream out;
    private final String what;
    private final long total;
    private final boolean visible;
    private final long started = System.nanoTime();
    private long shown;

    private Progress(PrintStream out, String what, long total, boolean visible) {
        this.out = out;
        this.what = what;
        this.total = total;
        this.visible = visible;
    }

    /** @param total in bytes; negative where it is not known */
    static Progress on(PrintStream err, String what, long total) {
        return new Progress(err, what, total, isTerminal());
    }

    private static boolean isTerminal() {
        try {
            Path target = Files.readSymbolicLink(Path.of("/proc/self/fd/2"));
            return target.startsWith("/dev/pts") || target.startsWith("/dev/tty");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    void at(long bytes) {
        long now = System.nanoTime();
        if (!visible || now - started < SHOW_AFTER_NANOS || now - shown < EVERY_NANOS) {
            return;
        }
        shown = now;
        String rate = Texts.bytes((long) (bytes / ((now - started) / 1e9))) + "/s";
        if (total > 0) {
            int filled = (int) Math.min(WIDTH, bytes * WIDTH / total);
            out.printf(
                    "\r%s [%s%s] %3d%% %s of %s, %s   ",
                    what,
                    "#".repeat(filled),
                    " ".repeat(WIDTH - filled),
                    Math.min(100, bytes * 100 / total),
                    Texts.bytes(bytes),
                    Texts.bytes(total),
                    rate);
        } else {
            out.printf("\r%s %s, %s   ", what, Texts.bytes(bytes), rate);
        }
        out.flush();
    }

    @Override
    public void close() {
        if (shown != 0) {
            out.print("\r" + " ".repeat(78) + "\r");
            out.flush();
        }
    }
}
