/** {@code vstart}: a whole cluster on this machine in one folder, each daemon a process of its own. */
package io.spirula.tools.vstart;
