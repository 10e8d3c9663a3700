package io.spirula.osd.op;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.config.CephConf;
import io.spirula.common.config.Config;
import io.spirula.common.config.Live;
import io.spirula.common.types.EntityName;
import org.junit.jupiter.api.Test;

class OpLimitsTest {
    private final Config config = Config.of(EntityName.parse("osd.0"), CephConf.parse("", "none"));

    @Test
    void whatNobodySetIsPacifics() {
        assertThat(OpLimits.of(config)).isEqualTo(OpLimits.DEFAULT);
    }

    @Test
    void eachOptionSetsItsLimitAtOnce() {
        Live<OpLimits> limits = Live.of(config, OpLimits::of);
        config.set("osd_max_write_size", "4");
        config.set("osd_max_object_size", "1001");
        config.set("osd_max_object_name_len", "1002");
        config.set("osd_max_object_namespace_len", "1003");
        config.set("osd_max_attr_size", "1004");
        config.set("osd_max_attr_name_len", "1005");
        config.set("osd_max_omap_entries_per_request", "1006");
        config.set("osd_max_omap_bytes_per_request", "1007");
        config.set("osd_max_write_op_reply_len", "1008");
        config.set("osd_max_pgls", "1009");
        assertThat(limits.get())
                .isEqualTo(new OpLimits(4L << 20, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009));
    }
}
