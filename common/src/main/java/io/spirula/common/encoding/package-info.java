/**
 * Ceph's wire encoding: little-endian integers, length-prefixed strings, versioned structures. Nothing here knows a particular
 * structure; each structure's own file holds its encode and decode side by side. Source: Ceph's dev/encoding and dev/network-encoding.
 */
package io.spirula.common.encoding;
