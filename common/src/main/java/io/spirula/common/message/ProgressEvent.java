package io.spirula.common.message;

import io.spirula.common.encoding.Codec;

/** Something long that the cluster is at, from 0 to 1. Ceph: ProgressEvent. */
public record ProgressEvent(String text, float progress, boolean addToStatus) {
    public static final Codec<ProgressEvent> CODEC = Codec.of(
            (e, out) -> out.struct(2, 1, o -> o.string(e.text).f32(e.progress).bool(e.addToStatus)),
            in -> in.struct(2, (b, v) -> new ProgressEvent(b.string(), b.f32(), v >= 2 && b.bool())));
}
