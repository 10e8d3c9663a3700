/** The cluster maps and what they are made of: monitor map, OSD map, manager map, pools, statistics. Pure values with their encodings. */
package io.spirula.common.maps;
