package io.spirula.tools.launch;

import io.spirula.common.types.EntityType;
import io.spirula.mon.daemon.MonMain;

/** The {@code ceph-mon} command. */
public final class MonCommand {
    private MonCommand() {}

    public static void main(String[] args) {
        DaemonLogging.start(args, EntityType.MON);
        MonMain.main(args);
    }
}
