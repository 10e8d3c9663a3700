/** What must hold: of every object as its clients see it, of the daemons after every event, and of the stores in the end. Looks on and changes nothing. */
package io.spirula.it.sim.check;
