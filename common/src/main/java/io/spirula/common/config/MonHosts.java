package io.spirula.common.config;

import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.EntityAddrs;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/**
 * The monitors' addresses as {@code mon_host} spells them: {@code [v2:10.0.0.1:3300,v1:10.0.0.1:6789],10.0.0.2}, by address or name, separated by commas, semicolons or spaces. Addresses that speak only v1
 * are left out; one without a protocol is taken for v2, on port 3300 where it names none.
 */
public final class MonHosts {
    public static final int DEFAULT_PORT = 3300;
    private static final int LEGACY_PORT = 6789;

    private MonHosts() {}

    /** One entry a monitor. Throws ConfigException where nothing speaks msgr2 or a name has no address. */
    public static List<EntityAddrs> parse(String text) {
        List<EntityAddrs> monitors = new ArrayList<>();
        for (String group : groups(text)) {
            List<EntityAddr> addresses = new ArrayList<>();
            for (String one : group.split("[,;\\s]+")) {
                if (!one.isEmpty()) {
                    addAddresses(one, addresses);
                }
            }
            if (!addresses.isEmpty()) {
                monitors.add(new EntityAddrs(addresses));
            }
        }
        if (monitors.isEmpty()) {
            throw new ConfigException("mon_host = '" + text + "' names no monitor that speaks msgr2 (v2:HOST:PORT)");
        }
        return monitors;
    }

    /** Splits at separators outside brackets; a bracketed list is one group, but {@code [::1]:3300} is an address. */
    private static List<String> groups(String text) {
        List<String> groups = new ArrayList<>();
        StringBuilder current = new StringBuilder();
        int depth = 0;
        for (char c : (text + ",").toCharArray()) {
            if (depth == 0 && (c == ',' || c == ';' || Character.isWhitespace(c))) {
                String group = current.toString().strip();
                if (!group.isEmpty()) {
                    groups.add(isList(group) ? group.substring(1, group.length() - 1) : group);
                }
                current.setLength(0);
                continue;
            }
            depth += c == '[' ? 1 : c == ']' ? -1 : 0;
            current.append(c);
        }
        if (depth != 0) {
            throw new ConfigException("mon_host = '" + text + "' has a bracket without its other half");
        }
        return groups;
    }

    private static boolean isList(String group) {
        return group.startsWith("[") && group.endsWith("]") && (group.startsWith("[v") || group.contains(","));
    }

    private static void addAddresses(String text, List<EntityAddr> into) {
        String rest = text;
        if (rest.startsWith("v1:")) {
            return;
        }
        boolean explicit = rest.startsWith("v2:");
        rest = explicit ? rest.substring(3) : rest.startsWith("any:") ? rest.substring(4) : rest;
        int slash = rest.indexOf('/');
        rest = slash < 0 ? rest : rest.substring(0, slash);
        int port = DEFAULT_PORT;
        String host = rest;
        int colon = rest.lastIndexOf(':');
        boolean bareIpv6 = !rest.startsWith("[") && rest.indexOf(':') != colon;
        if (colon > rest.indexOf(']') && !bareIpv6) {
            try {
                port = Integer.parseInt(rest.substring(colon + 1));
            } catch (NumberFormatException e) {
                throw new ConfigException("mon_host: '" + text + "' has no port behind its colon", e);
            }
            host = rest.substring(0, colon);
        }
        if (!explicit && port == LEGACY_PORT) {
            return;
        }
        try {
            InetAddress address = InetAddress.getByName(host.replace("[", "").replace("]", ""));
            into.add(EntityAddr.msgr2(address.getHostAddress(), port, 0));
        } catch (UnknownHostException e) {
            throw new ConfigException("mon_host: the name '" + host + "' has no address", e);
        }
    }
}
