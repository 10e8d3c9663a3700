package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandSpec;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.command.Refusal;
import io.spirula.common.config.Config;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.env.Clock;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.types.EntityAddr;
import io.spirula.common.types.Errno;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The commands that shut clients out, under today's name and the old one. Source of their answers: mon/OSDMonitor.cc. */
final class BlocklistCommands {
    private final OsdmapService osdmap;
    private final Config config;
    private final Clock clock;

    BlocklistCommands(OsdmapService osdmap, Config config, Clock clock) {
        this.osdmap = osdmap;
        this.config = config;
        this.clock = clock;
    }

    void register(CommandTable table) {
        String rest = "op,type=CephChoices,strings=add|rm name=addr,type=CephEntityAddr"
                + " name=expire,type=CephFloat,range=0.0,req=false";
        String help = "add (optionally until <expire> seconds from now) or remove <addr> from ";
        table.add(
                "osd blocklist name=range,type=CephString,goodchars=[range],req=false name=blocklist" + rest,
                help + "blocklist",
                "osd",
                "rw",
                c -> change(c, c.string("blocklistop")));
        table.add(
                "osd blacklist name=blacklist" + rest,
                help + "blacklist",
                "osd",
                "rw",
                CommandSpec.DEPRECATED,
                c -> change(c, c.string("blacklistop")));
        for (String name : new String[] {"blocklist", "blacklist"}) {
            int flags = name.equals("blacklist") ? CommandSpec.DEPRECATED : 0;
            table.add("osd " + name + " ls", "show " + name + "ed clients", "osd", "r", flags, this::list);
            table.add("osd " + name + " clear", "clear all " + name + "ed clients", "osd", "rw", flags, this::clear);
        }
    }

    /** An address in one of the ways that people write it; blocked addresses hold for every protocol. */
    private static EntityAddr address(String text) {
        String rest = text.replaceFirst("^(v1|v2|any):", "");
        try {
            int slash = rest.indexOf('/');
            int nonce = slash < 0 ? 0 : Integer.parseUnsignedInt(rest.substring(slash + 1));
            String hostPort = slash < 0 ? rest : rest.substring(0, slash);
            int colon = hostPort.lastIndexOf(':');
            boolean port =
                    colon > hostPort.indexOf(']') && (hostPort.startsWith("[") || hostPort.indexOf(':') == colon);
            String host = (port ? hostPort.substring(0, colon) : hostPort).replaceAll("[\\[\\]]", "");
            if (!host.matches("[0-9.]+|[0-9a-fA-F:.]+")) {
                throw new IllegalArgumentException(host);
            }
            return EntityAddr.msgr2(host, port ? Integer.parseInt(hostPort.substring(colon + 1)) : 0, nonce)
                    .withKind(EntityAddr.Kind.ANY);
        } catch (IllegalArgumentException e) {
            throw new Refusal(Errno.EINVAL, "unable to parse address " + text);
        }
    }

    /** A network is an address with a number of bits where others have their nonce. */
    private static EntityAddr network(EntityAddr network, String text) {
        if (text.indexOf('/') < 0) {
            throw new Refusal(
                    Errno.EINVAL,
                    "You specified a range command, but v2:" + network.hostPortNonce()
                            + " does not parse as a CIDR range");
        }
        if (Integer.compareUnsigned(network.nonce(), network.host().contains(":") ? 128 : 32) > 0) {
            throw new Refusal(Errno.EINVAL, "Too many bits in range for that protocol!");
        }
        return network.withKind(EntityAddr.Kind.CIDR);
    }

    private Outcome change(CommandCall call, String op) {
        boolean range = call.has("range");
        EntityAddr named = address(call.string("addr"));
        EntityAddr addr = range ? network(named, call.string("addr")) : named;
        OsdMap map = osdmap.pendingMap();
        String shown = (range ? "cidr:" : "") + addr.hostPortNonce();
        if (op.equals("add")) {
            double given = call.real("expire", 0);
            double seconds = given == 0 ? config.real("mon_osd_blocklist_default_expire", 3600) : given;
            Instant until = clock.now().plus(Duration.ofNanos((long) (seconds * 1e9)));
            osdmap.change(inc -> {
                if (range) {
                    inc.blockRange(addr, until);
                } else {
                    inc.block(addr, until);
                }
            });
            return Outcome.committed(
                    "blocklisting " + shown + " until " + Stamps.iso(until) + " (" + Json.number(seconds, 6) + " sec)");
        }
        if (!(range ? map.rangeBlocklist() : map.blocklist()).containsKey(addr)) {
            return Outcome.text(shown + " isn't blocklisted");
        }
        osdmap.change(inc -> {
            if (range) {
                inc.unblockRange(addr);
            } else {
                inc.unblock(addr);
            }
        });
        return Outcome.committed("un-blocklisting " + shown);
    }

    private Outcome list(CommandCall call) {
        OsdMap map = osdmap.map();
        String summary =
                "listed " + (map.blocklist().size() + map.rangeBlocklist().size()) + " entries";
        if (!call.format().equals("plain")) {
            // Two lists one after the other, single clients and whole networks: pacific writes no JSON here but this.
            Bytes clients = Json.render(json("addr", map.blocklist()), call.format());
            Bytes networks = Json.render(json("range", map.rangeBlocklist()), call.format());
            return Outcome.output(Bytes.concat(List.of(clients, networks))).withText(summary);
        }
        StringBuilder out = new StringBuilder();
        text("", map.blocklist(), out);
        text("cidr:", map.rangeBlocklist(), out);
        return Outcome.output(out.toString()).withText(summary);
    }

    private static void text(String kind, Map<EntityAddr, Instant> entries, StringBuilder out) {
        entries.forEach((addr, until) -> out.append(kind)
                .append(addr.hostPortNonce())
                .append(' ')
                .append(Stamps.iso(until))
                .append('\n'));
    }

    private static List<Object> json(String name, Map<EntityAddr, Instant> entries) {
        return Json.list(
                entries.entrySet(),
                e -> Json.object().put(name, e.getKey().hostPortNonce()).put("until", Stamps.iso(e.getValue())));
    }

    private Outcome clear(CommandCall call) {
        OsdMap map = osdmap.pendingMap();
        osdmap.change(inc -> {
            map.blocklist().keySet().forEach(inc::unblock);
            map.rangeBlocklist().keySet().forEach(inc::unblockRange);
        });
        return Outcome.committed(" removed all blocklist entries");
    }
}
