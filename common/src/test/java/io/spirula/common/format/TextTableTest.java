package io.spirula.common.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.spirula.common.format.TextTable.Align;
import org.junit.jupiter.api.Test;

class TextTableTest {
    @Test
    void columnsAreAsWideAsTheirWidestCell() {
        TextTable table = new TextTable()
                .column("ID", Align.LEFT, Align.RIGHT)
                .column("NAME", Align.LEFT, Align.LEFT)
                .column("N", Align.CENTER, Align.CENTER);
        table.row(-1, "root default", 5).row(12, "x", 12345);
        assertThat(table.toString().replace(' ', '.')).isEqualTo("""
            ID..NAME............N..
            -1..root.default....5..
            12..x.............12345
            """);
    }
}
