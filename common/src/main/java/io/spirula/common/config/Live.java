package io.spirula.common.config;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a part makes of its options, made anew whenever the options change: ask it again each time that it is needed. Usually a record with a {@code static of(Config)}. A part that must do something about a change, such as setting a
 * timer anew, is told {@linkplain #whenChanged}; only of changes of its own values, as {@code equals} has them.
 *
 * <p>Any thread may ask. It is made, and listeners are told, where the configuration is changed: on its owner's reactor.
 */
public final class Live<T> implements Supplier<T> {
    private static final Logger LOG = LoggerFactory.getLogger(Live.class);

    private final Config config;
    private final Function<Config, T> make;
    private final List<Consumer<T>> listeners = new CopyOnWriteArrayList<>();
    private volatile T value;

    private Live(Config config, Function<Config, T> make) {
        this.config = config;
        this.make = make;
        value = make.apply(config);
    }

    /** Throws ConfigException where {@code make} does, at this moment only: later it keeps what it had. */
    public static <T> Live<T> of(Config config, Function<Config, T> make) {
        Live<T> live = new Live<>(config, make);
        config.observe(live::changed);
        return live;
    }

    @Override
    public T get() {
        return value;
    }

    public void whenChanged(Consumer<T> listener) {
        listeners.add(listener);
    }

    private void changed() {
        T now;
        try {
            now = make.apply(config);
        } catch (ConfigException e) {
            LOG.warn("went on with the options as they were: {}", e.getMessage());
            return;
        }
        if (!now.equals(value)) {
            value = now;
            listeners.forEach(listener -> listener.accept(now));
        }
    }
}
