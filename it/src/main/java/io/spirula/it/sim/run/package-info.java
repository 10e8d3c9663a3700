/** Runs of the simulator: what a seed plans, the run itself, many of them, and how a failing one is made smaller. {@link io.spirula.it.sim.run.Simulate} is the program. */
package io.spirula.it.sim.run;
