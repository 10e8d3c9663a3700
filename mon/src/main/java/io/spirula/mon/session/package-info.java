/** Who is connected to the monitor, what each may do and what each has subscribed to. */
package io.spirula.mon.session;
