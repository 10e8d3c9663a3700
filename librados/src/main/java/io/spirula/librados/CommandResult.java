package io.spirula.librados;

import io.spirula.common.encoding.Bytes;

/**
 * What a command came to.
 *
 * @param code 0, or a negative error number
 * @param status a line for people, often empty
 */
public record CommandResult(int code, String status, Bytes output) {
    /** This result if the command succeeded; throws RadosException with its status otherwise. */
    public CommandResult orThrow() {
        if (code < 0) {
            throw new RadosException(-code, status);
        }
        return this;
    }
}
