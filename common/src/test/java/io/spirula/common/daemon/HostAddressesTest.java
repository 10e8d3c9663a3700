package io.spirula.common.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spirula.common.config.CephConf;
import io.spirula.common.config.Config;
import io.spirula.common.config.ConfigException;
import io.spirula.common.config.MonHosts;
import io.spirula.common.msgr.PortRange;
import io.spirula.common.types.EntityName;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostAddressesTest {
    private static List<InetAddress> host(String... addresses) throws UnknownHostException {
        List<InetAddress> all = new ArrayList<>();
        for (String address : addresses) {
            all.add(InetAddress.getByName(address));
        }
        return all;
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.0.0/16, 10.1.2.3",
        "10.1.2.0/25, 10.1.2.3",
        "192.168.0.0/16 10.0.0.0/8, 192.168.7.9",
        "172.16.0.0/12;10.0.0.0/8, 10.1.2.3",
        "0.0.0.0/0, 127.0.0.1",
        "fd00::/8, [fd12:0:0:0:0:0:0:7]",
    })
    void theFirstNetworkThatTheHostIsInGivesTheAddress(String networks, String address) throws UnknownHostException {
        assertThat(HostAddresses.within(
                        "public_network", networks, host("127.0.0.1", "10.1.2.3", "192.168.7.9", "fd12::7")))
                .isEqualTo(address);
    }

    @Test
    void aHostOutsideOfTheNetworkIsToldSo() throws UnknownHostException {
        List<InetAddress> host = host("10.1.2.3");
        assertThatThrownBy(() -> HostAddresses.within("public_network", "10.2.0.0/16", host))
                .isInstanceOf(ConfigException.class)
                .hasMessage("unable to find any IP address in networks '10.2.0.0/16' (public_network)");
        assertThatThrownBy(() -> HostAddresses.within("public_network", "10.2.0.0", host))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("'10.2.0.0' is not a network");
    }

    @Test
    void withoutNetworksTheWayToTheMonitorsGivesTheAddress() {
        Config config = Config.of(EntityName.parse("osd.0"), CephConf.parse("[global]\n", "ceph.conf"));
        Config chosen = HostAddresses.choose(config, MonHosts.parse("v2:127.0.0.1:3300"));
        assertThat(chosen.string("public_addr", "")).isEqualTo("127.0.0.1");
        assertThat(chosen.string("cluster_addr", "")).isEqualTo("127.0.0.1");
    }

    @Test
    void theClustersSideDoesNotTakeThePublicPort() {
        Config config = Config.of(
                EntityName.parse("osd.0"), CephConf.parse("[global]\npublic addr = 127.0.0.1:6800\n", "ceph.conf"));
        assertThat(HostAddresses.choose(config, MonHosts.parse("v2:127.0.0.1:3300"))
                        .string("cluster_addr", ""))
                .isEqualTo("127.0.0.1");
    }

    private static Config osd(String section) {
        return Config.of(EntityName.parse("osd.0"), CephConf.parse(section, "ceph.conf"));
    }

    @Test
    void portsAreThoseThatFirewallsKnowUnlessConfigured() {
        assertThat(HostAddresses.ports(osd(""))).isEqualTo(new PortRange(6800, 7300));
        assertThat(HostAddresses.ports(osd("[osd]\nms bind port min = 27100\nms bind port max = 27110\n")))
                .isEqualTo(new PortRange(27100, 27110));
        Config none = osd("[osd]\nms bind port min = 7301\n");
        assertThatThrownBy(() -> HostAddresses.ports(none))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("ms_bind_port_min = 7301 and ms_bind_port_max = 7300 leave no port");
    }
}
