/** What people and scripts read, as Ceph prints it: JSON in both layouts, text tables, numbers, sizes and times. Imports nothing of this project. */
package io.spirula.common.format;
