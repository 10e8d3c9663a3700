package io.spirula.osd.scrub;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.pg.InconsistentObject;
import io.spirula.common.pg.InconsistentSnapSet;
import io.spirula.common.pg.ObjectInfo;
import io.spirula.common.pg.PgShard;
import io.spirula.common.pg.ReqId;
import io.spirula.common.pg.ScrubMap;
import io.spirula.common.pg.ScrubObject;
import io.spirula.common.pg.SnapSet;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.ObjectId;
import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Damages of copies on osd.0 (the primary), osd.1 and osd.2: what is reported, and which copies are taken for right. */
class ScrubComparisonTest {
    private static final ShardPgId PG = ShardPgId.replica(new PgId(1, 0));
    private static final ObjectId OBJECT = ObjectId.head(1, Bytes.EMPTY, Bytes.EMPTY, Bytes.of("o"), 0);
    private static final int RIGHT = 0x1234;
    private static final int WRONG = 0x9999;

    /**
     * A copy by a word: {@code ok}; {@code absent}; {@code data} differs from what the info's digest says; {@code omap} likewise; {@code read} and {@code stat} errors; {@code size} is not the info's; {@code old}, whole and of an
     * earlier version; {@code noinfo}, {@code badinfo}, {@code nosnap}; {@code attr} has another attribute; {@code plain} has no digests in its info, {@code plain2} has those neither and other data.
     */
    private static ScrubObject copy(String word) {
        int flags = word.startsWith("plain")
                ? ObjectInfo.FLAG_DIRTY
                : ObjectInfo.FLAG_DIRTY | ObjectInfo.FLAG_DATA_DIGEST | ObjectInfo.FLAG_OMAP_DIGEST;
        boolean old = word.equals("old");
        TreeMap<Bytes, Bytes> attributes = new TreeMap<>();
        attributes.put(Bytes.of("_"), ObjectInfo.CODEC.toBytes(info(old ? 3 : 7, old ? WRONG : RIGHT, flags)));
        attributes.put(Bytes.of("snapset"), SnapSet.CODEC.toBytes(SnapSet.EMPTY));
        switch (word) {
            case "noinfo" -> attributes.remove(Bytes.of("_"));
            case "badinfo" -> attributes.put(Bytes.of("_"), Bytes.of("?"));
            case "nosnap" -> attributes.remove(Bytes.of("snapset"));
            case "attr" -> attributes.put(Bytes.of("_color"), Bytes.of("red"));
            default -> {}
        }
        boolean unread = word.equals("read");
        return new ScrubObject(
                word.equals("size") ? 9 : 10,
                false,
                attributes,
                unread ? null : word.equals("data") || word.equals("plain2") || old ? WRONG : RIGHT,
                unread ? null : word.equals("omap") ? WRONG : RIGHT,
                new ScrubObject.Errors(unread, word.equals("stat"), false, false),
                ScrubObject.Omap.NONE);
    }

    private static ObjectInfo info(int version, int digest, int flags) {
        return new ObjectInfo(
                OBJECT,
                new EVersion(1, version),
                EVersion.ZERO,
                ReqId.NONE,
                version,
                10,
                Instant.EPOCH,
                Instant.EPOCH,
                flags,
                0,
                0,
                Map.of(),
                digest,
                RIGHT,
                ObjectInfo.AllocHint.NONE,
                Bytes.EMPTY);
    }

    private static Findings compare(String words, boolean repair) {
        TreeMap<PgShard, ScrubMap> maps = new TreeMap<>();
        String[] copies = words.split(" ");
        for (int osd = 0; osd < copies.length; osd++) {
            TreeMap<ObjectId, ScrubObject> objects = new TreeMap<>();
            if (!copies[osd].equals("absent")) {
                objects.put(OBJECT, copy(copies[osd]));
            }
            maps.put(PgShard.replica(osd), new ScrubMap(objects, EVersion.ZERO, EVersion.ZERO));
        }
        ScrubComparison comparison = new ScrubComparison(
                PG, PgShard.replica(0), ScrubPlan.requested(true, repair), 1 << 20, Duration.ofHours(2), o -> null);
        return comparison.compare(maps, Instant.EPOCH);
    }

