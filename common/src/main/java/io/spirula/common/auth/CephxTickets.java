package io.spirula.common.auth;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.env.Clock;
import io.spirula.common.types.EntityType;
import io.spirula.common.types.Errno;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A holder's tickets, one for each service. Ceph: CephXTicketManager. */
final class CephxTickets {
    private final Clock clock;
    private final Map<EntityType, Ticket> tickets = new EnumMap<>(EntityType.class);

    CephxTickets(Clock clock) {
        this.clock = clock;
    }

    /** @param renewAfter when three quarters of its life are over */
    private record Ticket(TicketBlob blob, CryptoKey sessionKey, Instant renewAfter, Instant expires) {}

    boolean has(EntityType service) {
        Ticket ticket = tickets.get(service);
        return ticket != null && clock.now().isBefore(ticket.expires);
    }

    /** Those of {@code wanted} that are missing or due for renewal, as a mask. */
    int needed(int wanted) {
        Instant now = clock.now();
        int need = 0;
        for (EntityType service : EntityType.values()) {
            Ticket ticket = tickets.get(service);
            if ((wanted & service.code()) != 0 && (ticket == null || !now.isBefore(ticket.renewAfter))) {
                need |= service.code();
            }
        }
        return need;
    }

    TicketBlob blob(EntityType service) {
        Ticket ticket = tickets.get(service);
        return ticket == null ? TicketBlob.NONE : ticket.blob;
    }

    CryptoKey sessionKey(EntityType service) {
        return require(service).sessionKey;
    }

    CephxAuthorizer authorizer(EntityType service, long globalId, List<ConnectionMode> modes, RandomGenerator random) {
        Ticket ticket = require(service);
        return new CephxAuthorizer(service, globalId, ticket.blob, ticket.sessionKey, modes, random);
    }

    private Ticket require(EntityType service) {
        Ticket ticket = tickets.get(service);
        if (ticket == null) {
            throw new AuthException(Errno.EACCES, "no ticket for " + service);
        }
        return ticket;
    }

    /** The session key of the login ticket that a request sends along now; null where there is none. */
    @Nullable
    CryptoKey offered() {
        Ticket ticket = tickets.get(EntityType.AUTH);
        return ticket == null ? null : ticket.sessionKey;
    }

    /**
     * Takes a reply of tickets, closed with {@code principalKey}. Ceph: verify_service_ticket_reply.
     *
     * @param offered what {@link #offered} was when the request went out: tickets may be sealed with it, and another login may have replaced it since
     */
    void read(Decoder in, CryptoKey principalKey, @Nullable CryptoKey offered) {
        in.u8();
        int count = in.count(1);
        for (int i = 0; i < count; i++) {
            EntityType service = EntityType.of(in.i32());
            in.u8();
            readOne(in, service, principalKey, offered);
        }
    }

    private void readOne(Decoder in, EntityType service, CryptoKey principalKey, @Nullable CryptoKey offered) {
        record Given(CryptoKey sessionKey, Duration validity) {}
        Given given = principalKey.open(in.bytes(), body -> {
            body.u8();
            return new Given(body.get(CryptoKey.CODEC), body.span());
        });
        boolean sealed = in.bool();
        Bytes blob = in.bytes();
        if (sealed) {
            if (offered == null) {
                throw new AuthException(Errno.EPERM, "a ticket closed with a session key that we never had");
            }
            blob = offered.open(blob, body -> body.bytes().compact());
        }
        Instant now = clock.now();
        Instant expires = now.plus(given.validity);
        // Not dividedBy: it takes BigDecimal, which every command would load.
        Instant renewAfter = expires.minusMillis(given.validity.toMillis() / 4);
        tickets.put(service, new Ticket(TicketBlob.CODEC.fromBytes(blob), given.sessionKey, renewAfter, expires));
    }
}
