/**
 * The simulator: monitors, OSDs and clients, their real code, in one thread on a virtual clock over a simulated network and simulated disks, everything decided by a seed. A run repeated with its seed is the same run, event
 * by event; {@link io.spirula.it.sim.Simulation#traceHash()} proves it.
 */
package io.spirula.it.sim;
