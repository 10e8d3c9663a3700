package io.spirula.common.maps;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PgLineageTest {
    @Test
    void anObjectsNewGroupIsItsOldOneOrAChildOfIt() {
        Random random = new Random(1);
        for (int before = 1; before < 40; before++) {
            for (int after = before; after < 80; after++) {
                for (int i = 0; i < 20; i++) {
                    int hash = random.nextInt();
                    int was = ObjectHash.stableMod(hash, before, PgPool.mask(before));
                    int is = ObjectHash.stableMod(hash, after, PgPool.mask(after));
                    List<Integer> family = new ArrayList<>(PgLineage.children(was, before, after));
                    family.add(was);
                    assertThat(family).contains(is);
                    assertThat(PgLineage.parent(is, before)).isEqualTo(was);
                    int mask = (int) ((1L << PgLineage.bits(is, after)) - 1);
                    assertThat(hash & mask).isEqualTo(is & mask);
                }
            }
        }
    }

    @Test
    void everyNewGroupIsTheChildOfExactlyOne() {
        for (int before = 1; before < 40; before++) {
            for (int after = before; after < 80; after++) {
                List<Integer> born = new ArrayList<>();
                for (int seed = 0; seed < before; seed++) {
                    List<Integer> children = PgLineage.children(seed, before, after);
                    born.addAll(children);
                    assertThat(PgLineage.splits(seed, before, after)).isEqualTo(!children.isEmpty());
                    assertThat(PgLineage.isMergeTarget(seed, /* before= */ after, /* after= */ before))
                            .isEqualTo(!children.isEmpty());
                    for (int child : children) {
                        assertThat(PgLineage.isMergeSource(child, /* before= */ after, /* after= */ before))
                                .isTrue();
                    }
                }
                assertThat(born).hasSize(after - before).doesNotHaveDuplicates();
            }
        }
    }

    @Test
    void theBitsOfAGroupHoldItsObjectsAndNoOthers() {
        Random random = new Random(2);
        for (int count = 1; count < 70; count++) {
            for (int seed = 0; seed < count; seed++) {
                int mask = (int) ((1L << PgLineage.bits(seed, count)) - 1);
                for (int i = 0; i < 20; i++) {
                    int hash = random.nextInt() & ~mask | seed & mask;
                    assertThat(ObjectHash.stableMod(hash, count, PgPool.mask(count)))
                            .isEqualTo(seed);
                }
            }
        }
    }
}
