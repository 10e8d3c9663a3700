package io.spirula.common.msgr.netty;

import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import io.spirula.common.env.Clock;
import io.spirula.common.env.Reactor;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** A reactor that is one thread of Netty's: an event loop on epoll, or on NIO where there is no epoll. */
public final class NettyReactor implements Reactor, AutoCloseable {
    /** The machine's clocks. */
    public static final Clock SYSTEM_CLOCK = new Clock() {
        @Override
        public Instant now() {
            return Instant.now();
        }

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }
    };

    private final MultiThreadIoEventLoopGroup group;
    private final EventLoop loop;
    private final boolean epoll;

    private NettyReactor(String name, boolean epoll) {
        this.epoll = epoll;
        IoHandlerFactory handlers = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        group = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory(name, true), handlers);
        loop = group.next();
    }

    /** Starts a reactor whose thread carries {@code name}. */
    public static NettyReactor start(String name) {
        return new NettyReactor(name, Epoll.isAvailable());
    }

    EventLoop loop() {
        return loop;
    }

    boolean usesEpoll() {
        return epoll;
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(task);
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        Future<?> future = loop.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }

    @Override
    public Clock clock() {
        return SYSTEM_CLOCK;
    }

    @Override
    public boolean isCurrent() {
        return loop.inEventLoop();
    }

    /** Stops the thread once its queued tasks have run. Messengers on it must have been shut down. */
    @Override
    public void close() {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS);
    }
}
