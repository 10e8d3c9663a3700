package io.spirula.osd.scrub;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.pg.InconsistentObject;
import io.spirula.common.pg.InconsistentObject.Shard;
import io.spirula.common.pg.ObjectInfo;
import io.spirula.common.pg.PgLogEntry;
import io.spirula.common.pg.PgShard;
import io.spirula.common.pg.ScrubObject;
import io.spirula.common.pg.SnapSet;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ObjectId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One object's copies, compared: what is wrong with each, how they differ, and which is right. */
final class CopyComparison {
    private static final class Copy {
        final PgShard shard;
        final @Nullable ScrubObject found;
        long errors;

        @Nullable
        ObjectInfo info;

        Copy(PgShard shard, @Nullable ScrubObject found) {
            this.shard = shard;
            this.found = found;
        }

        boolean has(long error) {
            return (errors & error) != 0;
        }
    }

    /** Ways in which one copy is wrong, as one line. */
    private static final class Complaint {
        private final StringBuilder text = new StringBuilder();

        void add(String what) {
            text.append(text.isEmpty() ? "" : ", ").append(what);
        }

        boolean isEmpty() {
            return text.isEmpty();
        }
    }

    private final ScrubComparison scrub;
    private final ObjectId object;
    private final Findings findings;
    private final List<Copy> copies = new ArrayList<>();
    private long differences;

    CopyComparison(
            ScrubComparison scrub,
            ObjectId object,
            SortedMap<PgShard, @Nullable ScrubObject> found,
            Findings findings) {
        this.scrub = scrub;
        this.object = object;
        this.findings = findings;
        found.forEach((shard, copy) -> copies.add(new Copy(shard, copy)));
    }

    void run(Instant now) {
        Copy chosen = choose();
        if (chosen == null) {
            copies.forEach(this::missingOr);
            count();
            line("soid " + object + " : failed to pick suitable object info");
        } else {
            boolean digestIsWrong = scrub.plan().repair() && allDisagreeWithTheInfoOnly(chosen);
            if (digestIsWrong) {
                line("soid " + object + " : repairing object info data_digest");
            }
            for (Copy copy : copies) {
                compare(chosen, copy, digestIsWrong);
            }
            count();
            if (differences == 0 && shardErrors() == 0) {
                noteDigests(chosen, digestIsWrong, now);
            }
        }
        boolean goes = false;
        if (differences != 0 || shardErrors() != 0) {
            findings.inconsistent.add(report(chosen));
            if (copies.stream().noneMatch(c -> c.found != null && c.errors == 0)) {
                checkPrimarys();
            }
            Findings.Repair repair = repair(chosen);
            if (repair != null) {
                findings.repairs.add(repair);
                goes = repair.isRemoval();
            } else if (chosen != null) {
                line("soid " + object + " : failed to pick suitable auth object");
            }
        }
        if (!goes) {
            countObject(chosen);
        }
    }

    /** The object is, for the group's statistics, what the right copy is, or else the primary's. */
    private void countObject(@Nullable Copy chosen) {
        for (Copy copy : copies) {
            boolean counts = chosen == null ? copy.shard.equals(scrub.self()) : copy == chosen;
            if (counts && copy.found != null) {
                findings.count(ObjectInfo.read(copy.found.attributes().get(ObjectInfo.ATTRIBUTE)));
            }
        }
    }

    /** None of the copies is right: the group goes by the primary's. */
    private void checkPrimarys() {
        for (Copy copy : copies) {
            if (copy.found != null && copy.shard.equals(scrub.self())) {
                HeadCheck.run(object, copy.found, scrub.plan().modeText() + " " + scrub.pg(), findings);
            }
        }
    }

    private void line(String text) {
        findings.lines.add(scrub.pg() + " " + text);
    }

    private static String hex(int digest) {
        return "0x" + Integer.toHexString(digest);
    }

    /** The copy that the others are compared with: sound in itself, of the newest version, with most digests, the primary's first. Null where there is none. Source: be_select_auth_object. */
    private @Nullable Copy choose() {
        List<Copy> primaryFirst = new ArrayList<>(copies);
        primaryFirst.sort((a, b) -> Boolean.compare(b.shard.equals(scrub.self()), a.shard.equals(scrub.self())));
        Copy best = null;
        for (Copy copy : primaryFirst) {
            if (copy.found == null) {
                continue;
            }
            Complaint complaint = new Complaint();
            examine(copy, copy.found, complaint);
            if (!complaint.isEmpty()) {
                line("shard " + copy.shard + " soid " + object + " : " + complaint.text);
            }
            if (copy.errors == 0 && (best == null || isNewer(copy, best))) {
                best = copy;
            }
        }
        return best;
    }

