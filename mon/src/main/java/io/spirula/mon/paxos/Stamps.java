package io.spirula.mon.paxos;

/**
 * When a message was sent, and when that was sent which it answers: nanoseconds, each by its sender's own clock. See {@link Leases}.
 *
 * @param echo a peon's answer repeats the leader's {@code sent} here
 */
public record Stamps(long sent, long echo) {}
