package io.spirula.common.msgr;

import io.spirula.common.types.EntityAddr;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A network in one thread: bytes arrive late, in pieces, in order, until their link breaks. When a link breaks, what is on its way is lost in both directions, and each end hears of it at a time of its own.
 */
final class VirtualNetwork {
    private final VirtualReactor reactor;
    private final RandomGenerator random;
    private final Map<Integer, Transport.Acceptor> listeners = new HashMap<>();
    private final List<Pipe> pipes = new ArrayList<>();
    private int nextPort = 40000;
    /** The chance that a delivery breaks its link instead. */
    double breakChance;
    /** The chance that a delivery has one bit flipped. */
    double damageChance;
    /** Breaks the link at the delivery of this number, counted over the whole network; negative for never. */
    long breakAtDelivery = -1;

    long deliveries;
    int broken;

    VirtualNetwork(VirtualReactor reactor, RandomGenerator random) {
        this.reactor = reactor;
        this.random = random;
    }

    Transport transport() {
        return new Transport() {
            private final List<Integer> ports = new ArrayList<>();

            @Override
            public void connect(EntityAddr target, LinkHandler handler) {
                reactor.schedule(delay(), () -> {
                    Transport.Acceptor acceptor = listeners.get(target.port());
                    if (acceptor == null) {
                        handler.closed("connection refused", true);
                        return;
                    }
                    Pipe pipe = new Pipe();
                    pipes.add(pipe);
                    int port = nextPort++;
                    pipe.a = new End(pipe, handler, port, target.port());
                    pipe.b = new End(pipe, acceptor.accept(), target.port(), port);
                    pipe.a.other = pipe.b;
                    pipe.b.other = pipe.a;
                    pipe.b.handler.connected(pipe.b);
                    pipe.a.handler.connected(pipe.a);
                });
            }

            @Override
            public EntityAddr bind(EntityAddr address, Acceptor acceptor) {
                listeners.put(address.port(), acceptor);
                ports.add(address.port());
                return address;
            }

            @Override
            public void close() {
                ports.forEach(listeners::remove);
            }
        };
    }

    private Duration delay() {
        return Duration.ofNanos(random.nextInt(1, 2_000_000));
    }

    void breakAll() {
        for (Pipe pipe : new ArrayList<>(pipes)) {
            pipe.breakNow();
        }
    }

    private final class Pipe {
        private @Nullable End a;
        private @Nullable End b;
        private boolean broken;

        void breakNow() {
            if (!broken) {
                broken = true;
                VirtualNetwork.this.broken++;
                pipes.remove(this);
                for (End end : List.of(java.util.Objects.requireNonNull(a), java.util.Objects.requireNonNull(b))) {
                    long nanos = random.nextInt(4) == 0 ? random.nextLong(400_000_000) : random.nextLong(2_000_000);
                    reactor.schedule(Duration.ofNanos(nanos), end::hearClosed);
                }
            }
        }
    }

    private final class End implements Transport.Link, Transport.ByteSource {
        private final Pipe pipe;
        private final Transport.LinkHandler handler;
        private final int localPort;
        private final int remotePort;
        private final ByteArrayOutputStream written = new ByteArrayOutputStream();
        private final ArrayDeque<byte[]> arrived = new ArrayDeque<>();
        private @Nullable End other;
        private byte[] current = new byte[0];
        private int at;
        private boolean reading = true;
        private boolean closed;
        private long lastArrivalNanos;

        End(Pipe pipe, Transport.LinkHandler handler, int localPort, int remotePort) {
            this.pipe = pipe;
            this.handler = handler;
            this.localPort = localPort;
            this.remotePort = remotePort;
        }

        @Override
        public void write(byte[] source, int from, int length) {
            if (!closed) {
                written.write(source, from, length);
            }
        }

        @Override
        public void flush() {
            byte[] bytes = written.toByteArray();
            written.reset();
            int from = 0;
            while (from < bytes.length) {
                int length = Math.min(bytes.length - from, random.nextInt(1, 4000));
                byte[] piece = java.util.Arrays.copyOfRange(bytes, from, from + length);
                from += length;
                long now = reactor.clock().nanoTime();
                lastArrivalNanos = Math.max(lastArrivalNanos, now + delay().toNanos());
                End target = java.util.Objects.requireNonNull(other);
                reactor.schedule(Duration.ofNanos(lastArrivalNanos - now), () -> target.deliver(piece));
            }
        }

        private void deliver(byte[] piece) {
            if (pipe.broken || closed) {
                return;
            }
            boolean breaks = deliveries++ == breakAtDelivery || random.nextDouble() < breakChance;
            if (breaks) {
                pipe.breakNow();
                return;
            }
            if (random.nextDouble() < damageChance) {
                piece[random.nextInt(piece.length)] ^= (byte) (1 << random.nextInt(8));
            }
            arrived.add(piece);
            read();
        }

        private void read() {
            if (reading && !closed && available() > 0) {
                handler.received(this);
            }
        }

        @Override
        public int available() {
            if (at == current.length && !arrived.isEmpty()) {
                current = arrived.remove();
                at = 0;
            }
            return current.length - at;
        }

        @Override
        public void read(byte[] target, int to, int count) {
            System.arraycopy(current, at, target, to, count);
            at += count;
        }

        void hearClosed() {
            if (!closed) {
                closed = true;
                handler.closed("the link broke", false);
            }
        }

        @Override
        public void close() {
            if (!closed) {
                flush();
                closed = true;
                // The far end hears of it behind what was sent before.
                End target = java.util.Objects.requireNonNull(other);
                long now = reactor.clock().nanoTime();
                long at = Math.max(lastArrivalNanos, now) + 1;
                reactor.schedule(Duration.ofNanos(at - now), target::hearClosed);
            }
        }

        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public void setReading(boolean on) {
            reading = on;
            read();
        }

        @Override
        public EntityAddr localAddress() {
            return EntityAddr.msgr2("127.0.0.1", localPort, 0);
        }

        @Override
        public EntityAddr remoteAddress() {
            return EntityAddr.msgr2("127.0.0.1", remotePort, 0);
        }
    }
}
