package io.spirula.osd.store;

import io.spirula.common.encoding.Bytes;

/** Where an object's stored blocks are read from, checked; and how they make up a range of its bytes. */
interface BlockSource {
    /** The part of a chunk's key that says "the base"; sub-block n has n + 1. */
    int BASE_PART = 0;

    /** A block in the database that the object's record says is there. Throws StoreException where it is damaged or missing. */
    Bytes block(Onode onode, long chunk, int part);

    /** Adds what lies at a place: from memory where it is still on its way, else as a piece to read from the file. */
    void placed(ReadPlan plan, ReadPlan.InFile piece);

    /** Reads what a plan names. Throws StoreException where it is damaged. */
    Bytes carryOut(ReadPlan plan);

    /** How to read up to {@code length} bytes from {@code offset}, all that follow for 0 or less. */
    default ReadPlan plan(Onode onode, long offset, long length) {
        long end = length <= 0 || length > onode.size - offset ? onode.size : offset + length;
        ReadPlan plan = new ReadPlan(Math.toIntExact(Math.max(0, end - offset)));
        for (long at = offset; at < end; ) {
            int first = (int) (at % Onode.CHUNK);
            int count = (int) Math.min(Onode.CHUNK - first, end - at);
            add(plan, onode, at / Onode.CHUNK, first, first + count, (int) (at - offset));
            at += count;
        }
        return plan;
    }

    /** What a sub-block reads as now, without trailing zeros that were never written. */
    default Bytes sub(Onode onode, long chunk, int index) {
        int word = onode.chunk(chunk);
        if ((word & 1 << index) != 0) {
            return block(onode, chunk, index + 1);
        }
        int from = index * Onode.SUB;
        Place place = onode.place(chunk);
        if (place != null) {
            int to = Math.min(place.valid(), from + Onode.SUB);
            if (from >= to) {
                return Bytes.EMPTY;
            }
            ReadPlan plan = new ReadPlan(to - from);
            placed(plan, new ReadPlan.InFile(place, from, to, 0));
            return carryOut(plan);
        }
        if ((word & Onode.BASE) == 0) {
            return Bytes.EMPTY;
        }
        return part(block(onode, chunk, BASE_PART), from, from + Onode.SUB);
    }

    /** Adds the bytes {@code from} to {@code to} of a chunk: its sub-blocks, and the base where there are none. */
    private void add(ReadPlan plan, Onode onode, long chunk, int from, int to, int at) {
        int word = onode.chunk(chunk);
        for (int start = from; start < to; ) {
            int sub = start / Onode.SUB;
            boolean own = (word & 1 << sub) != 0;
            int end = Math.min(to, (sub + 1) * Onode.SUB);
            if (own) {
                Bytes block = block(onode, chunk, sub + 1);
                plan.add(part(block, start - sub * Onode.SUB, end - sub * Onode.SUB), at + start - from);
            } else if ((word & Onode.BASE) != 0) {
                while (end < to && (word & 1 << end / Onode.SUB) == 0) {
                    end = Math.min(to, end + Onode.SUB);
                }
                addBase(plan, onode, chunk, start, end, at + start - from);
            }
            start = end;
        }
    }

    private void addBase(ReadPlan plan, Onode onode, long chunk, int from, int to, int at) {
        Place place = onode.place(chunk);
        if (place == null) {
            plan.add(part(block(onode, chunk, BASE_PART), from, to), at);
        } else if (from < place.valid()) {
            placed(plan, new ReadPlan.InFile(place, from, Math.min(to, place.valid()), at));
        }
    }

    private static Bytes part(Bytes block, int from, int to) {
        int start = Math.min(from, block.size());
        return block.slice(start, Math.min(to, block.size()) - start);
    }
}
