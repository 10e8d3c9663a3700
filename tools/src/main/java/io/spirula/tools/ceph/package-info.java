/**
 * The {@code ceph} command: asks the cluster which commands it has, checks the words that the user typed against their descriptions, sends the command to whom it concerns and prints the answer. The rules of matching follow
 * Ceph's pybind/ceph_argparse.py.
 */
package io.spirula.tools.ceph;
