package io.spirula.common.maps;

import io.spirula.common.format.Formatter;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityAddrs;
import java.util.Collection;
import java.util.stream.Collectors;

/** The parts that the texts of several maps have in common, as Ceph's stream operators print them. */
final class MapText {
    private MapText() {}

    /** {@code [4,5,2]}. */
    static String list(Collection<?> values) {
        return values.stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
    }

    /** {@code [v2:127.0.0.1:6832/1232,v1:127.0.0.1:6833/1232]}, one address bare, none as nothing. */
    static String addrs(EntityAddrs addrs) {
        return switch (addrs.list().size()) {
            case 0 -> "";
            case 1 -> addr(addrs.front());
            default -> addrs.list().stream().map(MapText::addr).collect(Collectors.joining(",", "[", "]"));
        };
    }

    /** {@code v2:127.0.0.1:6832/1232}; an address for any protocol without one. */
    static String addr(EntityAddr addr) {
        return switch (addr.kind()) {
            case NONE -> "-";
            case ANY -> withoutKind(addr);
            default -> addr.kind() + ":" + withoutKind(addr);
        };
    }

    /** {@code 127.0.0.1:6833/1232}. */
    static String withoutKind(EntityAddr addr) {
        return socket(addr) + "/" + Integer.toUnsignedString(addr.nonce());
    }

    private static String socket(EntityAddr addr) {
        if (addr.host().isEmpty()) {
            return "(unrecognized address family 0)";
        }
        String host = addr.host().indexOf(':') >= 0 ? "[" + addr.host() + "]" : addr.host();
        return host + ":" + addr.port();
    }

    /** The one address that very old readers get. Ceph: entity_addrvec_t::get_legacy_str. */
    static String legacy(EntityAddrs addrs) {
        for (EntityAddr addr : addrs.list()) {
            if (addr.kind() == EntityAddr.Kind.LEGACY || addr.kind() == EntityAddr.Kind.ANY) {
                return withoutKind(addr);
            }
        }
        return withoutKind(addrs.front());
    }

    static void dump(Formatter f, String name, EntityAddrs addrs) {
        f.object(name, () -> addrVector(f, addrs));
    }

    /** The member of an object that holds the addresses. */
    static void addrVector(Formatter f, EntityAddrs addrs) {
        f.array("addrvec", () -> {
            for (EntityAddr addr : addrs.list()) {
                f.object(
                        "addr",
                        () -> f.put("type", addr.kind().toString())
                                .put("addr", socket(addr))
                                .putUnsigned("nonce", addr.nonce()));
            }
        });
    }
}
