package io.spirula.common.auth;

import io.spirula.common.auth.AuthServer.Reply;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.msgr.AuthenticatedPeer;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.Errno;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A service's check of one connection's authorizer: ticket, challenge, answer. Ceph: cephx_verify_authorizer. */
final class CephxAuthorizerCheck {
    private final EntityType service;
    private final ServiceKeys keys;
    private final RandomGenerator random;
    private boolean challenged;
    private long challenge;

    /** @param service the only one whose tickets are good here: another's would bring its capabilities with it */
    CephxAuthorizerCheck(EntityType service, ServiceKeys keys, RandomGenerator random) {
        this.service = service;
        this.keys = keys;
        this.random = random;
    }

    /** What is known once an authorizer's own parts fit together. */
    record Shown(ServiceTicketInfo info, long nonce, boolean haveChallenge, long challengePlusOne) {}

    /** Reads an authorizer; null where its ticket is not ours to read, or has ended. Throws MalformedInput where its parts do not fit together. */
    static @Nullable Shown read(Decoder in, ServiceKeys keys, EntityType expectedService) {
        in.u8();
        long globalId = in.u64();
        EntityType service = EntityType.of(in.i32());
        TicketBlob ticket = in.get(TicketBlob.CODEC);
        if (service != expectedService) {
            return null;
        }
        CryptoKey serviceSecret = keys.serviceSecret(service, ticket.secretId());
        if (serviceSecret == null) {
            return null;
        }
        ServiceTicketInfo info = ServiceTicketInfo.open(serviceSecret, ticket.blob());
        if (info.ticket().expires().isBefore(keys.now())) {
            return null;
        }
        if (info.ticket().globalId() != globalId) {
            throw new MalformedInput("an authorizer for another global id than its ticket's");
        }
        return info.sessionKey().open(in.bytes(), body -> {
            int version = body.u8();
            long nonce = body.u64();
            return version >= 2 ? new Shown(info, nonce, body.bool(), body.u64()) : new Shown(info, nonce, false, 0);
        });
    }

    Reply check(Bytes authorizer, ConnectionMode mode) {
        Shown shown = read(new Decoder(authorizer), keys, service);
        if (shown == null) {
            return new Reply.Denied(
                    Errno.EACCES, "a ticket that has ended, or is closed with a secret that we do not have");
        }
        CryptoKey sessionKey = shown.info().sessionKey();
        if (!challenged) {
            challenged = true;
            challenge = random.nextLong();
            return new Reply.More(sessionKey.seal(out -> out.u8(1).u64(challenge)));
        }
        if (!shown.haveChallenge() || shown.challengePlusOne() != challenge + 1) {
            return new Reply.Denied(Errno.EACCES, "a wrong answer to our challenge");
        }
        Bytes secret = randomBytes(mode.connectionSecretSize(), random);
        Bytes answer = sessionKey.seal(out -> {
            out.u8(secret.isEmpty() ? 1 : 2).u64(shown.nonce() + 1);
            if (!secret.isEmpty()) {
                out.bytes(secret);
            }
        });
        AuthTicket ticket = shown.info().ticket();
        Bytes caps = ticket.allowAll() ? AuthCaps.ALLOW_ALL : ticket.caps();
        return new Reply.Done(
                new AuthenticatedPeer(ticket.name(), ticket.globalId(), caps),
                new Encoder().bytes(answer).toBytes(),
                new AuthClient.Outcome(sessionKey.secret(), secret));
    }

    static Bytes randomBytes(int count, RandomGenerator random) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return Bytes.wrap(bytes);
    }
}
