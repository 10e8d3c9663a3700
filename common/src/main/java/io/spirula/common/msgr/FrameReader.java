package io.spirula.common.msgr;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Crc32c;
import io.spirula.common.encoding.MalformedInput;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads msgr2.1 frames from bytes as they come. A segment's bytes go from their source straight to the array that the message keeps; lengths are checked against limits before anything is allocated, and what is
 * allocated for a long segment grows with what has really come.
 */
final class FrameReader {
    private static final VarHandle U32 = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int MAX_SEGMENTS = 4;
    private static final int FIRST_ALLOCATION_BYTES = 4 << 20;
    private static final int SCRATCH_BYTES = 512;

    private enum Stage {
        PREAMBLE,
        FIRST,
        REST,
        EPILOGUE
    }

    private final byte[] head = new byte[FrameWriter.PREAMBLE_BYTES + FrameWriter.INLINE_BYTES + FrameCipher.TAG_BYTES];
    private final byte[] open = new byte[FrameWriter.PREAMBLE_BYTES + FrameWriter.INLINE_BYTES];
    private final byte[] scratch = new byte[SCRATCH_BYTES];
    private final byte[] tail = new byte[16];
    private final int[] lengths = new int[MAX_SEGMENTS];
    private final Bytes[] segments = new Bytes[MAX_SEGMENTS];
    private @Nullable FrameCipher cipher;
    private int maxFront;
    private int maxData;
    private boolean messagesAllowed;

    private Stage stage = Stage.PREAMBLE;
    private byte[] target = head;
    private int filled;
    private int wanted = FrameWriter.PREAMBLE_BYTES;
    private int tag;
    private int segmentCount;
    private int segmentIndex;

    /** @param maxControl the longest frame before messages are allowed */
    FrameReader(int maxControl) {
        maxFront = maxControl;
    }

    void decryptWith(FrameCipher receiving) {
        cipher = receiving;
        begin();
    }

    void allowMessages(int maxFrontBytes, int maxDataBytes) {
        maxFront = maxFrontBytes;
        maxData = maxDataBytes;
        messagesAllowed = true;
    }

    int tag() {
        return tag;
    }

    /** Whether a part of a frame has come and the rest has not. */
    boolean isWithinFrame() {
        return stage != Stage.PREAMBLE || filled > 0;
    }

    /** A segment of the frame that is complete; the first of a short frame is only good until the next frame is read. */
    Bytes segment(int index) {
        return index < segmentCount ? segments[index] : Bytes.EMPTY;
    }

    /** Takes bytes; true where a frame is complete, false where more bytes are needed. Throws MalformedInput. */
    boolean advance(Transport.ByteSource source) {
        while (true) {
            while (filled < wanted) {
                int available = source.available();
                if (available == 0) {
                    return false;
                }
                if (filled == target.length) {
                    target = Arrays.copyOf(target, (int) Math.min(wanted, target.length * 2L));
                }
                int count = Math.min(available, Math.min(wanted, target.length) - filled);
                source.read(target, filled, count);
                filled += count;
            }
            boolean complete = switch (stage) {
                case PREAMBLE -> preamble();
                case FIRST -> first();
                case REST -> rest();
                case EPILOGUE -> epilogue();
            };
            if (complete) {
                begin();
                return true;
            }
        }
    }

    private void begin() {
        stage = Stage.PREAMBLE;
        target = head;
        filled = 0;
        wanted = cipher == null ? FrameWriter.PREAMBLE_BYTES : head.length;
    }

    private void want(Stage next, int bytes) {
        stage = next;
        filled = 0;
        wanted = bytes;
        target = bytes <= scratch.length && next == Stage.FIRST
                ? scratch
                : next == Stage.EPILOGUE ? tail : new byte[Math.min(bytes, FIRST_ALLOCATION_BYTES)];
    }

    private boolean preamble() {
        byte[] block = head;
        if (cipher != null) {
            cipher.apply(head, 0, head.length, open, 0);
            block = open;
        }
        int crc = (int) U32.get(block, FrameWriter.PREAMBLE_BYTES - FrameWriter.CRC_BYTES);
        if (crc != Crc32c.of(0, block, 0, FrameWriter.PREAMBLE_BYTES - FrameWriter.CRC_BYTES)) {
            throw new MalformedInput("a frame whose preamble has a wrong checksum");
        }
        tag = block[0] & 0xff;
        segmentCount = block[1];
        if (segmentCount < 1 || segmentCount > MAX_SEGMENTS || block[26] != 0) {
            throw new MalformedInput("a frame of " + segmentCount + " segments with flags " + block[26]);
        }
        for (int i = 0; i < segmentCount; i++) {
            lengths[i] = (int) U32.get(block, 2 + i * 6);
        }
        checkLengths();
        segmentIndex = 1;
        return cipher == null ? afterPlainPreamble() : afterSealedPreamble();
    }

