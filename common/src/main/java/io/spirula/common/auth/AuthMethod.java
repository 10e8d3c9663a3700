package io.spirula.common.auth;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A way to prove who one is. Ceph: CEPH_AUTH_*. */
public enum AuthMethod {
    NONE(1, "none"),
    CEPHX(2, "cephx");

    private final int code;
    private final String label;

    AuthMethod(int code, String label) {
        this.code = code;
        this.label = label;
    }

    public int code() {
        return code;
    }

    /** Null for a method that we do not have. */
    public static @Nullable AuthMethod of(int code) {
        for (AuthMethod method : values()) {
            if (method.code == code) {
                return method;
            }
        }
        return null;
    }

    /** A setting such as {@code cephx, none}. Throws IllegalArgumentException for an unknown word. */
    public static List<AuthMethod> parseList(String text) {
        List<AuthMethod> methods = new ArrayList<>();
        for (String word : text.trim().split("[,;\\s]+")) {
            switch (word) {
                case "cephx" -> methods.add(CEPHX);
                case "none" -> methods.add(NONE);
                case "" -> {}
                default -> throw new IllegalArgumentException("no auth method '" + word + "': use cephx or none");
            }
        }
        return List.copyOf(methods);
    }

    @Override
    public String toString() {
        return label;
    }
}
