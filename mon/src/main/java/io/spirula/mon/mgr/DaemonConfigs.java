package io.spirula.mon.mgr;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.MalformedInput;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What daemons have reported of their configuration. Ceph: DaemonState::config. */
public final class DaemonConfigs {
    private static final Logger LOG = LoggerFactory.getLogger(DaemonConfigs.class);

    /**
     * One daemon's options.
     *
     * @param values by option and by source, the weakest first, in Ceph's numbers: 0 default, 1 monitors, 2 file, 3 environment, 4 command line, 5 at run time
     * @param ignored what the monitors say that the daemon does not heed
     */
    public record State(
            NavigableMap<String, NavigableMap<Integer, String>> values, NavigableMap<String, String> ignored) {}

    private final TreeMap<String, State> daemons = new TreeMap<>();

    /** Takes over what {@code MMgrOpen} and {@code MMgrReport} carry; nothing where they carry nothing. */
    public void reported(String daemon, Bytes config) {
        if (config.isEmpty()) {
            return;
        }
        try {
            Decoder in = new Decoder(config);
            TreeMap<String, NavigableMap<Integer, String>> values =
                    new TreeMap<>(in.map(Decoder::string, d -> new TreeMap<>(d.map(Decoder::i32, Decoder::string))));
            TreeMap<String, String> ignored = new TreeMap<>(in.map(Decoder::string, Decoder::string));
            daemons.put(
                    daemon,
                    new State(
                            Collections.unmodifiableNavigableMap(values),
                            Collections.unmodifiableNavigableMap(ignored)));
        } catch (MalformedInput e) {
            LOG.warn("the configuration that {} reports can't be read: {}", daemon, e.getMessage());
        }
    }

    public void forget(String daemon) {
        daemons.remove(daemon);
    }

    public void clear() {
        daemons.clear();
    }

    public @Nullable State of(String daemon) {
        return daemons.get(daemon);
    }
}
