package io.spirula.mon.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.maps.OsdMap;
import io.spirula.common.message.OsdPgTemp;
import io.spirula.common.types.PgId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whose wish for others to act for a group a monitor grants. */
class TemporaryActingTest {
    private static final PgId PG = new PgId(1, 0);

    private final TestMonitor mon = new TestMonitor();
    private List<FakeConnection> osds = List.of();
    /** The group's members as CRUSH has them. */
    private List<Integer> up = List.of();

    @BeforeEach
    void aGroupOfThree() {
        osds = List.of(mon.bootOsd(0), mon.bootOsd(1), mon.bootOsd(2));
        mon.command("{\"prefix\":\"osd pool create\",\"pool\":\"p\",\"pg_num\":1}");
        up = map().pgToUpActing(PG).up();
        assertThat(up).hasSize(3);
    }

    private OsdMap map() {
        return mon.daemon.services().osdmap().map();
    }

    private List<Integer> acting() {
        return map().pgToUpActing(PG).acting();
    }

    /** The members with the one at {@code first} in front. */
    private List<Integer> ledBy(int first) {
        return List.of(up.get(first), up.get((first + 1) % 3), up.get((first + 2) % 3));
    }

    private OsdPgTemp wish(List<Integer> acting, boolean forced) {
        return new OsdPgTemp(map().epoch(), map().epoch(), Map.of(PG, acting), forced);
    }

    private void send(int member, OsdPgTemp wish) {
        mon.monitor.dispatch(osds.get(up.get(member)), wish);
    }

    private void ask(int member, List<Integer> acting) {
        send(member, wish(acting, false));
        mon.reactor.settle();
    }

    @Test
    void whatTheNextPrimaryAskedForIsNotUndoneByWhatTheOneBeforeItAskedFor() {
        OsdPgTemp late = wish(ledBy(1), false);
        ask(0, ledBy(1));
        assertThat(acting()).isEqualTo(ledBy(1));
        send(1, wish(List.of(), false));
        send(0, late);
        mon.reactor.settle();
        assertThat(map().pgTemp()).isEmpty();
        assertThat(acting()).isEqualTo(up);
    }

    @Test
    void whoIsNoPrimaryIsNotHeard() {
        ask(1, ledBy(1));
        assertThat(map().pgTemp()).isEmpty();
        ask(0, ledBy(1));
        ask(0, List.of());
        assertThat(acting()).isEqualTo(ledBy(1));
    }

    @Test
    void whoForcesItIsHeard() {
        send(1, wish(ledBy(1), true));
        mon.reactor.settle();
        assertThat(acting()).isEqualTo(ledBy(1));
    }

    @Test
    void aRequestThatWasGrantedAndComesLateDoesNotUndoTheNextOne() {
        List<Integer> two = List.of(up.get(0), up.get(1));
        OsdPgTemp late = wish(two, false);
        ask(0, two);
        assertThat(acting()).isEqualTo(two);
        send(0, wish(List.of(), false));
        send(0, late);
        mon.reactor.settle();
        assertThat(acting()).isEqualTo(up);
    }

    @Test
    void aPrimaryOfTheOperatorsChoiceGoesWithTheNextActingSet() {
        mon.command("{\"prefix\":\"osd set-require-min-compat-client\",\"version\":\"jewel\"}");
        mon.command("{\"prefix\":\"osd primary-temp\",\"pgid\":\"1.0\",\"id\":" + up.get(2) + "}");
        assertThat(map().primaryTemp()).containsEntry(PG, up.get(2));
        ask(2, ledBy(1));
        assertThat(map().primaryTemp()).isEmpty();
        assertThat(map().pgToUpActing(PG).actingPrimary()).isEqualTo(up.get(1));
    }
}
