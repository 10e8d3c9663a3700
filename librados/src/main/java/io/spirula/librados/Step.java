package io.spirula.librados;

import io.spirula.common.encoding.Bytes;
import java.util.function.Function;

/** One step of a compound operation whose result is wanted: ask the {@link OperationResult} for it. */
public final class Step<T> {
    final int index;
    final Function<Bytes, T> decode;

    Step(int index, Function<Bytes, T> decode) {
        this.index = index;
        this.decode = decode;
    }
}
