package io.spirula.common.auth;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How frames are protected once the peers know each other: by checksums or by encryption. Ceph: CEPH_CON_MODE_*. */
public enum ConnectionMode {
    CRC(1, "crc"),
    SECURE(2, "secure");

    private final int code;
    private final String label;

    ConnectionMode(int code, String label) {
        this.code = code;
        this.label = label;
    }

    public int code() {
        return code;
    }

    /** How many bytes of shared secret this mode needs. */
    public int connectionSecretSize() {
        return this == SECURE ? 64 : 0;
    }

    /** Null for a mode that we do not have. */
    public static @Nullable ConnectionMode of(int code) {
        for (ConnectionMode mode : values()) {
            if (mode.code == code) {
                return mode;
            }
        }
        return null;
    }

    /** A setting such as {@code secure crc}, the best first. Throws IllegalArgumentException for an unknown word. */
    public static List<ConnectionMode> parseList(String text) {
        List<ConnectionMode> modes = new ArrayList<>();
        for (String word : text.trim().split("[,;\\s]+")) {
            switch (word) {
                case "crc" -> modes.add(CRC);
                case "secure" -> modes.add(SECURE);
                case "" -> {}
                default -> throw new IllegalArgumentException("no connection mode '" + word + "': use crc or secure");
            }
        }
        return List.copyOf(modes);
    }

    @Override
    public String toString() {
        return label;
    }
}
