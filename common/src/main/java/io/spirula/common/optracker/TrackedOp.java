package io.spirula.common.optracker;

import io.spirula.common.command.Json;
import java.util.List;

/** A request that a daemon works on. Ceph: TrackedOp. */
public interface TrackedOp {
    OpTimeline timeline();

    /** What there is to say of it by now. */
    About about();

    /** What is kept of a request when it is done: nothing of its payload. */
    interface About {
        String description();

        /** Where it came from: what filters are compared with. */
        String address();

        /** What lists show beside the times. */
        Json typeData(boolean finished, List<Object> events);
    }
}
