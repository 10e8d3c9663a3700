package io.spirula.osd.op;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Decoder;
import io.spirula.common.message.ObjectOp;
import io.spirula.common.message.ObjectOpArgs;
import io.spirula.common.types.Errno;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Operations that only check, so that the others of their vector happen or not. */
final class Guards {
    private static final int EQUAL = 1;
    private static final int NOT_EQUAL = 2;
    private static final int GREATER = 3;
    private static final int GREATER_OR_EQUAL = 4;
    private static final int LESS = 5;
    private static final int LESS_OR_EQUAL = 6;

    private static final int AS_STRING = 1;
    private static final int AS_NUMBER = 2;

    private Guards() {}

    static int assertVersion(OpExecution x, ObjectOp op) {
        long version = ((ObjectOpArgs.AssertVersion) op.args()).version();
        x.stats.read(0);
        if (version == 0) {
            return -Errno.EINVAL;
        }
        int order = Long.compareUnsigned(version, x.state.userVersion);
        return order < 0 ? -Errno.ERANGE : order > 0 ? -Errno.EOVERFLOW : 0;
    }

    /** Compares the value given with the attribute's (empty where there is none): true answers 1. */
    static int compareAttribute(OpExecution x, ObjectOp op) {
        ObjectOpArgs.Xattr args = (ObjectOpArgs.Xattr) op.args();
        Decoder in = new Decoder(op.input());
        Bytes name = Attributes.stored(in.raw(args.nameLength()));
        Bytes given = in.raw(args.valueLength());
        Bytes stored = x.store().attribute(x.environment.collection(), x.id(), name);
        Bytes value = stored == null ? Bytes.EMPTY : stored;
        x.stats.read(value.size());
        int order;
        switch (args.mode()) {
            case AS_STRING -> order = given.compareTo(value);
            case AS_NUMBER -> {
                Long number = number(value);
                if (number == null) {
                    return -Errno.EINVAL;
                }
                order = Long.compareUnsigned(new Decoder(given).u64(), number);
            }
            default -> {
                return -Errno.EINVAL;
            }
        }
        return switch (args.comparison()) {
            case EQUAL, NOT_EQUAL, GREATER, GREATER_OR_EQUAL, LESS, LESS_OR_EQUAL ->
                holds(args.comparison(), order) ? 1 : -Errno.ECANCELED;
            default -> -Errno.EINVAL;
        };
    }

    /** The attribute as a decimal number, 0 where it is empty; null where it is none. */
    private static @Nullable Long number(Bytes value) {
        if (value.isEmpty()) {
            return 0L;
        }
        try {
            return Long.parseUnsignedLong(value.utf8().strip());
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** Compares pairs with values given; a key that is not there counts as an empty value. */
    static int compareOmap(OpExecution x, ObjectOp op) {
        if (!x.exists()) {
            return -Errno.ENOENT;
        }
        record Assertion(Bytes value, int operator) {}
        Decoder in = new Decoder(op.input());
        SortedMap<Bytes, Assertion> assertions = new TreeMap<>();
        int count = in.count(12);
        for (int i = 0; i < count; i++) {
            Bytes key = in.bytes();
            assertions.put(key, new Assertion(in.bytes(), in.i32()));
        }
        SortedMap<Bytes, Bytes> values = x.store().omapValues(x.environment.collection(), x.id(), assertions.keySet());
        x.stats.read(0);
        for (Map.Entry<Bytes, Assertion> e : assertions.entrySet()) {
            Bytes value = values.getOrDefault(e.getKey(), Bytes.EMPTY);
            int operator = e.getValue().operator;
            if (operator != EQUAL && operator != LESS && operator != GREATER) {
                return -Errno.EINVAL;
            }
            if (!holds(operator, value.compareTo(e.getValue().value))) {
                return -Errno.ECANCELED;
            }
        }
        return 0;
    }

    private static boolean holds(int operator, int order) {
        return switch (operator) {
            case EQUAL -> order == 0;
            case NOT_EQUAL -> order != 0;
            case GREATER -> order > 0;
            case GREATER_OR_EQUAL -> order >= 0;
            case LESS -> order < 0;
            default -> order <= 0;
        };
    }
}
