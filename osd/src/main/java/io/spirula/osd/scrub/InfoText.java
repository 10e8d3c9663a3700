package io.spirula.osd.scrub;

import io.spirula.common.pg.ObjectInfo;

/** An object's info in one line, as Ceph logs it. Source: operator<< of object_info_t. */
final class InfoText {
    private static final String[] FLAGS = {
        "lost",
        "whiteout",
        "dirty",
        "omap",
        "data_digest",
        "omap_digest",
        "cache_pin",
        "manifest",
        "uses_tmap",
        "redirect_has_ref"
    };

    private InfoText() {}

    static String of(ObjectInfo info) {
        StringBuilder text = new StringBuilder();
        text.append(info.object())
                .append('(')
                .append(info.version())
                .append(' ')
                .append(info.lastReqId());
        String separator = " ";
        for (int i = 0; i < FLAGS.length; i++) {
            if (info.hasFlag(1 << i)) {
                text.append(separator).append(FLAGS[i]);
                separator = "|";
            }
        }
        text.append(" s ").append(info.size()).append(" uv ").append(info.userVersion());
        if (info.hasFlag(ObjectInfo.FLAG_DATA_DIGEST)) {
            text.append(" dd ").append(Integer.toHexString(info.dataDigest()));
        }
        if (info.hasFlag(ObjectInfo.FLAG_OMAP_DIGEST)) {
            text.append(" od ").append(Integer.toHexString(info.omapDigest()));
        }
        ObjectInfo.AllocHint hint = info.allocHint();
        return text.append(" alloc_hint [")
                .append(hint.expectedObjectSize())
                .append(' ')
                .append(hint.expectedWriteSize())
                .append(' ')
                .append(hint.flags())
                .append("])")
                .toString();
    }
}
