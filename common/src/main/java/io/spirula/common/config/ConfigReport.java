package io.spirula.common.config;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Encoder;

/** A daemon's options as it tells the manager of them: with what each source says, and those of the monitors' that are ignored. Ceph: md_config_t::get_config_bl. */
public final class ConfigReport {
    private final Config config;
    private int reported;

    public ConfigReport(Config config) {
        this.config = config;
    }

    /** All of them. */
    public Bytes whole() {
        reported = config.version();
        return new Encoder()
                .map(
                        config.levels(),
                        (k, o) -> o.string(k),
                        (levels, o) -> o.map(levels, (level, p) -> p.u32(level), (value, p) -> p.string(value)))
                .map(config.ignored(), (k, o) -> o.string(k), (v, o) -> o.string(v))
                .toBytes();
    }

    /** All of them if they have changed since they were told, else nothing. */
    public Bytes news() {
        return config.version() == reported ? Bytes.EMPTY : whole();
    }
}
