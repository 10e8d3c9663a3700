package io.spirula.common.types;

import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import io.spirula.common.encoding.MalformedInput;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * One address of one running instance: protocol, host (a literal IP address, or empty for none), port, and the nonce that tells one instance from the next at the same place. Ceph: entity_addr_t (msg/msg_types.h); the
 * encoding is the one with the MSG_ADDR2 feature.
 */
public record EntityAddr(Kind kind, int nonce, String host, int port) implements Comparable<EntityAddr> {
    /** The protocol an address speaks. */
    public enum Kind {
        NONE(0, "-"),
        LEGACY(1, "v1"),
        MSGR2(2, "v2"),
        ANY(3, "any"),
        CIDR(4, "cidr");

        private final int code;
        private final String label;

        Kind(int code, String label) {
            this.code = code;
            this.label = label;
        }

        static Kind of(long code) {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            throw new MalformedInput("no address type " + code);
        }

        @Override
        public String toString() {
            return label;
        }
    }

    public static final EntityAddr NONE = new EntityAddr(Kind.NONE, 0, "", 0);
    public static final Codec<EntityAddr> CODEC = Codec.of(EntityAddr::encode, EntityAddr::decode);

    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;

    public static EntityAddr msgr2(InetSocketAddress address, int nonce) {
        return new EntityAddr(Kind.MSGR2, nonce, address.getAddress().getHostAddress(), address.getPort());
    }

    public static EntityAddr msgr2(String literalHost, int port, int nonce) {
        return new EntityAddr(Kind.MSGR2, nonce, literal(literalHost).getHostAddress(), port);
    }

    public boolean isBlank() {
        return host.isEmpty() || literal(host).isAnyLocalAddress() && port == 0;
    }

    /** The host alone; null where there is none. */
    public @Nullable InetAddress ip() {
        return host.isEmpty() ? null : literal(host);
    }

    /** Throws IllegalStateException where there is no address. */
    public InetSocketAddress toSocketAddress() {
        if (host.isEmpty()) {
            throw new IllegalStateException("a blank address");
        }
        return new InetSocketAddress(literal(host), port);
    }

    public EntityAddr withNonce(int newNonce) {
        return new EntityAddr(kind, newNonce, host, port);
    }

    public EntityAddr withKind(Kind newKind) {
        return new EntityAddr(newKind, nonce, host, port);
    }

    public EntityAddr withPort(int newPort) {
        return new EntityAddr(kind, nonce, host, newPort);
    }

    public EntityAddr withHost(InetAddress address) {
        return new EntityAddr(kind, nonce, address.getHostAddress(), port);
    }

    private void encode(Encoder out) {
        out.u8(1);
        out.struct(1, 1, body -> {
            body.u32(kind.code).u32(nonce);
            if (host.isEmpty()) {
                body.u32(28).zeros(28); // a sockaddr of no family, as large as the largest
                return;
            }
            InetAddress ip = literal(host);
            boolean v4 = ip instanceof Inet4Address;
            body.u32(v4 ? 16 : 28);
            body.u16(v4 ? AF_INET : AF_INET6);
            body.u8(port >>> 8).u8(port); // a sockaddr keeps the network's byte order
            if (v4) {
                body.raw(ip.getAddress()).zeros(8);
            } else {
                body.zeros(4).raw(ip.getAddress()).zeros(4);
            }
        });
    }

    private static EntityAddr decode(Decoder in) {
        int marker = in.u8();
        if (marker != 1) {
            throw new MalformedInput("an address in a form from before msgr2 (marker " + marker + ")");
        }
        return decodeAfterMarker(in);
    }

    static EntityAddr decodeAfterMarker(Decoder in) {
        return in.struct(1, (body, version) -> {
            Kind kind = Kind.of(body.u32());
            int nonce = body.i32();
            int length = body.count(1);
            if (length == 0) {
                return new EntityAddr(kind, nonce, "", 0);
            }
            Decoder sockaddr = new Decoder(body.raw(length));
            int family = sockaddr.u16();
            if (family == 0) {
                return new EntityAddr(kind, nonce, "", 0);
            }
            int port = sockaddr.u8() << 8 | sockaddr.u8();
            return switch (family) {
                case AF_INET -> new EntityAddr(kind, nonce, text(sockaddr.raw(4).toArray()), port);
                case AF_INET6 ->
                    new EntityAddr(kind, nonce, text(sockaddr.skip(4).raw(16).toArray()), port);
                default -> throw new MalformedInput("no address family " + family);
            };
        });
    }

    private static String text(byte[] ip) {
        try {
            return InetAddress.getByAddress(ip).getHostAddress();
        } catch (UnknownHostException e) {
            throw new MalformedInput("an address of " + ip.length + " bytes", e);
        }
    }

    private static InetAddress literal(String host) {
        try {
            return InetAddress.getByName(host); // never a lookup: hosts here are literals
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("'" + host + "' is not a literal IP address", e);
        }
    }

    /** {@code 127.0.0.1:6800}, with brackets around IPv6. */
    public String hostPort() {
        String h = host.isEmpty() ? "-" : host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return host.isEmpty() && port == 0 ? "-" : h + ":" + port;
    }

    /** {@code 127.0.0.1:6800/123}. */
    public String hostPortNonce() {
        return host.isEmpty() && port == 0 ? "-" : hostPort() + "/" + Integer.toUnsignedString(nonce);
    }

    @Override
    public int compareTo(EntityAddr other) {
        return (kind + ":" + hostPortNonce()).compareTo(other.kind + ":" + other.hostPortNonce());
    }

    /** {@code v2:127.0.0.1:6800/123}; of one that speaks any protocol without the protocol. */
    @Override
    public String toString() {
        return switch (kind) {
            case NONE -> "-";
            case ANY -> hostPortNonce();
            case LEGACY, MSGR2, CIDR -> kind + ":" + hostPortNonce();
        };
    }
}
