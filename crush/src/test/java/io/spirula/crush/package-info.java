/** Tests of the CRUSH library, most of them against what stock Ceph computed. */
@NullMarked
package io.spirula.crush;

import org.jspecify.annotations.NullMarked;
