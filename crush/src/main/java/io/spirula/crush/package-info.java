/** CRUSH placement: maps, rules, mapping and the text compiler. Pure functions; imports nothing but the JDK. */
@NullMarked
package io.spirula.crush;

import org.jspecify.annotations.NullMarked;
