/** The rados command, with the options, output and exit codes of Ceph's (tools/rados/rados.cc). Imports librados. */
@org.jspecify.annotations.NullMarked
package io.spirula.tools.rados;
