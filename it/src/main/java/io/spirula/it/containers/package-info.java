/**
 * A cluster whose daemons are containers with addresses of their own on a Docker network, for tests of what happens when hosts are really apart. For users' own tests too. Imports Testcontainers, which nothing else here does.
 */
@NullMarked
package io.spirula.it.containers;

import org.jspecify.annotations.NullMarked;
