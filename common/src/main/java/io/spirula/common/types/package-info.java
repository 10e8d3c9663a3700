/** The small values that everything shares: names, addresses, epochs, versions, placement groups, objects. Imports encoding only. */
package io.spirula.common.types;
