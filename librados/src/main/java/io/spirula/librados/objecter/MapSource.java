package io.spirula.librados.objecter;

import java.util.function.LongConsumer;

/** Where OSD maps come from: the monitors, as the objecter needs them. */
public interface MapSource {
    /** Asks for maps from {@code epoch} on (0: the current one): one answer, or all that follow. */
    void request(int epoch, boolean lasting);

    /** All maps up to this epoch have arrived. */
    void got(int epoch);

    /** Asks the monitors for their newest map's epoch; does not answer where they cannot be asked in time. */
    void newestEpoch(LongConsumer answer);
}
