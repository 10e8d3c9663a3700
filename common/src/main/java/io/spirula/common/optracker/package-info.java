/** What a daemon remembers of the requests that it works on and has worked on: when each passed which point of its way, the longest and the slow ones of late, and how lists of them look. Imports commands, configuration and clocks. */
package io.spirula.common.optracker;
