/** The manager's role, played inside the leading monitor's process: it takes the OSDs' statistics, sums them up, and answers the commands that the tool sends to a manager. */
package io.spirula.mon.mgr;
