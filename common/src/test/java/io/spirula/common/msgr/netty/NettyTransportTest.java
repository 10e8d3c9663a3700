package io.spirula.common.msgr.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spirula.common.msgr.MessengerOptions;
import io.spirula.common.msgr.PortRange;
import io.spirula.common.types.EntityAddr;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where a transport listens. */
class NettyTransportTest {
    private static final int BACKLOG = 1;

    private final NettyReactor reactor = NettyReactor.start("ports");
    private final List<NettyTransport> transports = new ArrayList<>();

    @AfterEach
    void stop() {
        transports.forEach(NettyTransport::close);
        reactor.close();
    }

    private int listen(PortRange ports, int port) {
        NettyTransport transport =
                new NettyTransport(reactor, MessengerOptions.osd().withPorts(ports));
        transports.add(transport);
        return transport
                .bind(EntityAddr.msgr2("127.0.0.1", port, 0), () -> {
                    throw new IllegalStateException("nobody connects here");
                })
                .port();
    }

    /** The first of ports that follow each other: taken by the socket, of those above it as many as asked for are free. */
    private static ServerSocket takenBelowFree(int free) throws IOException {
        for (int tries = 0; tries < 1000; tries++) {
            ServerSocket taken = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
            if (taken.getLocalPort() + free <= 65_535 && areFree(taken.getLocalPort() + 1, free)) {
                return taken;
            }
            taken.close();
        }
        throw new IOException("no free ports in a row");
    }

    private static boolean areFree(int first, int count) {
        for (int port = first; port < first + count; port++) {
            try (ServerSocket probe = new ServerSocket(port, BACKLOG, InetAddress.getLoopbackAddress())) {
                probe.getLocalPort();
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }

    @Test
    void portsOfTheRangeThatAreTakenArePassedOver() throws IOException {
        try (ServerSocket taken = takenBelowFree(2)) {
            int first = taken.getLocalPort();
            PortRange ports = new PortRange(first, first + 2);

            assertThat(listen(ports, 0)).isEqualTo(first + 1);
            assertThat(listen(ports, 0)).isEqualTo(first + 2);
            assertThatThrownBy(() -> listen(ports, 0))
                    .hasMessageContaining("cannot listen on 127.0.0.1: no free port from " + first + " to "
                            + (first + 2) + " (ms_bind_port_min, ms_bind_port_max)");
        }
    }

    @Test
    void aNamedPortIsTakenWhateverTheRange() throws IOException {
        try (ServerSocket taken = takenBelowFree(1)) {
            int named = taken.getLocalPort() + 1;

            assertThat(listen(new PortRange(1, 2), named)).isEqualTo(named);
            assertThatThrownBy(() -> listen(new PortRange(1, 2), taken.getLocalPort()))
                    .hasMessageContaining("127.0.0.1:" + taken.getLocalPort());
        }
    }

    @Test
    void withoutARangeAnyFreePortIsTaken() {
        assertThat(listen(PortRange.FREE, 0)).isNotEqualTo(listen(PortRange.FREE, 0));
    }
}
