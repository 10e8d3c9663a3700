package io.spirula.tools.launch;

import io.spirula.common.types.EntityType;
import io.spirula.osd.daemon.OsdMain;
import java.util.List;

/** The {@code ceph-osd} command. */
public final class OsdCommand {
    private OsdCommand() {}

    public static void main(String[] args) {
        System.exit(OsdMain.run(List.of(args), DaemonLogging.start(args, EntityType.OSD)));
    }
}
