package io.spirula.tools.rados;

import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prints a benchmark's progress and result as Ceph's rados bench does, for people and for programs that read it. */
final class BenchReport {
    private static final double MIB = 1 << 20;

    private final PrintStream out;
    private final boolean showTime;
    private final long operationSize;
    private final List<Double> bandwidths = new ArrayList<>();
    private final List<Integer> rates = new ArrayList<>();
    private int lastFinished;
    private double lastElapsed;

    BenchReport(PrintStream out, boolean showTime, long operationSize) {
        this.out = out;
        this.showTime = showTime;
        this.operationSize = operationSize;
    }

    /** Prints a line each second until the end. */
    BenchEngine.Snapshot follow(BenchEngine engine) {
        int second = 0;
        boolean over;
        do {
            line(second, engine.snapshot());
            over = engine.awaitEnd(++second);
        } while (!over);
        return engine.snapshot();
    }

    private void line(int second, BenchEngine.Snapshot s) {
        if (second % 20 == 0) {
            if (second > 0) {
                print(Texts.time(Instant.now()) + " min lat: " + Texts.general(s.min()) + " max lat: "
                        + Texts.general(s.max()) + " avg lat: " + Texts.general(s.average()));
            }
            print("  sec Cur ops   started  finished  avg MB/s  cur MB/s last lat(s)  avg lat(s)");
        }
        int done = s.finished() - lastFinished;
        double current = 0;
        if (second > 0) {
            current = done * operationSize / (s.elapsed() - lastElapsed) / MIB;
            bandwidths.add(current);
            rates.add((int) Math.round(done / (s.elapsed() - lastElapsed)));
        }
        double average = s.finished() == 0 ? 0 : s.finished() * operationSize / s.elapsed() / MIB;
        print(String.format(
                Locale.ROOT,
                "%5d%8d%10d%10d%10s%10s%12s%12s",
                second,
                s.started() - s.finished(),
                s.started(),
                s.finished(),
                Texts.general(average),
                Texts.general(current),
                done == 0 ? "-" : Texts.general(s.last()),
                Texts.general(s.average())));
        lastFinished = s.finished();
        lastElapsed = s.elapsed();
    }

    private void print(String line) {
        out.println(showTime ? Texts.time(Instant.now()) + " " + line : line);
        out.flush();
    }

    void summary(boolean writes, long objectSize, BenchEngine.Snapshot s) {
        double bandwidth = s.finished() * operationSize / s.elapsed() / MIB;
        if (bandwidths.isEmpty()) {
            bandwidths.add(bandwidth);
            rates.add((int) (s.finished() / s.elapsed()));
        }
        int column = writes ? 24 : 22;
        String done = writes ? "writes" : "reads";
        String size = writes ? "Write" : "Read";
        row(column, "Total time run:", Texts.general(s.elapsed()));
        row(column, "Total " + done + " made:", Integer.toString(s.finished()));
        row(column, size + " size:", Long.toString(operationSize));
        row(column, "Object size:", Long.toString(objectSize));
        row(column, "Bandwidth (MB/sec):", Texts.general(bandwidth));
        if (writes) {
            row(column, "Stddev Bandwidth:", Texts.general(deviation(bandwidths)));
            row(
                    column,
                    "Max bandwidth (MB/sec):",
                    Texts.general(bandwidths.stream().mapToDouble(d -> d).max().orElse(0)));
            row(
                    column,
                    "Min bandwidth (MB/sec):",
                    Texts.general(bandwidths.stream().mapToDouble(d -> d).min().orElse(0)));
        }
        row(column, "Average IOPS:", Integer.toString((int) (s.finished() / s.elapsed())));
        row(
                column,
                "Stddev IOPS:",
                Texts.general(deviation(rates.stream().map(Integer::doubleValue).toList())));
        row(
                column,
                "Max IOPS:",
                Integer.toString(rates.stream().mapToInt(i -> i).max().orElse(0)));
        row(
                column,
                "Min IOPS:",
                Integer.toString(rates.stream().mapToInt(i -> i).min().orElse(0)));
        row(column, "Average Latency(s):", Texts.general(s.average()));
        if (writes) {
            row(column, "Stddev Latency(s):", Texts.general(s.deviation()));
        }
        row(column, "Max latency(s):", Texts.general(s.max()));
        row(column, "Min latency(s):", Texts.general(s.min()));
    }

    private void row(int column, String name, String value) {
        out.println(name + " ".repeat(Math.max(1, column - name.length())) + value);
    }

    private static double deviation(List<Double> values) {
        if (values.size() < 2) {
            return 0;
        }
        double mean = values.stream().mapToDouble(d -> d).average().orElse(0);
        double squares =
                values.stream().mapToDouble(d -> (d - mean) * (d - mean)).sum();
        return Math.sqrt(squares / (values.size() - 1));
    }
}
