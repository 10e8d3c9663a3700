/**
 * What a pure core may know of the world: time, timers and serial execution as tiny interfaces that constructors take, so that a simulator can supply
 * its own. Randomness is the JDK's {@link java.util.random.RandomGenerator} (a {@code SecureRandom} in production).
 */
package io.spirula.common.env;
