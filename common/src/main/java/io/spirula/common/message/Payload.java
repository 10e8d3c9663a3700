package io.spirula.common.message;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.encoding.Encoder;
import java.util.ArrayList;
import java.util.List;

/**
 * A message as bytes: the parts of its header that belong to the message itself, and its three segments. The session adds sequence numbers and acknowledgements.
 *
 * @param dataOffset where the data begins within its page, a hint for the receiver's alignment
 */
public record Payload(
        int type,
        int version,
        int compatVersion,
        int priority,
        long tid,
        int dataOffset,
        Bytes front,
        Bytes middle,
        Bytes data) {

    /** What a message's encode writes to. */
    public static final class Out {
        private final Encoder front = new Encoder(256);
        private Bytes middle = Bytes.EMPTY;
        private final List<Bytes> data = new ArrayList<>(1);
        private int version;
        private int compatVersion;
        private int dataOffset;

        Out(int version, int compatVersion) {
            this.version = version;
            this.compatVersion = compatVersion;
        }

        public Encoder front() {
            return front;
        }

        public void middle(Bytes bytes) {
            middle = bytes;
        }

        /** Appends to the data segment; one piece is never copied. */
        public void data(Bytes bytes) {
            data.add(bytes);
        }

        public void dataOffset(int offset) {
            dataOffset = offset;
        }

        /** For the few messages that Ceph writes in another version under some condition. */
        public void version(int headVersion, int compat) {
            version = headVersion;
            compatVersion = compat;
        }

        Payload toPayload(Message m) {
            return new Payload(
                    m.type().code(),
                    version,
                    compatVersion,
                    m.priority(),
                    m.tid(),
                    dataOffset,
                    front.toBytes(),
                    middle,
                    Bytes.concat(data));
        }
    }

    /** What a message's decode reads from. */
    public static final class In {
        private final Payload payload;
        private final Decoder front;

        public In(Payload payload) {
            this.payload = payload;
            front = new Decoder(payload.front);
        }

        public Decoder front() {
            return front;
        }

        public Bytes middle() {
            return payload.middle;
        }

        public Bytes data() {
            return payload.data;
        }

        /** The version that the sender wrote. */
        public int version() {
            return payload.version;
        }

        public long tid() {
            return payload.tid;
        }

        public int priority() {
            return payload.priority;
        }
    }
}
