/** The {@code crushtool} command: options, output and exit codes as stock's. */
@NullMarked
package io.spirula.tools.crush;

import org.jspecify.annotations.NullMarked;
