package io.spirula.osd.daemon;

import io.spirula.common.command.Json;
import io.spirula.common.optracker.OpTimeline;
import io.spirula.common.optracker.TrackedOp;
import io.spirula.osd.pg.ClientOp;
import java.util.List;

/** A client's request as lists of operations show it. */
record ListedOp(ClientOp op) implements TrackedOp {
    private record Said(String description, String client, String address, long tid, ClientOp.Stage stage)
            implements About {
        @Override
        public Json typeData(boolean finished, List<Object> events) {
            return Json.object()
                    .put("flag_point", (finished ? ClientOp.Stage.COMMIT_SENT : stage).cephName())
                    .put(
                            "client_info",
                            Json.object()
                                    .put("client", client)
                                    .put("client_addr", address)
                                    .put("tid", tid))
                    .put("events", events);
        }
    }

    @Override
    public OpTimeline timeline() {
        return op.timeline();
    }

    @Override
    public About about() {
        return new Said(
                op.describe(),
                op.reqid().name().toString(),
                op.address().toString(),
                op.message().tid(),
                op.stage());
    }
}
