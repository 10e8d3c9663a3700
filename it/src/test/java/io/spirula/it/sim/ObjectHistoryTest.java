package io.spirula.it.sim;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spirula.common.encoding.Bytes;
import org.junit.jupiter.api.Test;

/** What the judge of the simulator accepts and what it does not. */
class ObjectHistoryTest {
    private static final ModelOp.Result DONE = ModelOp.Result.DONE;

    private final ObjectHistory history = new ObjectHistory("o");

    @Test
    void aReadSeesWhatWasAcknowledged() {
        write(1, "a");
        history.begin(2, new ModelOp.Read());
        assertThatCode(() -> history.end(2, seen("a"))).doesNotThrowAnyException();
    }

    @Test
    void anAcknowledgedWriteMayNotBeLost() {
        write(1, "a");
        write(2, "b");
        history.begin(3, new ModelOp.Read());
        assertThatThrownBy(() -> history.end(3, seen("a")))
                .isInstanceOf(SimulationFailure.class)
                .hasMessageContaining("nothing explains");
    }

    @Test
    void whatIsUnderWayMayHaveHappenedOrNot() {
        write(1, "a");
        history.begin(2, new ModelOp.Append(Bytes.of("b")));
        history.begin(3, new ModelOp.Read());
        history.end(3, seen("a"));
        history.begin(4, new ModelOp.Read());
        assertThatCode(() -> history.end(4, seen("ab"))).doesNotThrowAnyException();
    }

    @Test
    void whatWasSeenOnceMayNotVanish() {
        write(1, "a");
        history.begin(2, new ModelOp.Append(Bytes.of("b")));
        history.begin(3, new ModelOp.Read());
        history.end(3, seen("ab"));
        history.begin(4, new ModelOp.Read());
        assertThatThrownBy(() -> history.end(4, seen("a"))).isInstanceOf(SimulationFailure.class);
    }

    @Test
    void anAbandonedWriteHappensBeforeTheCrashOrNever() {
        write(1, "a");
        history.begin(2, new ModelOp.Append(Bytes.of("b")));
        history.abandon(2);
        history.begin(3, new ModelOp.Read());
        history.end(3, seen("a"));
        history.begin(4, new ModelOp.Read());
        assertThatThrownBy(() -> history.end(4, seen("ab"))).isInstanceOf(SimulationFailure.class);
    }

    @Test
    void nothingHappensTwice() {
        history.begin(1, new ModelOp.Append(Bytes.of("a")));
        history.end(1, DONE);
        history.begin(2, new ModelOp.Read());
        assertThatThrownBy(() -> history.end(2, seen("aa"))).isInstanceOf(SimulationFailure.class);
    }

    private void write(int id, String data) {
        history.begin(id, new ModelOp.WriteFull(Bytes.of(data)));
        history.end(id, DONE);
    }

    private static ModelOp.Result seen(String data) {
        return new ModelOp.Result(0, new ObjectState(true, Bytes.of(data), Bytes.EMPTY));
    }
}
