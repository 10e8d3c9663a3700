package io.spirula.common.config;

/** A configuration that can't be used: one line for the person who wrote it. */
public final class ConfigException extends RuntimeException {
    public ConfigException(String message) {
        super(message);
    }

    public ConfigException(String message, Throwable cause) {
        super(message, cause);
    }
}
