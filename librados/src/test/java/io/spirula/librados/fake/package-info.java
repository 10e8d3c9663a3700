/** Hand-written stand-ins for what the client stands on: time that tests move, connections that remember what was sent. */
@org.jspecify.annotations.NullMarked
package io.spirula.librados.fake;
