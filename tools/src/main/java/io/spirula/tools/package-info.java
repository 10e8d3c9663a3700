/** The command line: what users type, and the launcher that wires daemons from their arguments. */
package io.spirula.tools;
