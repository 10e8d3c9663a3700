package io.spirula.common.msgr;

import io.spirula.common.types.EntityAddr;

/** What carries bytes: sockets in production, queues in tests and in the simulator. All calls and all callbacks are made on the messenger's reactor. */
public interface Transport {
    /** Opens a link; the handler hears of it later, never within this call. */
    void connect(EntityAddr target, LinkHandler handler);

    /**
     * Listens; gives the address with the port that was had.
     *
     * @throws java.io.UncheckedIOException where the address can't be had
     */
    EntityAddr bind(EntityAddr address, Acceptor acceptor);

    /** Stops listening. Links live on. */
    void close();

    /** A connection of bytes. What is written is sent at the latest on {@link #flush}. */
    interface Link {
        /** Takes a copy. */
        void write(byte[] source, int from, int length);

        void flush();

        /** Closes after what was written has been sent; the handler hears nothing more. */
        void close();

        /** Whether the far end keeps up; {@link LinkHandler#writable} tells when it does again. */
        boolean isWritable();

        /** Stops or resumes deliveries; those that wait in the link come first. */
        void setReading(boolean on);

        /** Our end's address without a port that means anything. */
        EntityAddr localAddress();

        EntityAddr remoteAddress();
    }

    /** Who hears what happens to a link. */
    interface LinkHandler {
        void connected(Link link);

        /** Bytes are there. What is not taken stays in the link until reading resumes or more arrives. */
        void received(ByteSource source);

        void writable();

        /** The link is gone, for this reason. */
        void closed(String reason, boolean refused);
    }

    /** Who takes the links that others open. */
    @FunctionalInterface
    interface Acceptor {
        /** Gives the handler for a link that is connected already; {@link LinkHandler#connected} follows. */
        LinkHandler accept();
    }

    /** Bytes that have arrived. */
    interface ByteSource {
        int available();

        void read(byte[] target, int at, int count);
    }
}
