package io.spirula.crush;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One statement of a map's text form. Numbers are kept as their digits: Ceph converts (and wraps) them later. */
sealed interface Statement {
    record Tunable(String name, String value) implements Statement {}

    record Device(String id, String name, @Nullable String deviceClass) implements Statement {}

    record Type(String id, String name) implements Statement {}

    record BucketDefinition(
            String type, String name, List<BucketId> ids, String algorithm, List<String> hashes, List<BucketItem> items)
            implements Statement {}

    record BucketId(String id, @Nullable String deviceClass) {}

    record BucketItem(
            String name, @Nullable String weight, @Nullable String position) {}

    /** @param name empty if it has none */
    record RuleDefinition(String name, String id, String type, String minSize, String maxSize, List<Step> steps)
            implements Statement {}

    sealed interface Step {
        record Take(String item, @Nullable String deviceClass) implements Step {}

        record Set(String what, String value) implements Step {}

        record Choose(boolean leaf, boolean firstn, String count, String type) implements Step {}

        record Emit() implements Step {}
    }

    record ChooseArgsDefinition(String pool, List<ChooseArgDefinition> args) implements Statement {}

    record ChooseArgDefinition(
            String bucketId,
            @Nullable List<List<String>> weightSet,
            @Nullable List<String> ids) {}
}
