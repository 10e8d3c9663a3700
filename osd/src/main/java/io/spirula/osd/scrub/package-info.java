/**
 * Comparing a placement group's copies and mending what differs: when a group is due, its scrub as a state machine, what one OSD finds of a range of objects, and what follows from several OSDs' findings. Pure: it reads the
 * {@code store}, and knows of others only what its constructors are given. Imports {@code store}, {@code pglog} and what is below.
 */
package io.spirula.osd.scrub;
