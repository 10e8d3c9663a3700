package io.spirula.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A daemon of the distribution in the foreground of the test, with what it says. */
final class DaemonRun implements AutoCloseable {
    private static final long DEADLINE_NANOS = 60_000_000_000L;
    private static final long POLL_MILLIS = 50;

    private final List<String> command;
    private final Process process;
    private final Path said;

    private DaemonRun(List<String> command, Process process, Path said) {
        this.command = command;
        this.process = process;
        this.said = said;
    }

    /** Starts {@code program WORDS} with its log on standard error. */
    static DaemonRun start(String program, String... words) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(VstartCluster.BIN.resolve(program).toString()));
        command.addAll(List.of(words));
        command.add("--log-to-stderr");
        Path said = Files.createTempFile("daemon", ".said");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        process.getOutputStream().close();
        return new DaemonRun(command, process, said);
    }

    /** Waits until the condition holds or the daemon has ended; returns whether it still runs. */
    boolean runsUntil(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + DEADLINE_NANOS;
        while (process.isAlive()) {
            if (condition.getAsBoolean()) {
                return true;
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("nothing came of " + this);
            }
            process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
        }
        return false;
    }

    boolean hasSaid(String words) {
        return output().contains(words);
    }

    /** The daemon ends by itself with 1, and the one line that it has for people says these things. */
    void endsSaying(String... words) throws InterruptedException {
        ends(1, words);
    }

    /** The daemon ends by itself, and the one line that it has for people says these things; there is none where nothing is to be said. */
    void ends(int code, String... words) throws InterruptedException {
        assertThat(runsUntil(() -> false)).isFalse();
        assertThat(process.exitValue()).as(toString()).isEqualTo(code);
        List<String> lines = lines();
        assertThat(lines).as(toString()).hasSize(Math.min(1, words.length));
        if (!lines.isEmpty()) {
            assertThat(lines.getFirst()).contains(words);
        }
    }

    /** What it said beside its log: for people. Traces of stacks and errors of the log count, too. */
    List<String> lines() {
        return output().lines()
                .filter(l -> !l.isBlank() && !l.matches("\\d{4}-\\d\\d-\\d\\dT\\S+ (INFO|WARN|DEBUG) .*"))
                .toList();
    }

    int exitCode() {
        return process.exitValue();
    }

    private String output() {
        try {
            return Files.readString(said);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public String toString() {
        return String.join(" ", command) + (process.isAlive() ? "" : " -> " + process.exitValue()) + "\n" + output();
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(15, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            Files.deleteIfExists(said);
        }
    }
}
