package io.spirula.librados;

import io.spirula.common.encoding.Bytes;

/**
 * An object as a listing names it.
 *
 * @param locatorKey what it was placed by, empty where that is its name
 */
public record ListedObject(Bytes namespace, Bytes name, Bytes locatorKey) {}