    private static boolean isNewer(Copy copy, Copy than) {
        int c = infoOf(copy).version().compareTo(infoOf(than).version());
        return c > 0 || c == 0 && digests(copy) > digests(than);
    }

    private static int digests(Copy copy) {
        ObjectInfo info = infoOf(copy);
        return (info.hasFlag(ObjectInfo.FLAG_DATA_DIGEST) ? 1 : 0)
                + (info.hasFlag(ObjectInfo.FLAG_OMAP_DIGEST) ? 1 : 0);
    }

    private static ObjectInfo infoOf(Copy copy) {
        return Objects.requireNonNull(copy.info);
    }

    /** What is wrong with a copy whatever the others are like. */
    private static void examine(Copy copy, ScrubObject found, Complaint complaint) {
        if (found.errors().read()) {
            copy.errors |= Shard.READ;
            complaint.add("candidate had a read error");
        }
        if (found.errors().stat()) {
            copy.errors |= Shard.STAT;
            complaint.add("candidate had a stat error");
            return;
        }
        Bytes snapSet = found.attributes().get(SnapSet.ATTRIBUTE);
        if (snapSet == null) {
            copy.errors |= Shard.SNAPSET_MISSING;
            complaint.add("candidate had a missing snapset key");
        } else if (!isSnapSet(snapSet)) {
            copy.errors |= Shard.SNAPSET_CORRUPTED;
            complaint.add("candidate had a corrupt snapset");
        }
        Bytes info = found.attributes().get(ObjectInfo.ATTRIBUTE);
        if (info == null) {
            copy.errors |= Shard.INFO_MISSING;
            complaint.add("candidate had a missing info key");
            return;
        }
        ObjectInfo decoded;
        try {
            decoded = ObjectInfo.CODEC.fromBytes(info);
        } catch (MalformedInput e) {
            copy.errors |= Shard.INFO_CORRUPTED;
            complaint.add("candidate had a corrupt info");
            return;
        }
        copy.info = decoded;
        if (found.size() != decoded.size()) {
            copy.errors |= Shard.SIZE_NOT_OWN_INFOS;
            complaint.add("candidate size " + found.size() + " info size " + decoded.size() + " mismatch");
        }
    }

    private static boolean isSnapSet(Bytes encoded) {
        try {
            SnapSet.CODEC.fromBytes(encoded);
            return true;
        } catch (MalformedInput e) {
            return false;
        }
    }

    /** Whether all copies have the same data, sound by the stores' own checksums, and it is the info's digest that is not its. */
    private boolean allDisagreeWithTheInfoOnly(Copy chosen) {
        ObjectInfo info = infoOf(chosen);
        ScrubObject first = Objects.requireNonNull(chosen.found);
        return copies.size() > 1
                && info.hasFlag(ObjectInfo.FLAG_DATA_DIGEST)
                && first.digest() != null
                && first.digest() != info.dataDigest()
                && copies.stream()
                        .allMatch(c -> c.errors == 0
                                && c.found != null
                                && first.digest().equals(c.found.digest())
                                && first.attributes().equals(c.found.attributes()));
    }

    private void missingOr(Copy copy) {
        if (copy.found == null) {
            copy.errors = Shard.MISSING;
        }
    }

    private void compare(Copy chosen, Copy copy, boolean digestIsWrong) {
        if (copy.found == null) {
            copy.errors = Shard.MISSING;
            line("shard " + copy.shard + " " + object + " : missing");
            return;
        }
        Complaint complaint = new Complaint();
        digests(chosen, copy, copy.found, digestIsWrong, complaint);
        if (!copy.has(Shard.STAT)) {
            metadata(chosen, copy, copy.found, complaint);
        }
        if (!complaint.isEmpty()) {
            String who = copy.errors != 0 ? "shard " + copy.shard + " " : "";
            line(who + "soid " + object + " : " + complaint.text);
        }
    }

