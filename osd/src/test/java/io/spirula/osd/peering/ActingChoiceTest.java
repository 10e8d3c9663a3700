package io.spirula.osd.peering;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.pg.PgHistory;
import io.spirula.common.pg.PgInfo;
import io.spirula.common.pg.PgShard;
import io.spirula.common.types.EVersion;
import io.spirula.common.types.PgId;
import io.spirula.common.types.ShardPgId;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ActingChoiceTest {
    private static final PgShard SELF = PgShard.replica(0);

    /** A whole copy whose log has the entries behind {@code tail} up to {@code head}. */
    private static PgInfo copy(long tail, long head) {
        PgInfo empty = PgInfo.empty(ShardPgId.replica(new PgId(1, 3)));
        return empty.toBuilder()
                .history(PgHistory.EMPTY.toBuilder().epochCreated(1).build())
                .logTail(new EVersion(5, tail))
                .lastUpdate(new EVersion(5, head))
                .lastComplete(new EVersion(5, head))
                .started(5, 5)
                .build();
    }

    private static final ActingCosts COSTS = new ActingCosts(30, 20);

    private static ActingChoice choose(PgInfo... copies) {
        TreeMap<PgShard, PgInfo> infos = new TreeMap<>();
        for (int osd = 0; osd < copies.length; osd++) {
            infos.put(PgShard.replica(osd), copies[osd]);
        }
        ActingChoice choice = ActingChoice.of(SELF, SimulatedMap.first(copies.length, copies.length, 2), infos, COSTS);
        assertThat(choice).isNotNull();
        return java.util.Objects.requireNonNull(choice);
    }

    @Test
    void whoIsBehindEveryLogIsBackfilled() {
        ActingChoice choice = choose(copy(10, 18), copy(10, 20), copy(1, 6));
        assertThat(choice.authority()).isEqualTo(PgShard.replica(1));
        assertThat(choice.want()).isEqualTo(List.of(0, 1));
        assertThat(choice.backfill()).containsExactly(PgShard.replica(2));
    }

    /** Seed 131217 of the simulator: as a target that is whole it was backfilled for ever. */
    @Test
    void whoIsBehindTheAuthoritysLogAndNotBehindThePrimarysTakesPart() {
        ActingChoice choice = choose(copy(2, 18), copy(10, 20), copy(1, 6));
        assertThat(choice.authority()).isEqualTo(PgShard.replica(1));
        assertThat(choice.want()).isEqualTo(List.of(0, 1, 2));
        assertThat(choice.backfill()).isEmpty();
    }

    @Test
    void whoMissesMuchIsRecoveredWithoutActing() {
        ActingChoice choice = choose(copy(2, 50), copy(2, 50), copy(2, 29));
        assertThat(choice.want()).isEqualTo(List.of(0, 1));
        assertThat(choice.asyncRecovery()).containsExactly(PgShard.replica(2));
        assertThat(choice.participants()).hasSize(3);
        assertThat(choose(copy(2, 50), copy(2, 50), copy(2, 30)).want()).isEqualTo(List.of(0, 1, 2));
    }

    @Test
    void whatItsMissingSetHasCountsLikeWhatItsLogLacks() {
        ActingChoice choice = choose(copy(2, 50), copy(2, 50), PgInfos.withMissing(copy(2, 45), 16));
        assertThat(choice.asyncRecovery()).containsExactly(PgShard.replica(2));
        assertThat(choose(copy(2, 50), copy(2, 50), PgInfos.withMissing(copy(2, 45), 15))
                        .asyncRecovery())
                .isEmpty();
    }

    @Test
    void asManyActAsMustAndWhoMissesLeastIsOneOfThem() {
        ActingChoice choice = choose(copy(2, 100), copy(2, 70), copy(2, 60));
        assertThat(choice.want()).isEqualTo(List.of(0, 1));
        assertThat(choice.asyncRecovery()).containsExactly(PgShard.replica(2));
    }

    @Test
    void whoMissesMuchIsNotThePrimaryAlthoughItIsTheFirst() {
        ActingChoice choice = choose(copy(2, 19), copy(2, 50), copy(2, 50));
        assertThat(choice.authority()).isEqualTo(PgShard.replica(1));
        assertThat(choice.want()).isEqualTo(List.of(1, 2));
        assertThat(choice.asyncRecovery()).containsExactly(SELF);
        assertThat(choose(copy(2, 31), copy(2, 50), copy(2, 50)).want()).isEqualTo(List.of(0, 1, 2));
    }
}
