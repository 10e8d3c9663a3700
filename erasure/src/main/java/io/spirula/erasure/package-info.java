/** Erasure codes: plugins, profiles and kernels as pure functions. Imports nothing but the JDK. */
package io.spirula.erasure;
