package io.spirula.osd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.config.CephConf;
import io.spirula.common.config.Config;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CrushStepTest {
    private static final CrushStep CLASS =
            new CrushStep("osd crush set-device-class", "\"class\":\"ssd\",\"ids\":[\"3\"]");

    private final Config config = Config.of(new EntityName(EntityType.OSD, "3"), CephConf.EMPTY);
    private final OsdSettings settings = OsdSettings.of(config, "here", Map.of());

    @Test
    void anOsdPutsItselfOnItsHostWithItsSize() {
        assertThat(CrushStep.of(settings, 3L << 39))
                .containsExactly(
                        new CrushStep(
                                "osd crush create-or-move",
                                "\"id\":3,\"weight\":1.5000,\"args\":[\"host=here\",\"root=default\"]"),
                        CLASS);
    }

    @Test
    void whatTheMonitorsSayAfterItsStartCounts() {
        config.setMonitors(Map.of("osd_crush_initial_weight", "0", "crush_location", "root=fast rack=r1 host=there"));
        assertThat(CrushStep.of(settings, 3L << 39).getFirst().arguments())
                .isEqualTo("\"id\":3,\"weight\":0.0000,\"args\":[\"host=there\",\"rack=r1\",\"root=fast\"]");
    }

    @Test
    void whereItIsToStayWhereItIsItStays() {
        config.setMonitors(Map.of("osd_crush_update_on_start", "false"));
        assertThat(CrushStep.of(settings, 1)).containsExactly(CLASS);
        config.setMonitors(Map.of("osd_crush_update_on_start", "false", "osd_class_update_on_start", "false"));
        assertThat(CrushStep.of(settings, 1)).isEmpty();
    }
}
