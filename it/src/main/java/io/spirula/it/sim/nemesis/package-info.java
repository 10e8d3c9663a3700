/** What goes wrong with a simulated cluster: one class for each kind of trouble, behind {@link io.spirula.it.sim.nemesis.Nemesis}. Knows the cluster and its operator's commands, and nothing of the workload. */
package io.spirula.it.sim.nemesis;
