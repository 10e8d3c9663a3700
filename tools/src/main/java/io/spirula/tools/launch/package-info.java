/** What the scripts of the distribution start for daemons: logging set up from the configuration, then the daemon itself. */
package io.spirula.tools.launch;
