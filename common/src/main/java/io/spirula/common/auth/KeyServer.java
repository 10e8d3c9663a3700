package io.spirula.common.auth;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.env.Clock;
import io.spirula.common.types.EntityName;
import io.spirula.common.types.EntityType;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The monitors' view of all keys: entities from the committed auth database, and the rotating secrets that the monitors agreed on. Issues tickets. Ceph: KeyServer.
 *
 * <p>The leading monitor asks {@link #dueRotation} now and then, has the answer committed, and every monitor gives what was committed to {@link #setRotating}.
 */
public final class KeyServer implements ServiceKeys {
    private static final EntityName MON_KEY = new EntityName(EntityType.MON, "");

    private final SecretSource entities;
    private final Supplier<TicketTimes> times;
    private final RandomGenerator random;
    private final Clock clock;
    private RotatingKeys rotating = RotatingKeys.EMPTY;

    /**
     * @param times as they are now
     */
    public KeyServer(SecretSource entities, Supplier<TicketTimes> times, RandomGenerator random, Clock clock) {
        this.entities = entities;
        this.times = times;
        this.random = random;
        this.clock = clock;
    }

    /** With pacific's times to live: 72 hours and one hour. */
    public KeyServer(SecretSource entities, RandomGenerator random, Clock clock) {
        this(entities, () -> TicketTimes.DEFAULT, random, clock);
    }

    /** The rotating secrets that must be committed now, null where none are due. */
    public @Nullable RotatingKeys dueRotation() {
        RotatingKeys next = rotating.rotated(
                clock.now(), times.get().monitors(), times.get().services(), random);
        return next == rotating ? null : next;
    }

    public void setRotating(RotatingKeys committed) {
        rotating = committed;
    }

    public RotatingKeys rotating() {
        return rotating;
    }

    public @Nullable EntityAuth find(EntityName name) {
        return entities.find(name);
    }

    @Override
    public @Nullable CryptoKey serviceSecret(EntityType service, long secretId) {
        if (secretId == TicketBlob.MON_KEY) {
            EntityAuth mon = service == EntityType.MON ? entities.find(MON_KEY) : null;
            return mon == null ? null : mon.key();
        }
        return rotating.serviceSecret(service, secretId);
    }

    @Override
    public Instant now() {
        return clock.now();
    }

    /** One service's secrets, closed with the key of the daemon that asks; null where it may not have them. */
    @Nullable
    Bytes rotatingFor(EntityName daemon) {
        EntityAuth auth = entities.find(daemon);
        boolean isService = daemon.type() != EntityType.CLIENT && daemon.type() != EntityType.AUTH;
        if (auth == null || !isService) {
            return null;
        }
        Bytes sealed = auth.key().seal(out -> out.put(RotatingSecrets.CODEC, rotating.of(daemon.type())));
        return new Encoder().bytes(sealed).toBytes();
    }

    /** A ticket, with the session key that its holder and the service will share. Ceph: CephXSessionAuthInfo. */
    record Issued(EntityType service, CryptoKey sessionKey, Duration validity, TicketBlob blob, AuthTicket ticket) {}

    boolean canIssue(EntityType service) {
        return !rotating.of(service).secrets().isEmpty();
    }

    /** Issues a ticket; null where there is no secret for that service. */
    @Nullable
    Issued issue(EntityType service, EntityName holder, long globalId, EntityAuth auth) {
        if (!canIssue(service)) {
            return null;
        }
        Instant now = clock.now();
        var current = rotating.of(service).current(now);
        Duration ttl = service == EntityType.AUTH
                ? times.get().monitors()
                : times.get().services();
        Bytes caps = service == EntityType.AUTH || service == EntityType.MON
                ? Bytes.EMPTY
                : auth.encodedCaps(service.toString());
        return issue(
                service,
                holder,
                globalId,
                caps,
                ttl,
                current.getKey(),
                current.getValue().key());
    }

    /** A ticket for another monitor, closed with the monitors' own key; null where there is none. */
    @Nullable
    Issued issueForMonitors(EntityName holder) {
        EntityAuth mon = entities.find(MON_KEY);
        return mon == null
                ? null
                : issue(EntityType.MON, holder, 0, Bytes.EMPTY, times.get().services(), TicketBlob.MON_KEY, mon.key());
    }

    private Issued issue(
            EntityType service,
            EntityName holder,
            long globalId,
            Bytes caps,
            Duration ttl,
            Long secretId,
            CryptoKey serviceSecret) {
        Instant now = clock.now();
        AuthTicket ticket = new AuthTicket(holder, globalId, now, now.plus(ttl), false, caps);
        CryptoKey sessionKey = CryptoKey.generate(random, now);
        Bytes blob = new ServiceTicketInfo(ticket, sessionKey).seal(serviceSecret);
        return new Issued(service, sessionKey, ttl, new TicketBlob(secretId, blob), ticket);
    }
}
