package io.spirula.common.monclient;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.message.Message;
import io.spirula.common.msgr.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The session with the monitors that every client and daemon keeps. It hunts for a monitor that answers, authenticates, holds subscriptions, notices a silent monitor and finds
 * another, and sends again what the lost session left unanswered.
 *
 * <p>All methods are called on its reactor and never block; futures complete there. The messenger has one dispatcher, its owner: the owner hands every event to
 * {@link #dispatch}, {@link #connected}, {@link #reset} and {@link #refused} first, and keeps what they do not claim.
 *
 * <p>Source: Ceph's mon/MonClient.cc and mon/MonSub.cc.
 */
@SuppressWarnings("DoNotCallSuggester") // until the bodies are there
public final class MonClient {
    /** Starts hunting. Subscriptions and messages may be given before and after. */
    public void start() {
        throw new UnsupportedOperationException();
    }

    /** Completes when the first session is open; fails with a {@link MonClientException} at the deadline, or at once when every monitor refuses our key. */
    public CompletableFuture<Void> authenticated(Duration timeout) {
        throw new UnsupportedOperationException();
    }

    /** Completes when the rotating keys are there with which we check other parties' tickets: for daemons, before they bind. Ceph: wait_auth_rotating. */
    public CompletableFuture<Void> rotatingKeys(Duration timeout) {
        throw new UnsupportedOperationException();
    }

    /** Our cluster-wide number; 0 before the first session. */
    public long globalId() {
        throw new UnsupportedOperationException();
    }

    public boolean hasSession() {
        throw new UnsupportedOperationException();
    }

    /**
     * Subscribes to {@code what} ("osdmap", "monmap", "mgrmap", "config", "osd_pg_creates", …) from version {@code start} on (0: whatever is current). A stronger wish replaces a weaker one; false if
     * nothing changed. Sent with the next turn of the reactor, so several make one message.
     */
    public boolean subscribe(String what, long start) {
        throw new UnsupportedOperationException();
    }

    /** The same, for one answer. Ceph: CEPH_SUBSCRIBE_ONETIME. */
    public boolean subscribeOnce(String what, long start) {
        throw new UnsupportedOperationException();
    }

    public void unsubscribe(String what) {
        throw new UnsupportedOperationException();
    }

    /** The owner got {@code what} up to {@code version}: the subscription goes on from the next one. Ceph: sub_got. */
    public void got(String what, long version) {
        throw new UnsupportedOperationException();
    }

    /**
     * Sends to the current monitor, or to the next one when there is none. A message that was handed to a session that was lost is not sent again: as in Ceph, its owner does that
     * in {@link MonClientListener#sessionOpened}.
     */
    public void send(Message message) {
        throw new UnsupportedOperationException();
    }

    /** Runs a command: a JSON object {@code {"prefix": …}}. Sent again to the next monitor when the session is lost. Fails only with a {@link MonClientException} at the deadline. */
    public CompletableFuture<CommandOutcome> command(List<String> json, Bytes input, Duration timeout) {
        throw new UnsupportedOperationException();
    }

    /** Asks which versions of {@code what} ("osdmap", "monmap", …) there are. */
    public CompletableFuture<MapVersions> versions(String what, Duration timeout) {
        throw new UnsupportedOperationException();
    }

    /** True if the message was the client's own affair, false where it is the owner's. */
    public boolean dispatch(Connection connection, Message message) {
        throw new UnsupportedOperationException();
    }

    /** True if the connection is the client's. */
    public boolean connected(Connection connection) {
        throw new UnsupportedOperationException();
    }

    /** True if the connection was the client's. */
    public boolean reset(Connection connection) {
        throw new UnsupportedOperationException();
    }

    /** True if the connection was the client's. */
    public boolean refused(Connection connection) {
        throw new UnsupportedOperationException();
    }

    /** Ends the session and every wait, with an error that says so. */
    public void shutdown() {
        throw new UnsupportedOperationException();
    }
}
