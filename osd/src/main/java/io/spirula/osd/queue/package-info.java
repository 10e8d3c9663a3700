/**
 * What an OSD does next when more is asked of it than its store takes: clients' requests, recovery, and work that can wait, each with its share. Two ways of sharing, both pure: weights, and dmclock's reservations, weights and
 * limits. Source of the semantics: Ceph's osd/scheduler, common/WeightedPriorityQueue.h, and the dmclock paper (Gulati, Merchant, Varman: mClock, OSDI 2010).
 */
package io.spirula.osd.queue;