    private void checkLengths() {
        if (segmentCount > 1 && lengths[segmentCount - 1] == 0) {
            throw new MalformedInput("a frame whose last segment is empty");
        }
        boolean message = tag == Tag.MESSAGE;
        if (message ? lengths[0] != FrameWriter.MESSAGE_HEADER_BYTES : segmentCount > 1) {
            throw new MalformedInput("a frame of tag " + tag + " with " + segmentCount + " segments, the first of "
                    + Integer.toUnsignedString(lengths[0]) + " bytes");
        }
        if (message && !messagesAllowed) {
            throw new MalformedInput("a message before the session");
        }
        for (int i = 0; i < segmentCount; i++) {
            int limit = i == 3 ? maxData : maxFront;
            if (Integer.compareUnsigned(lengths[i], limit) > 0) {
                throw new MalformedInput("a segment of " + Integer.toUnsignedString(lengths[i])
                        + " bytes where at most " + limit + " are accepted");
            }
        }
    }

    private boolean afterPlainPreamble() {
        if (lengths[0] > 0) {
            want(Stage.FIRST, lengths[0] + FrameWriter.CRC_BYTES);
            return false;
        }
        segments[0] = Bytes.EMPTY;
        return segmentCount == 1 || nextPlain();
    }

    private boolean afterSealedPreamble() {
        int beyond = FrameCipher.padded(lengths[0]) - FrameWriter.INLINE_BYTES;
        if (beyond > 0) {
            want(Stage.FIRST, beyond + FrameCipher.TAG_BYTES);
            return false;
        }
        System.arraycopy(open, FrameWriter.PREAMBLE_BYTES, scratch, 0, lengths[0]);
        segments[0] = Bytes.wrap(scratch, 0, lengths[0]);
        return segmentCount == 1 || nextSealed();
    }

    private boolean first() {
        FrameCipher rx = cipher;
        if (rx == null) {
            checkCrc(target, lengths[0], (int) U32.get(target, lengths[0]));
            segments[0] = Bytes.wrap(target, 0, lengths[0]);
            return segmentCount == 1 || nextPlain();
        }
        byte[] joined = new byte[FrameWriter.INLINE_BYTES + wanted];
        System.arraycopy(open, FrameWriter.PREAMBLE_BYTES, joined, 0, FrameWriter.INLINE_BYTES);
        rx.apply(target, 0, wanted, joined, FrameWriter.INLINE_BYTES);
        segments[0] = Bytes.wrap(joined, 0, lengths[0]);
        return segmentCount == 1 || nextSealed();
    }

    /** Goes on to the next segment that has bytes, or to the epilogue. */
    private boolean nextPlain() {
        while (segmentIndex < segmentCount && lengths[segmentIndex] == 0) {
            segments[segmentIndex++] = Bytes.EMPTY;
        }
        if (segmentIndex < segmentCount) {
            want(Stage.REST, lengths[segmentIndex]);
        } else {
            want(Stage.EPILOGUE, FrameWriter.CRC_EPILOGUE_BYTES);
        }
        return false;
    }

    /** All further segments and the epilogue are one encrypted unit. */
    private boolean nextSealed() {
        long total = FrameCipher.BLOCK_BYTES + FrameCipher.TAG_BYTES;
        for (int i = 1; i < segmentCount; i++) {
            total += FrameCipher.padded(lengths[i]);
        }
        want(Stage.REST, Math.toIntExact(total));
        return false;
    }

    private boolean rest() {
        FrameCipher rx = cipher;
        if (rx == null) {
            segments[segmentIndex++] = Bytes.wrap(target);
            return nextPlain();
        }
        byte[] plain = new byte[wanted];
        int end = rx.apply(target, 0, wanted, plain, 0);
        int at = 0;
        for (int i = 1; i < segmentCount; i++) {
            segments[i] = Bytes.wrap(plain, at, lengths[i]);
            at += FrameCipher.padded(lengths[i]);
        }
        if (at >= end) {
            throw new MalformedInput("a frame without its epilogue");
        }
        checkLateStatus(plain[at]);
        return true;
    }

    private boolean epilogue() {
        for (int i = 1; i < segmentCount; i++) {
            Bytes segment = segments[i];
            if (segment.crc32c(-1) != (int) U32.get(tail, 1 + (i - 1) * FrameWriter.CRC_BYTES)) {
                throw new MalformedInput("a segment with a wrong checksum");
            }
        }
        checkLateStatus(tail[0]);
        return true;
    }

    private static void checkCrc(byte[] bytes, int length, int expected) {
        if (Crc32c.of(-1, bytes, 0, length) != expected) {
            throw new MalformedInput("a segment with a wrong checksum");
        }
    }

    /** Nobody that we talk to aborts frames half way. */
    private static void checkLateStatus(byte status) {
        if ((status & FrameWriter.LATE_STATUS_MASK) != FrameWriter.LATE_STATUS_COMPLETE) {
            throw new MalformedInput("a frame of late status " + status);
        }
    }
}
