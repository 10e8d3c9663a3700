/** Assembles the distribution at build time: scripts, jars, this platform's natives and the start-up caches. */
package io.spirula.tools.dist;
