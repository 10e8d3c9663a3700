package io.spirula.mon.session;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.Json;
import io.spirula.common.command.Refusal;
import io.spirula.common.config.Config;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.env.Clock;
import io.spirula.common.message.LogMessage;
import io.spirula.common.message.Message;
import io.spirula.common.message.MonCommand;
import io.spirula.common.message.MonGetVersion;
import io.spirula.common.message.MonSubscribe;
import io.spirula.common.optracker.OpHistory;
import io.spirula.common.optracker.OpTimeline;
import io.spirula.common.optracker.TrackedOp;
import io.spirula.common.types.EntityAddrs;
import io.spirula.common.types.EntityId;
import io.spirula.common.types.EntityType;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The requests that this monitor works on, its own clients' and those that peons have passed on, and those of late: what {@code ops} and {@code dump_historic_ops} show. Ceph: OpTracker, MonOpRequest. */
public final class MonOps {
    /** Their values may be secrets. */
    private static final Set<String> SECRET = Set.of("config set", "config-key set", "config-key put");

    /** A request from its arrival until it is answered, or nobody will answer it. */
    public static final class Op implements TrackedOp {
        private final Message message;
        private final EntityId source;
        private final String address;
        private final long seq;
        private final OpTimeline timeline;
        private boolean forwarded;

        private Op(EntityId source, EntityAddrs addrs, Message message, long seq, Clock clock) {
            this.source = source;
            this.message = message;
            this.seq = seq;
            address = addrs.isEmpty() ? "-" : addrs.front().toString();
            timeline = new OpTimeline(clock);
        }

        public void mark(String event) {
            timeline.mark(event);
        }

        /** The leader has it now. */
        public void forwarded() {
            forwarded = true;
            mark("forwarded");
        }

        @Override
        public OpTimeline timeline() {
            return timeline;
        }

        @Override
        public About about() {
            return new Said(
                    describe(message),
                    source + " " + address,
                    address,
                    seq,
                    source.type() == EntityType.MON,
                    forwarded);
        }
    }

    private record Said(
            String description, String source, String address, long seq, boolean fromMonitor, boolean forwarded)
            implements TrackedOp.About {
        @Override
        public Json typeData(boolean finished, List<Object> events) {
            return Json.object()
                    .put("events", events)
                    .put(
                            "info",
                            Json.object()
                                    .put("seq", seq)
                                    .put("src_is_mon", fromMonitor)
                                    .put("source", source)
                                    .put("forwarded_to_leader", forwarded));
        }
    }

    private final Clock clock;
    private final OpHistory history;
    private final Set<Op> inFlight = new LinkedHashSet<>();
    private long seq;

    public MonOps(Config config, Clock clock) {
        this.clock = clock;
        history = new OpHistory(config, "mon", clock);
    }

    public Op begin(EntityId source, EntityAddrs addrs, Message message) {
        Op op = new Op(source, addrs, message, ++seq, clock);
        inFlight.add(op);
        return op;
    }

    /** Once is enough, more often does nothing. */
    public void finished(Op op) {
        if (inFlight.remove(op)) {
            op.mark("done");
            history.finished(op, clock.nanoTime() - op.timeline.startNanos());
        }
    }

    public Json inFlight() {
        return history.inFlight(inFlight, List.of());
    }

    public Json recent() {
        return history.recent(List.of());
    }

    public Json slow() {
        return history.slow(List.of());
    }

    /** In Ceph's words where they say more than the message's kind. */
    private static String describe(Message message) {
        return switch (message) {
            case MonCommand m -> "mon_command(" + words(m) + " v " + m.version() + ")";
            case MonSubscribe m ->
                m.what().entrySet().stream()
                        .map(e -> e.getKey() + "=" + e.getValue().start()
                                + (e.getValue().onetime() ? "" : "+"))
                        .collect(Collectors.joining(",", "mon_subscribe({", "})"));
            case MonGetVersion m -> "mon_get_version(what=" + m.what() + " handle=" + m.handle() + ")";
            case LogMessage m -> "log(" + m.entries().size() + " entries)";
            default ->
                message.type()
                        .cephName()
                        .substring(1)
                        .replaceAll("([A-Z]+)([A-Z][a-z])|([a-z0-9])([A-Z])", "$1$3_$2$4")
                        .toLowerCase(Locale.ROOT);
        };
    }

    private static String words(MonCommand m) {
        try {
            CommandCall call = CommandCall.parse(m.command(), Bytes.EMPTY, CommandCall.Caller.NOBODY);
            return SECRET.contains(call.prefix())
                    ? "[{prefix=" + call.prefix() + ", "
                            + (call.has("key") ? "key=" + call.find("key") : "name=" + call.find("name")) + "}]"
                    : String.join(" ", m.command());
        } catch (Refusal r) {
            return r.text();
        }
    }
}
