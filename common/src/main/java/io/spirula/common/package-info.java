/** What every daemon and client shares. Imports crush and nothing else of Spirula. */
package io.spirula.common;
