package io.spirula.common.encoding;

import java.util.function.BiConsumer;
import java.util.function.Function;

/** The two directions of one structure's encoding. */
public interface Codec<T> {
    void encode(T value, Encoder out);

    /** Throws {@link MalformedInput} and nothing else. */
    T decode(Decoder in);

    static <T> Codec<T> of(BiConsumer<T, Encoder> encode, Function<Decoder, T> decode) {
        return new Codec<>() {
            @Override
            public void encode(T value, Encoder out) {
                encode.accept(value, out);
            }

            @Override
            public T decode(Decoder in) {
                return decode.apply(in);
            }
        };
    }

    /** The encoding of one value on its own. */
    default Bytes toBytes(T value) {
        Encoder out = new Encoder();
        encode(value, out);
        return out.toBytes();
    }

    /** Decodes one value from the start of {@code bytes}; what follows it is ignored. */
    default T fromBytes(Bytes bytes) {
        return decode(new Decoder(bytes));
    }
}
