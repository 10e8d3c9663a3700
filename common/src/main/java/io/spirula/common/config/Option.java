package io.spirula.common.config;

import java.math.BigDecimal;
import java.util.List;

/**
 * One option as the table describes it.
 *
 * @param level for whom it is: basic, advanced, dev
 * @param defaultValue as people write it
 * @param daemonDefault daemons' default where it differs, else empty
 * @param min the lowest value, or empty
 * @param max the highest value, or empty
 * @param permitted the values that a string may have, or none for any
 * @param services who heeds it; nobody named for all
 * @param flags runtime, startup, no_mon_update, create, cluster_create
 * @param description what it is, in one line; empty where Spirula does not heed it
 */
public record Option(
        String name,
        OptionType type,
        String level,
        String defaultValue,
        String daemonDefault,
        String min,
        String max,
        List<String> permitted,
        List<String> services,
        List<String> flags,
        List<String> seeAlso,
        String description) {

    /** The value as it is kept, checked against type and bounds. Throws InvalidValue. */
    public String normalized(String text) {
        String value = type.parse(text);
        if (!permitted.isEmpty() && !permitted.contains(value)) {
            throw new InvalidValue(
                    "'" + value + "' is not one of the permitted values: " + String.join(", ", permitted));
        }
        if (value.equals("nan") || value.endsWith("inf")) {
            return value;
        }
        BigDecimal number = number(value);
        if (!min.isEmpty() && number.compareTo(new BigDecimal(min)) < 0) {
            throw new InvalidValue("Value '" + value + "' is below minimum " + normalizedBound(min));
        }
        if (!max.isEmpty() && number.compareTo(new BigDecimal(max)) > 0) {
            throw new InvalidValue("Value '" + value + "' exceeds maximum " + normalizedBound(max));
        }
        return value;
    }

    /** Milliseconds are kept as unsigned numbers and compared as what they were. */
    private BigDecimal number(String value) {
        return min.isEmpty() && max.isEmpty()
                ? BigDecimal.ZERO
                : type == OptionType.MILLISECS
                        ? BigDecimal.valueOf(Long.parseUnsignedLong(value))
                        : new BigDecimal(value);
    }

    /** A bound as it is shown. */
    public String normalizedBound(String text) {
        return type == OptionType.FLOAT ? OptionType.fixed(Double.parseDouble(text)) : text;
    }

    /** Whether a change acts without a restart, as far as Ceph promises it. */
    public boolean canUpdateAtRuntime() {
        boolean promised =
                flags.contains("runtime") || type == OptionType.LEVELS || type.isNumber() && !name.startsWith("mgr/");
        return promised && flags.stream().noneMatch(List.of("startup", "create", "cluster_create")::contains);
    }

    /** Whether the monitors keep it for nobody: it says where they are, or whom one is. */
    public boolean isKeptByNobody() {
        return flags.contains("no_mon_update");
    }

    /** The default of daemons or of clients, as values are kept. */
    public String defaultFor(boolean daemon) {
        String text = daemon && !daemonDefault.isEmpty() ? daemonDefault : defaultValue;
        try {
            return type.parse(text);
        } catch (InvalidValue e) {
            return text;
        }
    }
}
