package io.spirula.common.msgr.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.spirula.common.msgr.Transport;
import java.io.IOException;
import java.nio.channels.NotYetConnectedException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NettyLinkTest {
    private final List<Throwable> mistakes = new ArrayList<>();
    private final List<String> ends = new ArrayList<>();
    private final NettyReactor reactor = NettyReactor.start("link", mistakes::add);

    private final Transport.LinkHandler handler = new Transport.LinkHandler() {
        @Override
        public void connected(Transport.Link link) {}

        @Override
        public void received(Transport.ByteSource source) {}

        @Override
        public void writable() {}

        @Override
        public void closed(String reason, boolean refused) {
            ends.add(reason);
        }
    };

    @AfterEach
    void stop() {
        reactor.close();
    }

    private void meet(Throwable failure) {
        EmbeddedChannel channel = new EmbeddedChannel(new NettyLink(reactor, handler));
        channel.pipeline().fireExceptionCaught(failure);
        assertThat(ends).hasSize(1);
        assertThat(channel.isOpen()).isFalse();
    }

    static List<Throwable> ofTheNetwork() {
        return List.of(new IOException("Connection reset by peer"), new NotYetConnectedException());
    }

    @ParameterizedTest
    @MethodSource("ofTheNetwork")
    void whatTheNetworkDoesEndsTheLinkAlone(Throwable failure) {
        meet(failure);
        assertThat(mistakes).isEmpty();
    }

    @Test
    void aMistakeOfOursIsToldToTheReactorsOwner() {
        IllegalStateException mistake = new IllegalStateException("nobody thought of that");
        meet(mistake);
        assertThat(mistakes).containsExactly(mistake);
    }
}
