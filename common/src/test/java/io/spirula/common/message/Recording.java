package io.spirula.common.message;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * A message that a stock Ceph 16.2.15 program sent, cut out of its msgr2 frame. The resource holds one after the other, little-endian: type, version, compat version and priority (16 bits each),
 * transaction id (64), data offset (16), the segments' lengths (32 each), the segments.
 */
record Recording(String name, Payload payload) {
    static List<Recording> all() {
        List<Recording> all = new ArrayList<>();
        Decoder in = new Decoder(resource("/message/recorded.bin.gz"));
        while (in.hasRemaining()) {
            Recording next = next(in, all.size());
            all.add(next);
        }
        return all;
    }

    private static Recording next(Decoder in, int index) {
        int type = in.u16();
        int version = in.u16();
        int compat = in.u16();
        int priority = in.u16();
        long tid = in.u64();
        int dataOffset = in.u16();
        int front = in.i32();
        int middle = in.i32();
        int data = in.i32();
        Payload payload = new Payload(
                type, version, compat, priority, tid, dataOffset, in.raw(front), in.raw(middle), in.raw(data));
        return new Recording("#" + index + " of type " + type, payload);
    }

    private static Bytes resource(String path) {
        try (InputStream raw = Recording.class.getResourceAsStream(path)) {
            if (raw == null) {
                throw new IllegalStateException("no resource " + path);
            }
            return Bytes.wrap(new DataInputStream(new GZIPInputStream(raw)).readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
