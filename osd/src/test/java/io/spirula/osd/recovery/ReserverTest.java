package io.spirula.osd.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReserverTest {
    private final ArrayDeque<Runnable> later = new ArrayDeque<>();
    private final List<String> told = new ArrayList<>();
    private final Reserver<String> reserver = new Reserver<>(later::add, 1);

    private void request(String item, int priority, boolean preemptible) {
        reserver.request(item, priority, () -> told.add("+" + item), preemptible ? () -> told.add("-" + item) : null);
    }

    private void settle() {
        while (!later.isEmpty()) {
            later.remove().run();
        }
    }

    /** Steps: {@code a180} asks, {@code a180!} for a place that may not be taken away, {@code ~a} gives back or leaves, {@code a=254} is another priority, {@code max=2} and {@code min=150} are settings. */
    private void play(String script) {
        for (String step : script.split(" ")) {
            String item = step.substring(0, 1);
            if (step.startsWith("max=")) {
                reserver.most(Integer.parseInt(step.substring(4)));
            } else if (step.startsWith("min=")) {
                reserver.leastPriority(Integer.parseInt(step.substring(4)));
            } else if (step.startsWith("~")) {
                reserver.cancel(step.substring(1));
            } else if (step.contains("=")) {
                reserver.update(item, Integer.parseInt(step.substring(2)));
            } else {
                request(item, Integer.parseInt(step.substring(1).replace("!", "")), !step.endsWith("!"));
            }
            settle();
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "who comes first is first, a180 b180 ~a, +a +b, b, ''",
        "the most urgent is next, a180 b100 c140 ~a, +a +c, c, b",
        "a more urgent one takes the place, a100 b180, +a -a +b, b, ''",
        "an equal one does not, a180 b180, +a, a, b",
        "a place that may not be taken is kept, a100! b180, +a, a, b",
        "the least urgent loses its place, max=2 a140 b100 c180, +a +b -b +c, ac, ''",
        "the longest line is in order, max=0 a1 b1 c2 d1 max=1 ~c ~a, +c +a +b, b, d",
        "more places are filled at once, a1 b1 c1 max=2, +a +b, ab, c",
        "fewer places are enforced at once, max=2 a100 b140 max=1, +a +b -a, b, ''",
        "who becomes more urgent overtakes, a180 b100 c140 b=254, +a -a +b, b, c",
        "who becomes less urgent may lose, a180 b140 a=100, +a -a +b, b, ''",
        "who leaves the line is forgotten, a180 b180 ~b ~a, +a, '', ''",
        "below the least priority nobody gets a place, min=150 a100 b180 ~b, +b, '', a",
        "raising the least priority takes places, a100 min=150 min=0, +a -a, '', ''"
    })
    void placesGoTo(String what, String script, String toldInOrder, String holders, String line) {
        play(script);
        assertThat(String.join(" ", told)).isEqualTo(toldInOrder);
        assertThat(names(reserver.held())).isEqualTo(holders);
        assertThat(names(reserver.waiting())).isEqualTo(line);
    }

    private static String names(List<Reserver.Place<String>> places) {
        return places.stream().map(Reserver.Place::item).collect(Collectors.joining());
    }

    @Test
    void aPlaceGivenBackBeforeItsHolderHeardOfItIsNotAnnounced() {
        request("a", 180, true);
        reserver.cancel("a");
        request("a", 100, true);
        settle();
        assertThat(told).containsExactly("+a");
    }

    @Test
    void nobodyAsksTwice() {
        request("a", 180, true);
        assertThatThrownBy(() -> request("a", 180, true)).isInstanceOf(IllegalStateException.class);
    }
}