    /** Source: be_compare_scrub_objects, as the next. */
    private void digests(Copy chosen, Copy copy, ScrubObject found, boolean digestIsWrong, Complaint complaint) {
        ScrubObject right = Objects.requireNonNull(chosen.found);
        ObjectInfo info = infoOf(chosen);
        Integer data = found.digest();
        Integer omap = found.omapDigest();
        if (right.digest() != null && data != null && !right.digest().equals(data)) {
            complaint.add("data_digest " + hex(data) + " != data_digest " + hex(right.digest()) + " from shard "
                    + chosen.shard);
            differences |= InconsistentObject.DATA_DIGEST_DIFFERS;
        }
        if (right.omapDigest() != null && omap != null && !right.omapDigest().equals(omap)) {
            complaint.add("omap_digest " + hex(omap) + " != omap_digest " + hex(right.omapDigest()) + " from shard "
                    + chosen.shard);
            differences |= InconsistentObject.OMAP_DIGEST_DIFFERS;
        }
        if (info.hasFlag(ObjectInfo.FLAG_DATA_DIGEST) && data != null && info.dataDigest() != data && !digestIsWrong) {
            complaint.add("data_digest " + hex(data) + " != data_digest " + hex(info.dataDigest()) + " from auth oi "
                    + InfoText.of(info));
            copy.errors |= Shard.DATA_DIGEST_NOT_INFOS;
        }
        if (info.hasFlag(ObjectInfo.FLAG_OMAP_DIGEST) && omap != null && info.omapDigest() != omap) {
            complaint.add("omap_digest " + hex(omap) + " != omap_digest " + hex(info.omapDigest()) + " from auth oi "
                    + InfoText.of(info));
            copy.errors |= Shard.OMAP_DIGEST_NOT_INFOS;
        }
    }

    private void metadata(Copy chosen, Copy copy, ScrubObject found, Complaint complaint) {
        ScrubObject right = Objects.requireNonNull(chosen.found);
        ObjectInfo info = infoOf(chosen);
        if (!copy.has(Shard.INFO_MISSING | Shard.INFO_CORRUPTED)
                && !Objects.equals(
                        right.attributes().get(ObjectInfo.ATTRIBUTE),
                        found.attributes().get(ObjectInfo.ATTRIBUTE))) {
            complaint.add("object info inconsistent ");
            differences |= InconsistentObject.INFO_DIFFERS;
        }
        if (!copy.has(Shard.SNAPSET_MISSING | Shard.SNAPSET_CORRUPTED)
                && !Objects.equals(
                        right.attributes().get(SnapSet.ATTRIBUTE),
                        found.attributes().get(SnapSet.ATTRIBUTE))) {
            complaint.add("snapset inconsistent ");
            differences |= InconsistentObject.SNAPSET_DIFFERS;
        }
        if (info.size() != found.size()) {
            complaint.add("size " + found.size() + " != size " + info.size() + " from auth oi " + InfoText.of(info));
            copy.errors |= Shard.SIZE_NOT_INFOS;
        }
        if (right.size() != found.size()) {
            complaint.add("size " + found.size() + " != size " + right.size() + " from shard " + chosen.shard);
            differences |= InconsistentObject.SIZE_DIFFERS;
        }
        if (found.size() > scrub.maxObjectSize() && (differences & InconsistentObject.SIZE_TOO_LARGE) == 0) {
            complaint.add("size " + found.size() + " > " + scrub.maxObjectSize() + " is too large");
            differences |= InconsistentObject.SIZE_TOO_LARGE;
        }
        attributes(right.attributes(), found.attributes(), complaint);
    }

    private void attributes(SortedMap<Bytes, Bytes> right, SortedMap<Bytes, Bytes> found, Complaint complaint) {
        right.forEach((name, value) -> {
            if (isClients(name)) {
                Bytes other = found.get(name);
                if (other == null) {
                    complaint.add("attr name mismatch '" + name + "'");
                    differences |= InconsistentObject.ATTRIBUTE_NAME_DIFFERS;
                } else if (!other.equals(value)) {
                    complaint.add("attr value mismatch '" + name + "'");
                    differences |= InconsistentObject.ATTRIBUTE_VALUE_DIFFERS;
                }
            }
        });
        found.keySet().forEach(name -> {
            if (isClients(name) && !right.containsKey(name)) {
                complaint.add("attr name mismatch '" + name + "'");
                differences |= InconsistentObject.ATTRIBUTE_NAME_DIFFERS;
            }
        });
    }

    private static boolean isClients(Bytes name) {
        return name.size() > 1 && name.get(0) == '_';
    }

    private long shardErrors() {
        long all = 0;
        for (Copy copy : copies) {
            all |= copy.errors;
        }
        return all;
    }

    /** One error for each copy that has any, and one for copies that differ. */
    private void count() {
        for (Copy copy : copies) {
            count(copy.errors, Shard.DEEP);
        }
        count(differences, InconsistentObject.DEEP);
    }

    private void count(long errors, long deep) {
        if ((errors & deep) != 0) {
            findings.deep++;
        } else if (errors != 0) {
            findings.shallow++;
        }
    }