    @ParameterizedTest
    @CsvSource({
        // copies,             shallow, deep, object's errors, shards' errors, good copies
        "'ok ok ok',           0, 0, 0,   0,      ''",
        "'ok ok data',         0, 2, 16,  512,    '0,1'",
        "'data ok ok',         0, 2, 16,  512,    '1,2'",
        "'data data ok',       0, 3, 16,  512,    '2'",
        "'ok omap ok',         0, 2, 32,  1024,   '0,2'",
        "'read ok ok',         0, 1, 0,   8,      '1,2'",
        "'ok read read',       0, 2, 0,   8,      '0'",
        "'read data ok',       0, 3, 16,  520,    '2'",
        "'stat ok ok',         1, 0, 0,   4,      '1,2'",
        "'absent ok ok',       1, 0, 0,   2,      '1,2'",
        "'ok absent absent',   2, 0, 0,   2,      '0'",
        "'size ok ok',         2, 0, 64,  264192, '1,2'",
        "'ok old old',         0, 3, 18,  512,    '0'",
        "'old ok ok',          0, 2, 18,  512,    '1,2'",
        "'noinfo ok ok',       1, 0, 0,   16384,  '1,2'",
        "'badinfo ok ok',      1, 0, 0,   32768,  '1,2'",
        "'ok nosnap ok',       1, 0, 0,   65536,  '0,2'",
        "'ok attr ok',         1, 0, 256, 0,      '0,2'",
        "'attr ok ok',         1, 0, 256, 0,      '1,2'",
        "'plain plain plain2', 0, 1, 16,  0,      '0,1'",
        "'plain2 plain plain', 0, 1, 16,  0,      '1,2'",
        "'plain plain2',       0, 1, 16,  0,      '0'",
    })
    void everyDamageIsReportedAsByCephAndTheCopyThatEvidenceSpeaksForIsRight(
            String copies, int shallow, int deep, long errors, long shardErrors, String good) {
        Findings findings = compare(copies, false);
        if (shallow + deep == 0) {
            assertThat(findings.inconsistent()).isEmpty();
            assertThat(findings.repairs()).isEmpty();
            return;
        }
        InconsistentObject found = findings.inconsistent().getFirst();
        assertThat(List.of(found.errors(), found.shardErrors())).isEqualTo(List.of(errors, shardErrors));
        assertThat(List.of(findings.shallow(), findings.deep())).isEqualTo(List.of(shallow, deep));
        List<String> right = new ArrayList<>();
        findings.repairs().getFirst().good().forEach(shard -> right.add(shard.toString()));
        assertThat(String.join(",", right)).isEqualTo(good);
        assertThat(InconsistentObject.CODEC.toBytes(
                        InconsistentObject.CODEC.fromBytes(InconsistentObject.CODEC.toBytes(found))))
                .isEqualTo(InconsistentObject.CODEC.toBytes(found));
    }

    @ParameterizedTest
    @CsvSource({"read read read", "badinfo badinfo badinfo", "stat read badinfo", "data data data"})
    void whereNothingSpeaksForAnyCopyNoneIsTaken(String copies) {
        Findings findings = compare(copies, false);
        assertThat(findings.repairs()).isEmpty();
        assertThat(findings.inconsistent()).hasSize(1);
        assertThat(findings.lines()).anyMatch(line -> line.contains("failed to pick suitable"));
    }

    @ParameterizedTest
    @CsvSource({
        "'size size size',          64,  1, 'on disk size (9) does not match object info size (10) adjusted for ondisk to (10)'",
        "'size data size',          64,  1, 'on disk size (9) does not match object info size (10) adjusted for ondisk to (10)'",
        "'noinfo noinfo noinfo',    128, 1, 'no ''_'' attr'",
        "'noinfo absent absent',    128, 1, 'no ''_'' attr'",
        "'badinfo badinfo badinfo', 384, 1, 'can''t decode ''_'' attr '",
        "'nosnap data read',        1,   1, 'no ''snapset'' attr'",
    })
    void ofAnObjectWithoutAnyGoodCopyThePrimarysIsHeldAgainstItsOwnInfo(
            String copies, long errors, int count, String line) {
        Findings findings = compare(copies, false);
        assertThat(findings.snapSets()).hasSize(count);
        InconsistentSnapSet found = findings.snapSets().getFirst();
        assertThat(found.errors()).isEqualTo(errors);
        assertThat(found.snapSet().isEmpty()).isEqualTo(copies.startsWith("nosnap"));
        assertThat(findings.lines().getLast()).startsWith("deep-scrub 1.0 1:00000000:::o:head : " + line);
        assertThat(InconsistentSnapSet.CODEC.toBytes(
                        InconsistentSnapSet.CODEC.fromBytes(InconsistentSnapSet.CODEC.toBytes(found))))
                .isEqualTo(InconsistentSnapSet.CODEC.toBytes(found));
    }

    @Test
    void whereACopyIsGoodNothingIsSaidOfThePrimarys() {
        assertThat(compare("size noinfo ok", false).snapSets()).isEmpty();
        assertThat(compare("data read data", false).snapSets()).isEmpty(); // its size is its info's
    }

    @Test
    void whereAllCopiesAgreeARepairCorrectsTheInfosDigest() {
        Findings findings = compare("data data data", true);
        assertThat(findings.inconsistent()).isEmpty();
        assertThat(findings.digests()).containsExactly(new Findings.Digests(OBJECT, WRONG, RIGHT));
    }

    @Test
    void anObjectWithoutInfoThatSomebodyLacksIsALeftover() {
        Findings findings = compare("absent noinfo absent", true);
        Findings.Repair repair = findings.repairs().getFirst();
        assertThat(repair.isRemoval()).isTrue();
        assertThat(repair.bad()).isEqualTo(new TreeSet<>(List.of(PgShard.replica(1))));
    }

    @Test
    void theLinesForTheLogAreCephs() {
        assertThat(compare("ok read absent", false).lines())
                .containsExactly(
                        "1.0 shard 1 soid 1:00000000:::o:head : candidate had a read error",
                        "1.0 shard 2 1:00000000:::o:head : missing");
        assertThat(compare("ok ok data", false).lines())
                .containsExactly("1.0 shard 2 soid 1:00000000:::o:head : data_digest 0x9999 != data_digest 0x1234"
                        + " from shard 0, data_digest 0x9999 != data_digest 0x1234 from auth oi"
                        + " 1:00000000:::o:head(1'7 unknown.0.0:0 dirty|data_digest|omap_digest s 10 uv 7"
                        + " dd 1234 od 1234 alloc_hint [0 0 0])");
    }
}
