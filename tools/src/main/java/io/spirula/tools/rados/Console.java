package io.spirula.tools.rados;

import java.io.InputStream;
import java.io.PrintStream;

/** What a command reads and writes. */
record Console(InputStream in, PrintStream out, PrintStream err) {}
