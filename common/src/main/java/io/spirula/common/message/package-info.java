/**
 * The messages, one record a file, each with its encode and decode side by side, and the one registry of them. Names follow Ceph's classes without their M
 * ({@code MOSDOp} is {@code OsdOp}); the Javadoc gives Ceph's. Imports encoding, types and maps.
 */
package io.spirula.common.message;
