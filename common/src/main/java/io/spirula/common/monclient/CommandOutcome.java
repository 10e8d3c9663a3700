package io.spirula.common.monclient;

import io.spirula.common.encoding.Bytes;

/**
 * What a command came to.
 *
 * @param code 0, or a negative errno
 * @param status the line for people (Ceph: outs), often empty on success
 * @param output the command's output (Ceph: outbl)
 */
public record CommandOutcome(int code, String status, Bytes output) {}
