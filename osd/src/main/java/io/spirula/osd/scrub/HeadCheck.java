package io.spirula.osd.scrub;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.Codec;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.pg.InconsistentSnapSet;
import io.spirula.common.pg.ObjectInfo;
import io.spirula.common.pg.ScrubObject;
import io.spirula.common.pg.SnapSet;
import io.spirula.common.types.ObjectId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether the object that a group goes by fits its own info and has a snap set: of an object without a copy that is right, that is the primary's. Source: PrimaryLogScrub::scrub_snapshot_metadata, but for clones, which
 * there are none of.
 */
final class HeadCheck {
    private final List<String> lines = new ArrayList<>();
    private long errors;

    private HeadCheck() {}

    /** Adds what is wrong to the findings; {@code prefix} is the scrub's mode and its group. */
    static void run(ObjectId object, ScrubObject found, String prefix, Findings findings) {
        HeadCheck check = new HeadCheck();
        ObjectInfo info = check.decode(
                found,
                ObjectInfo.ATTRIBUTE,
                ObjectInfo.CODEC,
                InconsistentSnapSet.INFO_MISSING,
                InconsistentSnapSet.INFO_CORRUPTED);
        if ((check.errors & InconsistentSnapSet.INFO_CORRUPTED) != 0) {
            check.errors |= InconsistentSnapSet.INFO_MISSING;
        }
        if (info != null && info.size() != found.size()) {
            check.errors |= InconsistentSnapSet.SIZE_DIFFERS;
            check.lines.add("on disk size (" + found.size() + ") does not match object info size (" + info.size()
                    + ") adjusted for ondisk to (" + info.size() + ")");
        }
        SnapSet snapSet = check.decode(
                found,
                SnapSet.ATTRIBUTE,
                SnapSet.CODEC,
                InconsistentSnapSet.SNAPSET_MISSING,
                InconsistentSnapSet.SNAPSET_CORRUPTED);
        if (check.errors == 0) {
            return;
        }
        findings.shallow += check.lines.size();
        check.lines.forEach(line -> findings.headLines.add(prefix + " " + object + " : " + line));
        Bytes stored = snapSet == null ? Bytes.EMPTY : SnapSet.CODEC.toBytes(snapSet);
        findings.snapSets.add(new InconsistentSnapSet(check.errors, object, List.of(), List.of(), stored));
    }

    private <T> @Nullable T decode(ScrubObject found, Bytes name, Codec<T> codec, long missing, long corrupted) {
        Bytes encoded = found.attributes().get(name);
        if (encoded == null) {
            errors |= missing;
            lines.add("no '" + name.utf8() + "' attr");
            return null;
        }
        try {
            return codec.fromBytes(encoded);
        } catch (MalformedInput e) {
            errors |= corrupted;
            lines.add("can't decode '" + name.utf8() + "' attr " + e.getMessage());
            return null;
        }
    }
}
