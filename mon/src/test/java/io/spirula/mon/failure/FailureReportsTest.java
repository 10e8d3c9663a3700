package io.spirula.mon.failure;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.OsdMapFlag;
import io.spirula.common.maps.OsdState;
import io.spirula.common.maps.OsdXInfo;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureReportsTest {
    /** Two racks of two hosts of two OSDs: osd.0 and osd.1 on h0, and so on. */
    private static final OsdMap MAP = Racks.of(2, 2, 2);

    private static FailureReports reported(int target, int... reporters) {
        FailureReports reports = new FailureReports();
        for (int reporter : reporters) {
            reports.add(target, reporter, 0);
        }
        return reports;
    }

    @ParameterizedTest
    @CsvSource({
        // reporters, level, needed, seconds since they have had no answer, goes down
        "'2',       host, 2, 100, false",
        "'2 3',     host, 2, 100, false", // both on one host
        "'2 4',     host, 2, 100, true",
        "'2 4',     host, 3, 100, false",
        "'2 4 6',   host, 3, 100, true",
        "'2 3',     osd,  2, 100, true",
        "'2 3',     rack, 2, 100, false",
        "'2 4',     rack, 2, 100, true",
        "'2 4',     row,  2, 100, true", // no such bucket: each OSD counts
        "'2 4',     host, 2, 20,  true",
        "'2 4',     host, 2, 19,  false",
        "'2',       host, 1, 20,  true",
    })
    void anOsdGoesDownOnceEnoughPartsOfTheClusterHaveWaitedLongEnough(
            String reporters, String level, int needed, int seconds, boolean goesDown) {
        FailureReports reports = new FailureReports();
        for (String reporter : reporters.split(" ")) {
            reports.add(0, Integer.parseInt(reporter), 0);
        }
        FailureSettings settings =
                Racks.settings("mon osd reporter subtree level = " + level, "mon osd min down reporters = " + needed);
        assertThat(reports.judge(MAP, 0, Racks.at(seconds), settings) != null).isEqualTo(goesDown);
    }

    @Test
    void theLastReporterMustHaveWaitedForTheGraceToo() {
        FailureReports reports = reported(0, 2);
        reports.add(0, 4, Duration.ofSeconds(15).toNanos());
        assertThat(reports.judge(MAP, 0, Racks.at(30), Racks.settings())).isNull();
        assertThat(reports.judge(MAP, 0, Racks.at(35), Racks.settings()))
                .isEqualTo(new FailureReports.Verdict(0, 2, Duration.ofSeconds(20), Duration.ofSeconds(20)));
    }

    @Test
    void aReportThatIsTakenBackDoesNotCount() {
        FailureReports reports = reported(0, 2, 4);
        reports.cancel(0, 4);
        assertThat(reports.judge(MAP, Racks.at(100), Racks.settings())).isEmpty();
        reports.cancel(0, 2);
        assertThat(reports.isEmpty()).isTrue();
    }

    @Test
    void aReporterThatIsRemovedDoesNotCount() {
        FailureReports reports = reported(0, 2, 4);
        OsdMap without = Racks.with(MAP, 4, o -> o.withState(0));
        assertThat(reports.judge(without, 0, Racks.at(100), Racks.settings())).isNull();
    }

    @Test
    void whatWasLaggyBeforeIsWaitedForLongerAndLessSoTheLongerItLasts() {
        OsdMap laggy = Racks.with(MAP, 0, o -> o.withXInfo(OsdXInfo.NONE.withLaggy(0.5, 100)));
        FailureReports reports = reported(0, 2, 4);
        FailureSettings settings = Racks.settings("mon osd laggy halflife = 60");
        // 20 s and, after one half-life, half of 100 s times one half
        assertThat(reports.judge(laggy, 0, Racks.at(40), settings)).isNull();
        FailureReports.Verdict verdict = reports.judge(laggy, 0, Racks.at(60), settings);
        assertThat(verdict).isNotNull();
        assertThat(verdict.grace().toMillis()).isEqualTo(45_000);
        assertThat(reports.judge(
                        laggy,
                        0,
                        Racks.at(21),
                        Racks.settings("mon osd laggy halflife = 60", "mon osd adjust heartbeat grace = false")))
                .isNotNull();
    }

    @Test
    void reportersThatWereLaggyThemselvesAreBelievedLater() {
        OsdXInfo history = OsdXInfo.NONE.withLaggy(1, 60).withDownStamp(Racks.NOW);
        OsdMap laggy = Racks.with(MAP, 4, o -> o.withXInfo(history));
        FailureReports reports = reported(0, 2, 4);
        FailureSettings settings = Racks.settings("mon osd laggy halflife = 1000000");
        assertThat(reports.judge(laggy, 0, Racks.at(49), settings)).isNull(); // 20 s and half of 60 s
        assertThat(reports.judge(laggy, 0, Racks.at(50), settings)).isNotNull();
    }

    @Test
    void noMoreGoDownThanMayAtOnce() {
        FailureReports reports = new FailureReports();
        for (int target = 0; target < 7; target++) {
            reports.add(target, 7, 0);
        }
        FailureSettings settings = Racks.settings("mon osd min down reporters = 1", "mon osd min up ratio = 0.75");
        // Of 8: with 2 down the ratio is just met, so one more goes; with 3 it is not.
        assertThat(reports.judge(MAP, Racks.at(100), settings)).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({"cluster", "osd", "host", "rack", "class"})
    void nodownKeepsUpWhatItIsSetOn(String what) {
        FailureReports reports = reported(0, 2, 4);
        var builder = MAP.toBuilder();
        switch (what) {
            case "cluster" -> builder.flags(OsdMapFlag.NODOWN.mask());
            case "osd" ->
                builder.osds(Racks.with(MAP, 0, o -> o.withState(o.state() | OsdState.NODOWN))
                        .osds());
            case "host", "rack" -> {
                Integer node = MAP.crushMap().itemId(what.charAt(0) + "0");
                builder.crushNodeFlags(new TreeMap<>(java.util.Map.of(node, OsdState.NODOWN)));
            }
            default -> {
                io.spirula.crush.CrushEditor editor = new io.spirula.crush.CrushEditor(MAP.crushMap());
                editor.setDeviceClass(0, "ssd");
                builder.crush(editor.build());
                builder.deviceClassFlags(new TreeMap<>(java.util.Map.of(0, OsdState.NODOWN)));
            }
        }
        assertThat(reports.judge(builder.build(), Racks.at(100), Racks.settings()))
                .isEmpty();
        assertThat(reports.judge(MAP, Racks.at(100), Racks.settings())).hasSize(1);
    }

    @Test
    void reportsThatLedToNothingAreForgotten() {
        FailureReports reports = reported(0, 2);
        assertThat(reports.judge(MAP, Racks.at(619), Racks.settings())).isEmpty();
        assertThat(reports.isEmpty()).isFalse();
        assertThat(reports.judge(MAP, Racks.at(620), Racks.settings())).isEmpty();
        assertThat(reports.isEmpty()).isTrue();
    }

    @Test
    void reportsOfWhatIsDownAreForgotten() {
        FailureReports reports = reported(0, 2, 4);
        reports.follow(Racks.down(MAP, 0));
        assertThat(reports.isEmpty()).isTrue();
        assertThat(reports.judge(MAP, Racks.at(100), Racks.settings())).isEqualTo(List.of());
    }
}
