package io.spirula.common.msgr;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.types.EntityName;

/**
 * Whom an accepted connection's peer has proved to be.
 *
 * @param globalId the cluster-wide number of this client instance
 * @param caps what its ticket or key says it may do with us, encoded as its type has it (a string behind a length); with auth none {@code allow *}
 * @param serverChallenge the challenge that later requests for a new main ticket answer again (cephx, at monitors); 0 elsewhere
 */
public record AuthenticatedPeer(EntityName name, long globalId, Bytes caps, long serverChallenge) {
    public AuthenticatedPeer(EntityName name, long globalId, Bytes caps) {
        this(name, globalId, caps, 0);
    }
}
