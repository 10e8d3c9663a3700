/** What the programs of all daemons have in common: their options, how they end with one line for people, how they run until they are told to stop. Known to daemons' own packages of this name only. */
package io.spirula.common.daemon;
