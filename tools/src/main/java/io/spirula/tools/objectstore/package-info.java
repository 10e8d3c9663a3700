/** The {@code ceph-objectstore-tool} command: looks into a stopped OSD's store, and changes single objects of it. */
package io.spirula.tools.objectstore;
