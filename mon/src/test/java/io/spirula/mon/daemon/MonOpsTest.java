package io.spirula.mon.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.message.Command;
import io.spirula.common.message.CommandReply;
import io.spirula.common.message.MonCommand;
import io.spirula.common.types.Uuid;
import java.util.List;
import org.junit.jupiter.api.Test;

class MonOpsTest {
    private final TestMonitor mon = new TestMonitor();

    private String ask(String prefix) {
        mon.monitor.dispatch(
                mon.admin,
                new Command(7, Uuid.ZERO, List.of("{\"prefix\":\"" + prefix + "\",\"format\":\"json\"}"), Bytes.EMPTY));
        mon.reactor.settle();
        return mon.admin.last(CommandReply.class).output().utf8();
    }

    @Test
    void aRequestIsInFlightUntilItIsAnswered() {
        mon.monitor.dispatch(
                mon.admin,
                new MonCommand(
                        1, 0, Uuid.ZERO, List.of("{\"prefix\":\"osd pool create\",\"pool\":\"p\"}"), Bytes.EMPTY));
        // Its change is not committed before the reactor's next turn.
        mon.monitor.dispatch(
                mon.admin, new Command(7, Uuid.ZERO, List.of("{\"prefix\":\"ops\",\"format\":\"json\"}"), Bytes.EMPTY));
        assertThat(mon.admin.last(CommandReply.class).output().utf8())
                .contains("mon_command({\\\"prefix\\\":\\\"osd pool create\\\"", "mon:dispatch_op");
        mon.reactor.settle();
        assertThat(ask("ops")).doesNotContain("osd pool create");
        assertThat(ask("dump_historic_ops"))
                .contains("mon_command({\\\"prefix\\\":\\\"osd pool create\\\"", "\"event\":\"done\"", "client.5000");
    }

    @Test
    void secretsAreNotShown() {
        mon.command("{\"prefix\":\"config-key set\",\"key\":\"k\",\"val\":\"hush\"}");
        assertThat(ask("dump_historic_ops"))
                .contains("mon_command([{prefix=config-key set, key=k}] v 0)")
                .doesNotContain("hush");
    }
}
