package io.spirula.crush;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Changes to random maps, compared with what stock crushtool wrote after the same change. A case is a map, the exit code,
 * the SHA-256 of the changed map and crushtool's options.
 */
class CrushEditorGoldenTest {
    static List<String> cases() {
        return Corpus.lines("/edits/cases.txt.gz");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aChangeIsCarriedOutAsStockDoes(String line) {
        List<String> words = Arrays.asList(line.split("\t"));
        CrushEditor editor = new CrushEditor(CrushMap.decode(Corpus.resource("/edits/" + words.get(0) + ".bin.gz")));
        boolean refused = false;
        try {
            refused = !change(editor, words.get(3), words.subList(4, words.size()));
        } catch (CrushEditException e) {
            refused = true;
        }
        boolean stockRefused = words.get(2).equals("-");
        assertThat(refused).isEqualTo(stockRefused);
        if (!refused) {
            assertThat(sha256(editor.build().encode())).isEqualTo(words.get(2));
        }
    }

    private static boolean change(CrushEditor editor, String option, List<String> args) {
        Map<String, String> location = location(args);
        switch (option) {
            case "--add-item" -> editor.insertItem(number(args), weight(args.get(1)), args.get(2), location, true);
            case "--update-item" -> editor.updateItem(number(args), weight(args.get(1)), args.get(2), location);
            case "--remove-item" -> editor.removeItem(id(editor, args.get(0)), false);
            case "--reweight-item" -> editor.adjustItemWeight(id(editor, args.get(0)), weight(args.get(1)), true);
            case "--add-bucket" -> {
                int id = editor.addBucket(0, Optional.empty(), editor.typeId(args.get(1)), new int[0], new int[0]);
                editor.setItemName(id, args.get(0));
                if (!location.isEmpty()) {
                    editor.moveBucket(id, location);
                }
            }
            case "--move" -> {
                int id = id(editor, args.get(0));
                if (location.isEmpty() || editor.isAt(id, location)) {
                    return false;
                }
                if (id < 0) {
                    editor.moveBucket(id, location);
                } else {
                    editor.createOrMoveItem(id, 0, args.get(0), location, true);
                }
            }
            case "--create-simple-rule" ->
                editor.addSimpleRule(args.get(0), args.get(1), args.get(2), args.get(5), args.get(3), Rule.REPLICATED);
            case "--remove-rule" -> editor.removeRule(editor.ruleId(args.get(0)));
            case "--reweight" -> editor.reweight();
            default -> editor.rebuildShadowTrees();
        }
        return true;
    }

    private static Map<String, String> location(List<String> args) {
        Map<String, String> location = new HashMap<>();
        for (int i = 0; i < args.size(); i++) {
            if (args.get(i).equals("--loc")) {
                location.put(args.get(i + 1), args.get(i + 2));
            }
        }
        return location;
    }

    private static int number(List<String> args) {
        return Integer.parseInt(args.get(0));
    }

    private static float weight(String text) {
        return Float.parseFloat(text);
    }

    private static int id(CrushEditor editor, String name) {
        Integer id = editor.itemId(name);
        if (id == null) {
            throw new CrushEditException(CrushEditException.Errno.ENOENT, name + " does not exist");
        }
        return Objects.requireNonNull(id);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
