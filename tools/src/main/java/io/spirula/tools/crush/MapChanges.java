package io.spirula.tools.crush;

import io.spirula.crush.CppFloat;
import io.spirula.crush.CrushEditException;
import io.spirula.crush.CrushEditException.Errno;
import io.spirula.crush.CrushEditor;
import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The changes to the hierarchy that crushtool's options ask for. */
final class MapChanges {
    private static final String ME = "crushtool";

    private final Options options;
    private final CrushEditor editor;
    private final PrintStream out;
    private final PrintStream err;

    MapChanges(Options options, CrushEditor editor, PrintStream out, PrintStream err) {
        this.options = options;
        this.editor = editor;
        this.out = out;
        this.err = err;
    }

    /** In stock's order: reweight, remove, add or update, add bucket, move. */
    void items() {
        if (!options.reweightItem.isEmpty()) {
            out.println(
                    ME + " reweighting item " + options.reweightItem + " to " + CppFloat.text(options.reweightWeight));
            editor.adjustItemWeight(existing(options.reweightItem), options.reweightWeight, true);
        }
        if (!options.remove.isEmpty()) {
            out.println(ME + " removing item " + options.remove);
            editor.removeItem(existing(options.remove), false);
        }
        if (options.item >= 0) {
            if (options.updateItem) {
                editor.updateItem(options.item, options.itemWeight, options.itemName, options.where);
            } else {
                editor.insertItem(options.item, options.itemWeight, options.itemName, options.where, true);
            }
        }
        if (options.addBucket) {
            addBucket();
        }
        if (options.move != null) {
            move(options.move);
        }
    }

    private int existing(String name) {
        Integer id = editor.itemId(name);
        if (id == null) {
            err.println(" name " + name + " dne");
            throw new CrushEditException(Errno.ENOENT, "name " + name + " dne");
        }
        return id;
    }

    private void addBucket() {
        String name = options.itemName;
        if (editor.itemId(name) != null) {
            fail("bucket '" + name + "' already exists", Errno.EEXIST);
        }
        int type = editor.typeId(options.bucketType);
        if (type <= 0) {
            fail("bad bucket type: " + options.bucketType, Errno.EINVAL);
        }
        int id = 0;
        try {
            id = editor.addBucket(0, Optional.empty(), type, new int[0], new int[0]);
        } catch (CrushEditException e) {
            fail("unable to add bucket: " + e.errno().text(), e.errno());
        }
        try {
            editor.setItemName(id, name);
        } catch (CrushEditException e) {
            fail("bad bucket name: " + name, e.errno());
        }
        if (!options.where.isEmpty() && !editor.isAt(id, options.where)) {
            try {
                editor.moveBucket(id, options.where);
            } catch (CrushEditException e) {
                fail("error moving bucket '" + name + "' to " + location(), e.errno());
            }
        }
    }

    private void move(String name) {
        Integer id = editor.itemId(name);
        if (id == null) {
            fail("item '" + name + "' does not exist", Errno.ENOENT);
            return;
        }
        if (options.where.isEmpty()) {
            fail("expecting additional --loc argument to --move", Errno.EINVAL);
        }
        if (editor.isAt(id, options.where)) {
            err.println(ME + " item '" + name + "' already at " + location());
            throw new Failure(1);
        }
        try {
            if (id >= 0) {
                editor.createOrMoveItem(id, 0, name, options.where, true);
            } else {
                editor.moveBucket(id, options.where);
            }
        } catch (CrushEditException e) {
            throw new Failure(-e.errno().number());
        }
    }

    private String location() {
        return options.where.entrySet().stream()
                .map((Map.Entry<String, String> e) -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }

    private void fail(String message, Errno errno) {
        err.println(ME + " " + message);
        throw new Failure(-errno.number());
    }
}
