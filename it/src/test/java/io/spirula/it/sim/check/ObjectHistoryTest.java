package io.spirula.it.sim.check;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spirula.common.encoding.Bytes;
import io.spirula.it.sim.SimulationFailure;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What the judge of the simulator accepts and what it does not. */
class ObjectHistoryTest {
    private static final ModelOp.Result DONE = ModelOp.Result.DONE;

    private final ObjectHistory history = new ObjectHistory("o", true);

    @Test
    void aReadSeesWhatWasAcknowledged() {
        write(1, "a");
        history.begin(2, "client.1", new ModelOp.Read());
        assertThatCode(() -> history.end(2, seen("a"))).doesNotThrowAnyException();
    }

    @Test
    void anAcknowledgedWriteMayNotBeLost() {
        write(1, "a");
        write(2, "b");
        history.begin(3, "client.1", new ModelOp.Read());
        assertThatThrownBy(() -> history.end(3, seen("a")))
                .isInstanceOf(SimulationFailure.class)
                .hasMessageContaining("nothing explains");
    }

    @Test
    void whatIsUnderWayMayHaveHappenedOrNot() {
        write(1, "a");
        history.begin(2, "client.2", new ModelOp.Append(Bytes.of("b")));
        history.begin(3, "client.1", new ModelOp.Read());
        history.end(3, seen("a"));
        history.begin(4, "client.1", new ModelOp.Read());
        assertThatCode(() -> history.end(4, seen("ab"))).doesNotThrowAnyException();
    }

    @Test
    void whatWasSeenOnceMayNotVanish() {
        write(1, "a");
        history.begin(2, "client.2", new ModelOp.Append(Bytes.of("b")));
        history.begin(3, "client.1", new ModelOp.Read());
        history.end(3, seen("ab"));
        history.begin(4, "client.1", new ModelOp.Read());
        assertThatThrownBy(() -> history.end(4, seen("a"))).isInstanceOf(SimulationFailure.class);
    }

    @Test
    void anAbandonedWriteHappensBeforeTheCrashOrNever() {
        write(1, "a");
        history.begin(2, "client.1", new ModelOp.Append(Bytes.of("b")));
        history.abandon(2);
        history.begin(3, "client.1", new ModelOp.Read());
        history.end(3, seen("a"));
        history.begin(4, "client.1", new ModelOp.Read());
        assertThatThrownBy(() -> history.end(4, seen("ab"))).isInstanceOf(SimulationFailure.class);
    }

    @Test
    void nothingHappensTwice() {
        history.begin(1, "client.1", new ModelOp.Append(Bytes.of("a")));
        history.end(1, DONE);
        history.begin(2, "client.1", new ModelOp.Read());
        assertThatThrownBy(() -> history.end(2, seen("aa"))).isInstanceOf(SimulationFailure.class);
    }

    @Test
    void oneClientsOperationsHappenInTheirOrder() {
        history.begin(1, "client.1", new ModelOp.Append(Bytes.of("a")));
        history.begin(2, "client.1", new ModelOp.Append(Bytes.of("b")));
        history.end(2, DONE);
        history.end(1, DONE);
        history.begin(3, "client.1", new ModelOp.Read());
        assertThatThrownBy(() -> history.end(3, seen("ba"))).isInstanceOf(SimulationFailure.class);
    }

    @Test
    void aReadSeesAllThatItsClientWroteBeforeAndPerhapsWhatItWroteLater() {
        write(1, "a");
        history.begin(2, "client.1", new ModelOp.Append(Bytes.of("b")));
        history.begin(3, "client.1", new ModelOp.Read());
        history.begin(4, "client.1", new ModelOp.Append(Bytes.of("c")));
        history.end(3, seen("abc"));
        history.begin(5, "client.1", new ModelOp.Read());
        assertThatThrownBy(() -> history.end(5, seen("a"))).isInstanceOf(SimulationFailure.class);
    }

    @Test
    void severalClientsOperationsHappenInAnyOrder() {
        history.begin(1, "client.1", new ModelOp.Append(Bytes.of("a")));
        history.begin(2, "client.2", new ModelOp.Append(Bytes.of("b")));
        history.end(2, DONE);
        history.end(1, DONE);
        history.begin(3, "client.1", new ModelOp.Read());
        assertThatCode(() -> history.end(3, seen("ba"))).doesNotThrowAnyException();
    }

    @Test
    void whatAProcessThatIsGoneHadUnderWayMayHappenAfterWhatItsSuccessorDoes() {
        write(1, "a");
        history.begin(2, "client.1/0", new ModelOp.Append(Bytes.of("b")));
        history.begin(3, "client.1/1", new ModelOp.Read());
        assertThatCode(() -> history.end(3, seen("a"))).doesNotThrowAnyException();
        history.begin(4, "client.1/1", new ModelOp.Read());
        assertThatCode(() -> history.end(4, seen("ab"))).doesNotThrowAnyException();
        history.abandon(2);
    }

    private void write(int id, String data) {
        history.begin(id, "client.1", new ModelOp.WriteFull(Bytes.of(data)));
        history.end(id, DONE);
    }

    private static ModelOp.Result seen(String data) {
        return new ModelOp.Result(0, new ObjectState(true, Bytes.of(data), new TreeMap<>(), new TreeMap<>()));
    }
}
