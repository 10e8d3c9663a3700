package io.spirula.osd.op;

/** By how much operations have changed a placement group's statistics. Ceph: object_stat_sum_t, as far as clients' operations count in it. */
public final class StatDelta {
    public long objects;
    public long bytes;
    /** Objects with pairs. */
    public long omaps;

    public long reads;
    public long readKb;
    public long writes;
    public long writeKb;

    void read(long readBytes) {
        reads++;
        readKb += roundedKb(readBytes);
    }

    void write(long writtenBytes) {
        writes++;
        writeKb += roundedKb(writtenBytes);
    }

    public void add(StatDelta other) {
        objects += other.objects;
        bytes += other.bytes;
        omaps += other.omaps;
        reads += other.reads;
        readKb += other.readKb;
        writes += other.writes;
        writeKb += other.writeKb;
    }

    private static long roundedKb(long n) {
        return n + 1023 >>> 10;
    }
}
