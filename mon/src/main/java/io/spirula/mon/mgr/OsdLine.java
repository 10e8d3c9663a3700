package io.spirula.mon.mgr;

import io.spirula.common.message.Message;

/** How the manager speaks to OSDs. */
@FunctionalInterface
public interface OsdLine {
    /** False if the OSD is not connected to the manager. */
    boolean send(int osd, Message message);
}
