/** Where a monitor is put together: its constructor tree, its process, and the making of its store. */
package io.spirula.mon.daemon;
