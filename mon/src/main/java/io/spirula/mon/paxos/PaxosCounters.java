package io.spirula.mon.paxos;

import io.spirula.common.metrics.Average;
import io.spirula.common.metrics.Counter;
import io.spirula.common.metrics.PerfCounters;
import io.spirula.common.metrics.PerfCounters.Description;

/** What a monitor counts of its Paxos. Names, types and words are those of mon/Paxos.cc, of which there are only those that mean something here. */
public final class PaxosCounters {
    private final PerfCounters group = new PerfCounters("paxos");
    final Counter startLeader = group.counter("start_leader", text("Starts in leader role", ""));
    final Counter startPeon = group.counter("start_peon", text("Starts in peon role", ""));
    final Counter restart = group.counter("restart", text("Restarts", ""));
    final Counter begin = group.counter("begin", text("Started and handled begins", ""));
    final Average beginBytes =
            group.average("begin_bytes", new Description("Data in transaction on begin", "", 5, "bytes"));
    final Counter commit = group.counter("commit", text("Commits", "cmt"));
    /** From a value's proposal to its commit, on the leader. */
    final Average commitLatency = group.latency("commit_latency", text("Commit latency", "clat"));

    private static Description text(String words, String nick) {
        return Description.shown(words, nick, 5);
    }

    public PerfCounters group() {
        return group;
    }
}