    private InconsistentObject report(@Nullable Copy chosen) {
        SortedMap<PgShard, Shard> shards = new TreeMap<>();
        for (Copy copy : copies) {
            shards.put(copy.shard, new Shard(copy.errors, copy.shard.equals(scrub.self()), copy.found, copy == chosen));
        }
        long version = chosen == null ? 0 : infoOf(chosen).userVersion();
        return new InconsistentObject(differences, object, version, shards, shardErrors());
    }

    /** Source of when: be_compare_scrubmaps. */
    private void noteDigests(Copy chosen, boolean digestIsWrong, Instant now) {
        ObjectInfo info = infoOf(chosen);
        ScrubObject found = Objects.requireNonNull(chosen.found);
        boolean lacksData = found.digest() != null && !info.hasFlag(ObjectInfo.FLAG_DATA_DIGEST);
        boolean lacksOmap = found.omapDigest() != null && !info.hasFlag(ObjectInfo.FLAG_OMAP_DIGEST);
        boolean settled = Duration.between(info.localMtime(), now).compareTo(scrub.digestAge()) > 0;
        if (digestIsWrong || (lacksData || lacksOmap) && settled) {
            findings.digests.add(new Findings.Digests(object, found.digest(), found.omapDigest()));
        }
    }

    /**
     * Which copies are right, by evidence: sound by its store's checksums and its own info, with the data that the newest info's digests and size tell, of the version that the group's log has. Only where several
     * contents pass all that, most copies decide, and then the primary's. Null where nothing speaks for any copy.
     *
     * <p>An object that the log says is deleted, or that no copy has an info of and somebody has not, is a leftover: it goes.
     */
    private Findings.@Nullable Repair repair(@Nullable Copy chosen) {
        PgLogEntry latest = scrub.latest().apply(object);
        boolean someLackIt = copies.stream().anyMatch(c -> c.found == null);
        boolean deleted = latest != null && latest.isDelete();
        boolean nobodysInfo = copies.stream().allMatch(c -> c.found == null || c.has(Shard.INFO_MISSING));
        if (someLackIt && (deleted || latest == null && nobodysInfo)) {
            TreeSet<PgShard> having = new TreeSet<>();
            copies.stream().filter(c -> c.found != null).forEach(c -> having.add(c.shard));
            return new Findings.Repair(object, EVersion.ZERO, new TreeSet<>(), having, new TreeSet<>());
        }
        if (chosen == null) {
            return null;
        }
        EVersion version = infoOf(chosen).version();
        if (latest != null && latest.version().compareTo(version) > 0) {
            return null; // all copies are older than what was written last
        }
        Map<Content, TreeSet<PgShard>> contents = new TreeMap<>();
        for (Copy copy : copies) {
            if (copy.found != null && copy.errors == 0 && infoOf(copy).version().equals(version)) {
                contents.computeIfAbsent(Content.of(copy.found), c -> new TreeSet<>())
                        .add(copy.shard);
            }
        }
        TreeSet<PgShard> good = null;
        for (TreeSet<PgShard> alike : contents.values()) {
            if (good == null
                    || alike.size() > good.size()
                    || alike.size() == good.size() && alike.contains(scrub.self())) {
                good = alike;
            }
        }
        if (good == null) {
            return null;
        }
        TreeSet<PgShard> bad = new TreeSet<>();
        TreeSet<PgShard> absent = new TreeSet<>();
        for (Copy copy : copies) {
            if (copy.found == null) {
                absent.add(copy.shard);
            } else if (!good.contains(copy.shard)) {
                bad.add(copy.shard);
            }
        }
        return new Findings.Repair(object, version, good, bad, absent);
    }

    /** All that tells one copy's content from another's. */
    private record Content(int digest, int omapDigest, long size, Bytes attributes) implements Comparable<Content> {
        static Content of(ScrubObject found) {
            Integer digest = found.digest();
            Integer omap = found.omapDigest();
            ScrubObject only = new ScrubObject(
                    0, false, found.attributes(), null, null, ScrubObject.Errors.NONE, ScrubObject.Omap.NONE);
            return new Content(
                    digest == null ? 0 : digest,
                    omap == null ? 0 : omap,
                    found.size(),
                    ScrubObject.CODEC.toBytes(only));
        }

        @Override
        public int compareTo(Content other) {
            int c = Integer.compare(digest, other.digest);
            c = c != 0 ? c : Integer.compare(omapDigest, other.omapDigest);
            c = c != 0 ? c : Long.compare(size, other.size);
            return c != 0 ? c : attributes.compareTo(other.attributes);
        }
    }
}
