package io.spirula.osd.op;

import io.spirula.common.env.Clock;
import io.spirula.osd.cls.ObjectClasses;
import io.spirula.osd.store.CollectionId;
import io.spirula.osd.store.ObjectStore;
import java.util.function.LongSupplier;

/**
 * What executing an operation needs to know of its placement group.
 *
 * @param supportsOmap false for pools that can't keep key-value pairs (erasure-coded ones)
 * @param nextNotifyId gives every notification a number of its own
 */
public record OpEnvironment(
        ObjectStore store,
        CollectionId collection,
        Clock clock,
        OpLimits limits,
        ObjectClasses classes,
        boolean supportsOmap,
        LongSupplier nextNotifyId) {}
