package io.spirula.common.msgr.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.spirula.common.msgr.MessengerOptions;
import io.spirula.common.msgr.PortRange;
import io.spirula.common.msgr.Transport;
import io.spirula.common.types.EntityAddr;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sockets on one event loop. Netty's pooled buffers took a third less CPU per message than its adaptive ones. */
public final class NettyTransport implements Transport {
    private static final Logger log = LoggerFactory.getLogger(NettyTransport.class);
    private static final Duration ACCEPT_PAUSE = Duration.ofSeconds(1);
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(2 << 20, 8 << 20);

    private final NettyReactor reactor;
    private final int connectTimeoutMs;
    private final PortRange ports;
    private @Nullable Channel listening;

    public NettyTransport(NettyReactor reactor, MessengerOptions options) {
        this.reactor = reactor;
        connectTimeoutMs = Math.toIntExact(options.handshakeTimeout().toMillis());
        ports = options.ports();
    }

    @Override
    public void connect(EntityAddr target, LinkHandler handler) {
        NettyLink link = new NettyLink(reactor, handler);
        ChannelFuture connecting = new Bootstrap()
                .group(reactor.loop())
                .channel(reactor.usesEpoll() ? EpollSocketChannel.class : NioSocketChannel.class)
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
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
        if (!reactor.isCurrent()) {
            return CompletableFuture.supplyAsync(() -> bind(address, acceptor), reactor)
                    .join();
        }
        return address.port() != 0 ? listen(address, acceptor) : listenWithin(address, acceptor);
    }

    private EntityAddr listenWithin(EntityAddr address, Acceptor acceptor) {
        for (int port = ports.first(); port <= ports.last(); port++) {
            try {
                return listen(address.withPort(port), acceptor);
            } catch (UncheckedIOException e) {
                if (!isInUse(e)) {
                    throw e;
                }
            }
        }
        throw new UncheckedIOException(
                "cannot listen on " + address.host() + ": no free port from " + ports.first() + " to " + ports.last()
                        + " (ms_bind_port_min, ms_bind_port_max)",
                new IOException("all are in use"));
    }

    private EntityAddr listen(EntityAddr address, Acceptor acceptor) {
        ServerChannel server = reactor.usesEpoll() ? new EpollServerSocketChannel() : new NioServerSocketChannel();
        server.config().setOption(ChannelOption.SO_REUSEADDR, true);
        server.config().setOption(ChannelOption.SO_BACKLOG, 512);
        server.pipeline().addLast(new Accepting(acceptor));
        // On its own loop both are done when they return.
        ChannelFuture registering = reactor.loop().register(server);
        ChannelFuture binding = server.bind(address.toSocketAddress());
        Throwable cause = registering.cause() != null ? registering.cause() : binding.cause();
        if (cause != null || !binding.isDone()) {
            server.close();
            throw new UncheckedIOException(
                    "cannot listen on " + address.host() + ":" + address.port() + ": "
                            + (cause == null ? "the bind did not finish" : reason(cause)),
                    new IOException(cause));
        }
        listening = server;
        return address.withPort(((InetSocketAddress) server.localAddress()).getPort());
    }

    private static boolean isInUse(Throwable e) {
        return String.valueOf(e.getMessage()).contains("in use");
    }

    private static String reason(Throwable cause) {
        String message =
                String.valueOf(cause.getMessage()).replaceFirst("^bind\\(\\.\\.\\) failed with error\\(-\\d+\\): ", "");
        return message + (isInUse(cause) ? ": stop what runs there or configure another address" : "");
    }

    /** Gives every socket that others open its link. */
    private final class Accepting extends ChannelInboundHandlerAdapter {
        private final Acceptor acceptor;

        Accepting(Acceptor acceptor) {
            this.acceptor = acceptor;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            Channel child = (Channel) message;
            child.config().setAllocator(PooledByteBufAllocator.DEFAULT);
            child.config().setOption(ChannelOption.TCP_NODELAY, true);
            child.config().setOption(ChannelOption.SO_KEEPALIVE, true);
            child.config().setWriteBufferWaterMark(WATER_MARK);
            child.config().setRecvByteBufAllocator(receiveBuffers());
            child.pipeline().addLast(new NettyLink(reactor, acceptor.accept()));
            reactor.loop().register(child).addListener(future -> {
                if (!future.isSuccess()) {
                    child.unsafe().closeForcibly();
                }
            });
        }

        /** Such as too many open files: what is open goes on, new ones wait. */
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            log.warn("cannot accept a connection: {}", String.valueOf(cause.getMessage()));
            context.channel().config().setAutoRead(false);
            reactor.schedule(ACCEPT_PAUSE, () -> context.channel().config().setAutoRead(true));
        }
    }

    @Override
    public void close() {
        if (listening != null) {
            listening.close();
        }
    }
}
