package io.spirula.crush;

/**
 * Where a map's structured dump goes, for example a JSON writer. Ceph: Formatter. Inside an array the names of its
 * elements mean nothing.
 */
public interface DumpSink {
    void openObject(String name);

    void openArray(String name);

    /** Ends what was opened last. */
    void close();

    void put(String name, long value);

    void put(String name, double value);

    void put(String name, String value);
}
