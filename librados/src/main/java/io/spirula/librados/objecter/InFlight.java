package io.spirula.librados.objecter;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The operations that await their end, by transaction id. A ring indexed by the id's low bits: ids are consecutive, so neither a lookup nor an entry allocates. */
final class InFlight {
    private @Nullable Operation[] slots = new Operation[256];
    private int size;

    void add(Operation op) {
        while (slots[index(op.tid)] != null) {
            grow();
        }
        slots[index(op.tid)] = op;
        size++;
    }

    @Nullable
    Operation find(long tid) {
        Operation op = slots[index(tid)];
        return op != null && op.tid == tid ? op : null;
    }

    boolean remove(Operation op) {
        if (slots[index(op.tid)] != op) {
            return false;
        }
        slots[index(op.tid)] = null;
        size--;
        return true;
    }

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    /** In the order of their ids, which is the order in which they were submitted. A copy: the caller may add and remove. */
    List<Operation> inOrder() {
        List<Operation> all = new ArrayList<>(size);
        for (Operation op : slots) {
            if (op != null) {
                all.add(op);
            }
        }
        all.sort(Comparator.comparingLong(op -> op.tid));
        return all;
    }

    /** Two ids that differ by less than the size never meet, so this ends. */
    private void grow() {
        @Nullable Operation[] old = slots;
        slots = new Operation[old.length * 2];
        for (Operation op : old) {
            if (op != null) {
                slots[index(op.tid)] = op;
            }
        }
    }

    private int index(long tid) {
        return (int) tid & slots.length - 1;
    }
}
