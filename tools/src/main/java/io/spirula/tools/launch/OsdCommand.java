package io.spirula.tools.launch;

import io.spirula.common.types.EntityType;
import io.spirula.osd.daemon.OsdMain;

/** The {@code ceph-osd} command. */
public final class OsdCommand {
    private OsdCommand() {}

    public static void main(String[] args) {
        DaemonLogging.start(args, EntityType.OSD);
        OsdMain.main(args);
    }
}
