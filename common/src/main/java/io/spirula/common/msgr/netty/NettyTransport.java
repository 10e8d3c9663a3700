package io.spirula.common.msgr.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.spirula.common.msgr.MessengerOptions;
import io.spirula.common.msgr.Transport;
import io.spirula.common.types.EntityAddr;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.jspecify.annotations.Nullable;

/** Sockets on one event loop. */
final class NettyTransport implements Transport {
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(2 << 20, 8 << 20);

    private final NettyReactor reactor;
    private final int connectTimeoutMs;
    private @Nullable Channel listening;

    NettyTransport(NettyReactor reactor, MessengerOptions options) {
        this.reactor = reactor;
        connectTimeoutMs = Math.toIntExact(options.handshakeTimeout().toMillis());
    }

    @Override
    public void connect(EntityAddr target, LinkHandler handler) {
        NettyLink link = new NettyLink(handler);
        ChannelFuture connecting = new Bootstrap()
                .group(reactor.loop())
                .channel(reactor.usesEpoll() ? EpollSocketChannel.class : NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectTimeoutMs)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .option(ChannelOption.RECVBUF_ALLOCATOR, receiveBuffers())
                .handler(link)
                .connect(target.toSocketAddress());
        connecting.addListener(future -> {
            Throwable cause = future.cause();
            if (cause != null) {
                handler.closed(String.valueOf(cause.getMessage()), cause instanceof ConnectException);
            }
        });
    }

    private static AdaptiveRecvByteBufAllocator receiveBuffers() {
        return new AdaptiveRecvByteBufAllocator(512, 16 << 10, 256 << 10);
    }

    @Override
    public EntityAddr bind(EntityAddr address, Acceptor acceptor) {
        InetSocketAddress wanted = address.toSocketAddress();
        if (wanted.getPort() == 0) {
            wanted = new InetSocketAddress(wanted.getAddress(), freePort(wanted));
        }
        ChannelFuture binding = new ServerBootstrap()
                .group(reactor.loop())
                .channel(reactor.usesEpoll() ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, 512)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, receiveBuffers())
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new NettyLink(acceptor.accept()));
                    }
                })
                .bind(wanted);
        // On its own loop a bind is done before it returns, or it is queued there: then nobody may wait for it.
        if (!reactor.isCurrent()) {
            binding.awaitUninterruptibly();
        }
        if (binding.isDone() && !binding.isSuccess()) {
            throw new UncheckedIOException(
                    "cannot listen on " + address.hostPortNonce(), new IOException(binding.cause()));
        }
        listening = binding.channel();
        return address.withPort(wanted.getPort());
    }

    private static int freePort(InetSocketAddress wanted) {
        try (ServerSocket probe = new ServerSocket(0, 1, wanted.getAddress())) {
            return probe.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on " + wanted, e);
        }
    }

    @Override
    public void close() {
        if (listening != null) {
            listening.close();
        }
    }
}
