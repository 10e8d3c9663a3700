package io.spirula.tools.launch;

import io.spirula.common.types.EntityType;
import io.spirula.mon.daemon.MonMain;
import java.util.List;

/** The {@code ceph-mon} command. */
public final class MonCommand {
    private MonCommand() {}

    public static void main(String[] args) {
        System.exit(MonMain.run(List.of(args), DaemonLogging.start(args, EntityType.MON)));
    }
}
