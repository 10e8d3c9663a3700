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
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A reactor that is one thread of Netty's: an event loop on epoll, or on NIO where there is no epoll. */
public final class NettyReactor implements Reactor, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(NettyReactor.class);

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
    private final Consumer<Throwable> onFailure;

    private NettyReactor(String name, boolean epoll, Consumer<Throwable> onFailure) {
        this.epoll = epoll;
        this.onFailure = onFailure;
        IoHandlerFactory handlers = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        group = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory(name, true), handlers);
        loop = group.next();
    }

    /** Starts a reactor whose thread carries {@code name}; a task that throws is logged. */
    public static NettyReactor start(String name) {
        return start(name, failure -> log.error("a task of reactor {} failed", name, failure));
    }

    /** Starts a reactor; what its tasks throw, dispatchers' work included, goes to {@code onFailure}: a daemon ends itself there. */
    public static NettyReactor start(String name, Consumer<Throwable> onFailure) {
        return new NettyReactor(name, Epoll.isAvailable(), onFailure);
    }

    /** A task that threw must not be lost in the event loop's own log. */
    private record Guarded(Runnable task, NettyReactor reactor) implements Runnable {
        @Override
        public void run() {
            try {
                task.run();
            } catch (Throwable failure) {
                reactor.failed(failure);
            }
        }
    }

    void failed(Throwable failure) {
        onFailure.accept(failure);
    }

    EventLoop loop() {
        return loop;
    }

    boolean usesEpoll() {
        return epoll;
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(new Guarded(task, this));
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        Future<?> future = loop.schedule((Runnable) new Guarded(task, this), delay.toNanos(), TimeUnit.NANOSECONDS);
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
