package io.spirula.common.msgr;

/**
 * How a session with a kind of peer lives. Ceph: Messenger's policy.
 *
 * @param lossy a failure ends the session; otherwise it is resumed and nothing is lost
 * @param server the peer connects again, not we
 * @param standby with nothing to send, a failed session waits for either side to need it
 * @param resetCheck a peer that lost its side of the session makes us lose ours, and the dispatcher is told
 */
public record Policy(boolean lossy, boolean server, boolean standby, boolean resetCheck) {
    public static final Policy LOSSY_CLIENT = new Policy(true, false, false, false);
    public static final Policy STATELESS_SERVER = new Policy(true, true, false, false);
    public static final Policy STATEFUL_SERVER = new Policy(false, true, true, true);
    public static final Policy LOSSLESS_PEER = new Policy(false, false, true, false);
    public static final Policy LOSSLESS_PEER_REUSE = new Policy(false, false, true, true);
    public static final Policy LOSSLESS_CLIENT = new Policy(false, false, false, true);

    /** Whether the peer is a client of ours: it waits when too many of its kind's messages are held, and the daemons, whose messages may be what those wait for, do not. */
    boolean isOfClient() {
        return lossy && server;
    }
}
