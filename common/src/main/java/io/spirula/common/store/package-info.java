/** What the stores of all daemons do alike, whatever they keep in which database. Imports encoding. */
package io.spirula.common.store;
