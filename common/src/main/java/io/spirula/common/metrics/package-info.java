/** Performance counters, named and typed as Ceph's: plain numbers that their owner changes on its reactor, and that are put into words only when somebody asks. Source of the form: common/perf_counters.cc. */
package io.spirula.common.metrics;
