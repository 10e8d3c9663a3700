package io.spirula.mon.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.message.MonCommandAck;
import io.spirula.common.msgr.Features;
import io.spirula.common.types.EntityName;
import org.junit.jupiter.api.Test;

class OldClientsTest {
    /** What the Linux kernel's client lacks that people meet as "looks like jewel". */
    private static final long MISSING = 1L << 59 | 1L << 57 | 1L << 21;

    private static final String LUMINOUS = "{\"prefix\":\"osd set-require-min-compat-client\",\"version\":\"luminous\"";

    private final TestMonitor mon = new TestMonitor();

    private FakeConnection oldClient() {
        FakeConnection old = new FakeConnection(EntityName.client("old"), "allow r", 9000);
        old.features = Features.PACIFIC & ~MISSING;
        return old;
    }

    @Test
    void aReleaseThatConnectedClientsAreTooOldForIsRefused() {
        mon.monitor.accepted(oldClient());
        assertThat(mon.command(LUMINOUS + "}"))
                .extracting(MonCommandAck::result, MonCommandAck::text)
                .containsExactly(
                        -1,
                        "cannot set require_min_compat_client to luminous: 1 connected client(s) look like jewel"
                                + " (missing 0xa00000000200000); add --yes-i-really-mean-it to do it anyway");
        assertThat(mon.output("{\"prefix\":\"osd get-require-min-compat-client\"}"))
                .isEqualTo("luminous\n");
        assertThat(mon.command("{\"prefix\":\"osd set-require-min-compat-client\",\"version\":\"jewel\"}")
                        .result())
                .isZero();
    }

    @Test
    void whoeverInsistsGetsIt() {
        mon.monitor.accepted(oldClient());
        assertThat(mon.command(LUMINOUS + ",\"yes_i_really_mean_it\":true}").text())
                .isEqualTo("set require_min_compat_client to luminous");
    }

    @Test
    void clientsThatHaveLeftDoNotCount() {
        FakeConnection old = oldClient();
        mon.monitor.accepted(old);
        mon.monitor.reset(old);
        assertThat(mon.command(LUMINOUS + "}").result()).isZero();
    }

    @Test
    void featuresSayWhatAClientLooksLike() {
        mon.monitor.accepted(oldClient());
        assertThat(mon.output("{\"prefix\":\"features\",\"format\":\"json\"}"))
                .contains("\"features\":\"0x" + Long.toHexString(Features.PACIFIC & ~MISSING)
                        + "\",\"release\":\"jewel\",\"num\":1");
    }
}
