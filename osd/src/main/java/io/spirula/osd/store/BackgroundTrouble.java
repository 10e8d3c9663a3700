package io.spirula.osd.store;

import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.AbstractEventListener;
import org.rocksdb.BackgroundErrorReason;
import org.rocksdb.Status;

/** Hears what stops the database's background work: without that a store would take writes for a while yet, and then none, and nobody would be told why. */
final class BackgroundTrouble extends AbstractEventListener {
    private @Nullable StoreException first;
    private @Nullable Consumer<StoreException> told;

    BackgroundTrouble() {
        super(EnabledEventCallback.ON_BACKGROUND_ERROR);
    }

    /** From now on, and of what has been already. */
    synchronized void tell(Consumer<StoreException> whom) {
        told = whom;
        if (first != null) {
            whom.accept(first);
        }
    }

    @Override
    public synchronized void onBackgroundError(BackgroundErrorReason reason, Status status) {
        String message = String.valueOf(status.getState());
        StoreException why = new StoreException(
                RocksDatabase.kind(status, message),
                message + " (" + reason.name().toLowerCase(Locale.ROOT) + ")");
        if (first == null) {
            first = why;
            if (told != null) {
                told.accept(why);
            }
        }
    }
}
