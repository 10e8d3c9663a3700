package io.spirula.common.msgr.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.spirula.common.msgr.Transport;
import io.spirula.common.types.EntityAddr;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.NotYetConnectedException;
import org.jspecify.annotations.Nullable;

/** One socket. What is written gathers in large buffers that go out together; what arrives is handed on where it lies. */
final class NettyLink extends ChannelInboundHandlerAdapter implements Transport.Link, Transport.ByteSource {
    /** As much as Netty's pool keeps at hand for a thread; what is larger it looks for anew each time. */
    private static final int CHUNK_BYTES = 32 << 10;

    private final NettyReactor reactor;
    private final Transport.LinkHandler handler;
    private @Nullable Channel channel;
    private @Nullable ByteBuf chunk;
    private @Nullable ByteBuf arrived;
    private boolean reading = true;
    private boolean closed;

    NettyLink(NettyReactor reactor, Transport.LinkHandler handler) {
        this.reactor = reactor;
        this.handler = handler;
    }

    // ---- what goes out

    @Override
    public void write(byte[] source, int from, int length) {
        Channel to = channel;
        if (closed || to == null) {
            return;
        }
        int at = from;
        int left = length;
        while (left > 0) {
            ByteBuf room = chunk;
            if (room == null) {
                room = to.alloc().directBuffer(CHUNK_BYTES, CHUNK_BYTES);
                chunk = room;
            }
            int count = Math.min(left, room.writableBytes());
            room.writeBytes(source, at, count);
            at += count;
            left -= count;
            if (!room.isWritable()) {
                chunk = null;
                to.write(room, to.voidPromise());
            }
        }
    }

    @Override
    public void flush() {
        Channel to = channel;
        if (closed || to == null) {
            return;
        }
        ByteBuf last = chunk;
        chunk = null;
        if (last != null) {
            to.writeAndFlush(last, to.voidPromise());
        } else {
            to.flush();
        }
    }

    @Override
    public boolean isWritable() {
        return channel != null && channel.isWritable();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        Channel to = channel;
        ByteBuf last = chunk;
        chunk = null;
        closed = true;
        if (to == null) {
            return;
        }
        if (last != null) {
            to.writeAndFlush(last).addListener(ChannelFutureListener.CLOSE);
        } else {
            to.close();
        }
    }

    // ---- what comes in

    @Override
    public void setReading(boolean on) {
        reading = on;
        Channel from = channel;
        if (closed || from == null) {
            return;
        }
        if (on && arrived != null) {
            deliver();
        }
        from.config().setAutoRead(reading);
    }

    @Override
    public int available() {
        return arrived == null ? 0 : arrived.readableBytes();
    }

    @Override
    public void read(byte[] target, int at, int count) {
        if (arrived != null) {
            arrived.readBytes(target, at, count);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        channel = context.channel();
        if (closed) {
            context.close();
        } else {
            handler.connected(this);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (closed) {
            bytes.release();
            return;
        }
        ByteBuf before = arrived;
        if (before == null) {
            arrived = bytes;
        } else {
            before.discardReadBytes().writeBytes(bytes);
            bytes.release();
        }
        if (reading) {
            deliver();
        }
    }

    /** Hands on what has arrived; what is not taken waits. */
    private void deliver() {
        try {
            handler.received(this);
        } finally {
            ByteBuf rest = arrived;
            if (rest != null && (closed || !rest.isReadable())) {
                arrived = null;
                rest.release();
            }
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (!closed && context.channel().isWritable()) {
            handler.writable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        release();
        if (!closed) {
            closed = true;
            handler.closed("the peer closed the connection", false);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!isTheNetworks(cause)) {
            reactor.failed(cause);
        }
        if (!closed) {
            closed = true;
            context.close();
            handler.closed(cause.getMessage() == null ? cause.toString() : cause.getMessage(), false);
        }
    }

    /** Whether it is a connection's end. A socket that is reset before it is connected gives ENOTCONN to its reader, which is no IOException. */
    private static boolean isTheNetworks(Throwable cause) {
        return cause instanceof IOException
                || cause instanceof NotYetConnectedException
                || cause instanceof ChannelException;
    }

    private void release() {
        if (chunk != null) {
            chunk.release();
            chunk = null;
        }
        if (arrived != null) {
            arrived.release();
            arrived = null;
        }
    }

    // ---- where

    @Override
    public EntityAddr localAddress() {
        return address(channel == null ? null : channel.localAddress());
    }

    @Override
    public EntityAddr remoteAddress() {
        return address(channel == null ? null : channel.remoteAddress());
    }

    private static EntityAddr address(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress inet ? EntityAddr.msgr2(inet, 0) : EntityAddr.NONE;
    }
}
