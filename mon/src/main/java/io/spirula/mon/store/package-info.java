/**
 * Where a monitor keeps what must survive: keys in prefixes, changed by atomic transactions that are durable once applied. Knows nothing of what the keys mean but the one that
 * says which format the store has. Imports encoding only; {@code RocksKeyValueStore} alone imports RocksDB.
 */
package io.spirula.mon.store;
