package io.spirula.it.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimHostTest {
    private final Simulation simulation = new Simulation(1);
    private final SimHost host = new SimHost(simulation, "host");
    private final List<String> done = new ArrayList<>();

    @Test
    void aProcessThatIsStoppedTwiceGoesOnWhenBothAreOverWithWhatHasWaitedInItsOrder() {
        later(1, "first");
        later(3, "second");
        host.stall(Duration.ofSeconds(10));
        simulation.runFor(Duration.ofSeconds(2));
        host.stall(Duration.ofSeconds(2));
        simulation.runFor(Duration.ofSeconds(20));
        assertThat(done).containsExactly("first after PT10S", "second after PT10S");
        assertThat(host.isStalled()).isFalse();
    }

    @Test
    void aStopThatBeginsLaterAndLastsLongerProlongsIt() {
        later(1, "first");
        host.stall(Duration.ofSeconds(2));
        simulation.runFor(Duration.ofSeconds(1));
        host.stall(Duration.ofSeconds(5));
        simulation.runFor(Duration.ofSeconds(20));
        assertThat(done).containsExactly("first after PT6S");
    }

    private void later(long seconds, String what) {
        host.schedule(
                Duration.ofSeconds(seconds), () -> done.add(what + " after " + Duration.ofNanos(host.nanoTime())));
    }
}
