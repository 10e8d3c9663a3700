/** {@code osdmaptool}: looks at, tests and makes OSD maps in files, with the options and texts of stock Ceph's. */
package io.spirula.tools.osdmaptool;
