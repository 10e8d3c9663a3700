package io.spirula.mon.failure;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.maps.OsdMap;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class BeaconsTest {
    private static final OsdMap MAP = Racks.of(1, 2, 2);

    private static List<Integer> silent(Beacons beacons, OsdMap map, long seconds, String... options) {
        return beacons.silent(map, Racks.at(seconds), Racks.settings(options)).stream()
                .map(Beacons.Verdict::osd)
                .toList();
    }

    @Test
    void whoIsSilentForTooLongGoesDown() {
        Beacons beacons = new Beacons();
        beacons.begin(0);
        for (int osd = 0; osd < 4; osd++) {
            beacons.heard(osd, 0, Duration.ofMinutes(5));
        }
        beacons.heard(1, Duration.ofMinutes(5).toNanos(), Duration.ofMinutes(5));
        assertThat(silent(beacons, MAP, 900)).isEmpty();
        assertThat(silent(beacons, MAP, 901)).containsExactly(0, 2, 3);
        assertThat(silent(beacons, Racks.down(MAP, 2), 901)).containsExactly(0, 3);
        assertThat(silent(beacons, MAP, 901, "mon osd min up ratio = 0.9")).containsExactly(0);
    }

    @Test
    void nobodyIsBlamedForSilenceBeforeAnybodyListened() {
        Beacons beacons = new Beacons();
        beacons.begin(Duration.ofSeconds(1000).toNanos());
        assertThat(silent(beacons, MAP, 1899)).isEmpty();
        assertThat(silent(beacons, MAP, 1900)).isEmpty(); // their time begins now
        assertThat(silent(beacons, MAP, 2801, "mon osd min up ratio = 0")).hasSize(4);
    }

    @Test
    void oneBeaconOfASlowReporterMayGetLost() {
        Beacons beacons = new Beacons();
        beacons.begin(0);
        beacons.heard(0, 0, Duration.ofSeconds(1000));
        beacons.heard(1, 0, Duration.ofSeconds(100));
        OsdMap two = Racks.down(MAP, 2, 3);
        assertThat(silent(beacons, two, 1500)).containsExactly(1);
        assertThat(silent(beacons, two, 2001)).contains(0);
    }
}
