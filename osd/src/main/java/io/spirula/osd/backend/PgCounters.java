package io.spirula.osd.backend;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Codec;
import io.spirula.common.pg.ObjectStats;
import io.spirula.common.pg.ObjectStats.Counter;
import io.spirula.common.pg.PgStats;
import io.spirula.osd.op.StatDelta;

/** A placement group's statistics as far as clients' writes and reads change them: added to with every operation, stored and replicated with every write. */
public final class PgCounters {
    private static final Codec<PgCounters> CODEC = Codec.of(
            (c, out) -> out.u64(c.objects)
                    .u64(c.bytes)
                    .u64(c.omaps)
                    .u64(c.reads)
                    .u64(c.readKb)
                    .u64(c.writes)
                    .u64(c.writeKb)
                    .bool(c.estimated),
            in -> {
                PgCounters c = new PgCounters();
                c.objects = in.u64();
                c.bytes = in.u64();
                c.omaps = in.u64();
                c.reads = in.u64();
                c.readKb = in.u64();
                c.writes = in.u64();
                c.writeKb = in.u64();
                c.estimated = in.bool();
                return c;
            });

    private static final Counter[] COUNTERS = {
        Counter.OBJECTS,
        Counter.BYTES,
        Counter.READS,
        Counter.READ_KIB,
        Counter.WRITES,
        Counter.WRITE_KIB,
        Counter.OBJECTS_DIRTY,
        Counter.OBJECTS_OMAP
    };

    private long objects;
    private long bytes;
    private long omaps;
    private long reads;
    private long readKb;
    private long writes;
    private long writeKb;
    /** Whether objects, pairs and bytes were guessed, as after a split, and not counted since. Whoever takes the numbers takes this with them. */
    private boolean estimated;

    public void add(StatDelta delta) {
        objects += delta.objects;
        bytes += delta.bytes;
        omaps += delta.omaps;
        reads += delta.reads;
        readKb += delta.readKb;
        writes += delta.writes;
        writeKb += delta.writeKb;
    }

    /** How many there are, counted anew. */
    public void set(StatDelta counted) {
        objects = counted.objects;
        bytes = counted.bytes;
        omaps = counted.omaps;
        estimated = false;
    }

    /** How many there are now has to be counted. */
    public void guess() {
        estimated = true;
    }

    public long objects() {
        return objects;
    }

    public Bytes encode() {
        return CODEC.toBytes(this);
    }

    /** Throws MalformedInput. */
    public static PgCounters decode(Bytes encoded) {
        return CODEC.fromBytes(encoded);
    }

    /** The counters of {@code group}. */
    public static PgCounters of(PgStats group) {
        PgCounters c = new PgCounters();
        ObjectStats stats = group.stats();
        c.objects = stats.get(Counter.OBJECTS);
        c.bytes = stats.get(Counter.BYTES);
        c.omaps = stats.get(Counter.OBJECTS_OMAP);
        c.reads = stats.get(Counter.READS);
        c.readKb = stats.get(Counter.READ_KIB);
        c.writes = stats.get(Counter.WRITES);
        c.writeKb = stats.get(Counter.WRITE_KIB);
        c.estimated = group.invalid().stats();
        return c;
    }

    /** {@code group} with these counters. */
    public PgStats into(PgStats group) {
        ObjectStats stats =
                group.stats().with(COUNTERS, objects, bytes, reads, readKb, writes, writeKb, objects, omaps);
        return group.toBuilder().stats(stats, estimated).build();
    }
}
