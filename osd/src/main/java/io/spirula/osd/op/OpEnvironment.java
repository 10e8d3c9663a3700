package io.spirula.osd.op;

import io.spirula.common.env.Clock;
import io.spirula.osd.cls.ObjectClasses;
import io.spirula.osd.store.CollectionId;
import io.spirula.osd.store.ObjectStore;
import java.util.function.Supplier;

/**
 * What executing an operation needs to know of its placement group.
 *
 * @param limits as they are now
 * @param supportsOmap false for pools that can't keep key-value pairs (erasure-coded ones)
 * @param watchers who watches the group's objects and is connected
 */
public record OpEnvironment(
        ObjectStore store,
        CollectionId collection,
        Clock clock,
        Supplier<OpLimits> limits,
        ObjectClasses classes,
        boolean supportsOmap,
        Watchers watchers) {}
