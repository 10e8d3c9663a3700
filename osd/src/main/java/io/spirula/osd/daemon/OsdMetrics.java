package io.spirula.osd.daemon;

import io.spirula.common.message.ObjectOp;
import io.spirula.common.message.ObjectOpResult;
import io.spirula.common.message.OsdMapMessage;
import io.spirula.common.message.OsdOpReply;
import io.spirula.common.metrics.Average;
import io.spirula.common.metrics.Counter;
import io.spirula.common.metrics.PerfCounters;
import io.spirula.common.metrics.PerfCounters.Description;
import io.spirula.osd.pg.ClientOp;
import io.spirula.osd.pg.PlacementGroup;
import io.spirula.osd.pg.PlacementGroups;
import io.spirula.osd.store.ObjectStore;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** What an OSD counts of its work. Names, types and words are those of osd/osd_perf_counters.cc, of which there are only those that mean something here. */
final class OsdMetrics {
    private final PerfCounters group = new PerfCounters("osd");
    private final Kind all;
    private final Kind reads;
    private final Kind writes;
    private final Kind both;
    private final Average processing;
    private final Average queueing;
    private final Counter subops;
    private final Counter subopBytes;
    private final Average subopLatency;
    private final Counter subopWrites;
    private final Counter subopWriteBytes;
    private final Average subopWriteLatency;
    private final Counter mapMessages;
    private final Counter mapEpochs;
    private final Counter mapEpochsKnown;

    /** Operations of one kind. */
    private record Kind(Counter count, Counter in, Counter out, Average latency) {
        void add(long bytesIn, long bytesOut, long nanos) {
            count.increment();
            in.add(bytesIn);
            out.add(bytesOut);
            latency.add(nanos);
        }
    }

    OsdMetrics(PlacementGroups groups, ObjectStore store, IntSupplier heartbeatPeers) {
        group.gauge(
                "op_wip",
                Description.shown("Replication operations currently being processed (primary)", "", PerfCounters.SHOWN),
                () -> groups.all().stream().mapToLong(pg -> pg.ops().held()).sum());
        all = new Kind(
                group.counter("op", Description.shown("Client operations", "ops", 10)),
                group.counter("op_in_bytes", new Description("Client operations total write size", "wr", 8, "bytes")),
                group.counter("op_out_bytes", new Description("Client operations total read size", "rd", 8, "bytes")),
                group.latency(
                        "op_latency",
                        Description.shown("Latency of client operations (including queue time)", "l", 9)));
        processing = group.latency(
                "op_process_latency", Description.of("Latency of client operations (excluding queue time)"));
        queueing = group.latency(
                "op_before_dequeue_op_lat",
                new Description(
                        "Latency of IO before calling dequeue_op(already dequeued and get PG lock)", "", 0, "none"));
        reads = kind("op_r", "read");
        writes = kind("op_w", "write");
        both = kind("op_rw", "read-modify-write");
        subops = group.counter("subop", Description.of("Suboperations"));
        subopBytes = group.counter("subop_in_bytes", Description.bytes("Suboperations total size"));
        subopLatency = group.latency("subop_latency", Description.of("Suboperations latency"));
        subopWrites = group.counter("subop_w", Description.of("Replicated writes"));
        subopWriteBytes = group.counter("subop_w_in_bytes", Description.bytes("Replicated written data size"));
        subopWriteLatency = group.latency("subop_w_latency", Description.of("Replicated writes latency"));
        groups(groups);
        group.gauge(
                "heartbeat_to_peers",
                Description.of("Heartbeat (ping) peers we send to"),
                () -> heartbeatPeers.getAsInt());
        mapMessages = group.counter("map_messages", Description.of("OSD map messages"));
        mapEpochs = group.counter("map_message_epochs", Description.of("OSD map epochs"));
        mapEpochsKnown = group.counter("map_message_epoch_dups", Description.of("OSD map duplicates"));
        space(store::usage);
    }

    private Kind kind(String name, String words) {
        return new Kind(
                group.counter(name, Description.shown("Client " + words + " operations", "", PerfCounters.SHOWN)),
                group.counter(
                        name + "_in_bytes",
                        new Description("Client " + words + " operations write in", "", PerfCounters.SHOWN, "bytes")),
                group.counter(
                        name + "_out_bytes",
                        new Description("Client " + words + " operations read out", "", PerfCounters.SHOWN, "bytes")),
                group.latency(
                        name + "_latency",
                        Description.shown(
                                "Latency of " + words + " operation (including queue time)", "", PerfCounters.SHOWN)));
    }

    private void groups(PlacementGroups groups) {
        group.gauge(
                "numpg",
                Description.shown("Placement groups", "pgs", PerfCounters.SHOWN),
                () -> groups.all().size());
        group.gauge(
                "numpg_primary",
                Description.of("Placement groups for which this osd is primary"),
                () -> groups.all().stream().filter(PlacementGroup::isPrimary).count());
        group.gauge(
                "numpg_replica",
                Description.of("Placement groups for which this osd is replica"),
                () -> groups.all().stream().filter(pg -> !pg.isPrimary()).count());
    }

    private void space(Supplier<ObjectStore.Usage> usage) {
        group.gauge(
                "stat_bytes",
                new Description("OSD size", "size", 8, "bytes"),
                () -> usage.get().totalBytes());
        group.gauge("stat_bytes_used", new Description("Used space", "used", 8, "bytes"), () -> {
            ObjectStore.Usage now = usage.get();
            return now.totalBytes() - now.availableBytes();
        });
        group.gauge(
                "stat_bytes_avail",
                Description.bytes("Available space"),
                () -> usage.get().availableBytes());
    }

    PerfCounters group() {
        return group;
    }

    void answered(ClientOp op, OsdOpReply reply, long nanos) {
        long in = 0;
        for (ObjectOp one : op.message().ops()) {
            in += one.input().size();
        }
        long out = 0;
        for (ObjectOpResult one : reply.ops()) {
            out += one.output().size();
        }
        all.add(in, out, nanos);
        long queued = op.timeline().nanosUntil("reached_pg");
        queueing.add(queued);
        processing.add(nanos - queued);
        if (op.writes()) {
            (op.reads() ? both : writes).add(in, out, nanos);
        } else if (op.reads()) {
            reads.add(in, out, nanos);
        }
    }

    void replicated(long bytes, long nanos) {
        subops.increment();
        subopBytes.add(bytes);
        subopLatency.add(nanos);
        subopWrites.increment();
        subopWriteBytes.add(bytes);
        subopWriteLatency.add(nanos);
    }

    /** @param known the epoch that was known before */
    void maps(OsdMapMessage message, int known) {
        mapMessages.increment();
        message.incrementals().keySet().forEach(epoch -> (epoch > known ? mapEpochs : mapEpochsKnown).increment());
        message.fulls().keySet().forEach(epoch -> (epoch > known ? mapEpochs : mapEpochsKnown).increment());
    }
}
