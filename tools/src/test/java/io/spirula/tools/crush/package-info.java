/** Tests of crushtool against stock's output. */
@NullMarked
package io.spirula.tools.crush;

import org.jspecify.annotations.NullMarked;
