package io.spirula.common.encoding;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Text that somebody has sent and that may be no UTF-8, read so that nothing is lost and the difference can be told: a byte that belongs to no character becomes half of a surrogate pair, U+DC80 to U+DCFF, which no text has, and is
 * written as that byte again. Python's {@code surrogateescape} does the same.
 */
public final class EscapedUtf8 {
    private static final char ESCAPE = '\udc00';
    private static final int FIRST_ESCAPED = 0xdc80;
    private static final int LAST_ESCAPED = 0xdcff;

    private EscapedUtf8() {}

    public static String decode(Bytes bytes) {
        var decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer from = ByteBuffer.wrap(bytes.toArray());
        CharBuffer to = CharBuffer.allocate(from.remaining());
        while (true) {
            CoderResult result = decoder.decode(from, to, true);
            if (!result.isError()) {
                return to.flip().toString();
            }
            for (int i = 0; i < result.length(); i++) {
                to.put((char) (ESCAPE | from.get() & 0xff));
            }
        }
    }

    public static Bytes encode(String text) {
        if (isText(text)) {
            return Bytes.of(text);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        text.codePoints().forEach(c -> {
            if (FIRST_ESCAPED <= c && c <= LAST_ESCAPED) {
                out.write(c);
            } else {
                out.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
            }
        });
        return Bytes.wrap(out.toByteArray());
    }

    /** Whether this is a text, and not what an escape, of ours or of JSON, made of something else. */
    public static boolean isText(String text) {
        return text.codePoints().noneMatch(c -> Character.MIN_SURROGATE <= c && c <= Character.MAX_SURROGATE);
    }
}
