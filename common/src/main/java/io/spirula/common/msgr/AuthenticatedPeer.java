package io.spirula.common.msgr;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.types.EntityName;
import java.util.Locale;

/**
 * Whom an accepted connection's peer has proved to be.
 *
 * @param globalId the cluster-wide number of this client instance
 * @param claim how it came to that number, at monitors
 * @param caps what its ticket or key says it may do with us, encoded as its type has it (a string behind a length); with auth none {@code allow *}
 * @param serverChallenge the challenge that later requests for a new main ticket answer again (cephx, at monitors); 0 elsewhere
 */
public record AuthenticatedPeer(EntityName name, long globalId, Claim claim, Bytes caps, long serverChallenge) {
    /** Ceph: global_id_status_t. */
    public enum Claim {
        NONE,
        /** It was given the number when it logged in. */
        NEW_OK,
        /** It came back with the number, and a ticket that proves it its own. */
        RECLAIM_OK,
        /** It came back with the number and no proof. */
        RECLAIM_INSECURE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public AuthenticatedPeer(EntityName name, long globalId, Bytes caps) {
        this(name, globalId, Claim.NONE, caps, 0);
    }
}
