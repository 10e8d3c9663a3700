package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Outcome;
import io.spirula.common.command.Refusal;
import io.spirula.common.types.Errno;
import io.spirula.crush.CrushContent;
import io.spirula.crush.CrushEditException;
import io.spirula.crush.CrushEditor;
import io.spirula.crush.CrushMap;
import java.util.Map;
import java.util.Optional;

/** The commands that make, name, move and exchange buckets of the CRUSH map. Source of their answers: mon/OSDMonitor.cc. */
final class CrushBucketCommands {
    private final CrushEdits crush;

    CrushBucketCommands(CrushEdits crush) {
        this.crush = crush;
    }

    void register(CommandTable table) {
        table.add(
                "osd crush add-bucket name=name,type=CephString,goodchars=[A-Za-z0-9-_.] name=type,type=CephString"
                        + " name=args,type=CephString,goodchars=[A-Za-z0-9-_.=],n=N,req=false",
                "add no-parent (probably root) crush bucket <name> of type <type> to location <args>",
                "osd",
                "rw",
                this::add);
        table.add(
                "osd crush rename-bucket name=srcname,type=CephString,goodchars=[A-Za-z0-9-_.]"
                        + " name=dstname,type=CephString,goodchars=[A-Za-z0-9-_.]",
                "rename bucket <srcname> to <dstname>",
                "osd",
                "rw",
                this::rename);
        table.add(
                "osd crush move name=name,type=CephString,goodchars=[A-Za-z0-9-_.]"
                        + " name=args,type=CephString,goodchars=[A-Za-z0-9-_.=],n=N",
                "move existing entry for <name> to location <args>",
                "osd",
                "rw",
                this::move);
        table.add(
                "osd crush swap-bucket name=source,type=CephString,goodchars=[A-Za-z0-9-_.]"
                        + " name=dest,type=CephString,goodchars=[A-Za-z0-9-_.]"
                        + " name=yes_i_really_mean_it,type=CephBool,req=false",
                "swap existing bucket contents from (orphan) bucket <source> and <target>",
                "osd",
                "rw",
                this::swap);
        table.add(
                "osd crush link name=name,type=CephString name=args,type=CephString,goodchars=[A-Za-z0-9-_.=],n=N",
                "link existing entry for <name> under location <args>",
                "osd",
                "rw",
                this::link);
        for (String word : new String[] {"rm", "remove", "unlink"}) {
            String what = word.equals("unlink") ? "unlink <name> from" : "remove <name> from";
            table.add(
                    "osd crush " + word + " name=name,type=CephString,goodchars=[A-Za-z0-9-_.]"
                            + " name=ancestor,type=CephString,goodchars=[A-Za-z0-9-_.],req=false",
                    what + " crush map (everywhere, or just at <ancestor>)",
                    "osd",
                    "rw",
                    word.equals("remove") ? io.spirula.common.command.CommandSpec.DEPRECATED : 0,
                    c -> remove(c, word.equals("unlink")));
        }
    }

    private Outcome add(CommandCall call) {
        String name = call.string("name");
        CrushMap map = crush.pending();
        Map<String, String> location = CrushEdits.location(call);
        if (map.itemId(name) != null) {
            return Outcome.text("bucket '" + name + "' already exists");
        }
        int type = map.typeId(call.string("type"));
        if (type <= 0) {
            return Outcome.refused(
                    Errno.EINVAL,
                    type < 0
                            ? "type '" + call.string("type") + "' does not exist"
                            : "type '" + call.string("type") + "' is for devices, not buckets");
        }
        crush.change(editor -> {
            int id = editor.addBucket(0, Optional.empty(), type, new int[0], new int[0]);
            named(editor, id, name);
            if (!location.isEmpty()) {
                editor.moveBucket(id, location);
            }
            return id;
        });
        return Outcome.committed("added bucket " + name + " type " + call.string("type")
                + (location.isEmpty() ? " to crush map" : " to location " + CrushEdits.shown(location)));
    }

    private static void named(CrushEditor editor, int id, String name) {
        try {
            editor.setItemName(id, name);
        } catch (CrushEditException e) {
            throw new Refusal(Errno.EINVAL, "error setting bucket name to '" + name + "'");
        }
    }

    private Outcome rename(CommandCall call) {
        String from = call.string("srcname");
        String to = call.string("dstname");
        try {
            crush.tryChange(editor -> {
                editor.renameBucket(from, to);
                return true;
            });
        } catch (CrushEditException e) {
            return e.errno() == CrushEditException.Errno.EALREADY
                    ? Outcome.text(String.valueOf(e.getMessage()))
                    : Outcome.refused(e.errno().number(), String.valueOf(e.getMessage()));
        }
        return Outcome.committed("renamed bucket " + from + " into " + to);
    }

    private static int item(CrushContent map, String name) {
        Integer id = map.itemId(name);
        if (id == null) {
            throw new Refusal(Errno.ENOENT, "item " + name + " does not exist");
        }
        return id;
    }

    /** Where an item goes, and how. */
    private interface Placing {
        void place(CrushEditor editor, int id, Map<String, String> location);
    }

    private Outcome move(CommandCall call) {
        return place(call, "moved ", (editor, id, location) -> {
            if (id >= 0) {
                editor.createOrMoveItem(id, 0, call.string("name"), location, true);
            } else {
                editor.moveBucket(id, location);
            }
        });
    }

    private Outcome place(CommandCall call, String done, Placing placing) {
        String name = call.string("name");
        CrushMap map = crush.pending();
        call.strings("args"); // refused here where it is no list: what it says comes later
        int id = item(map, name);
        Map<String, String> location = CrushEdits.location(call);
        String what =
                "item id " + id + " name '" + name + "' to location " + CrushEdits.shown(location) + " in crush map";
        if (new CrushEditor(map).isAt(id, location)) {
            return Outcome.text("no need to move " + what);
        }
        crush.apply(editor -> placing.place(editor, id, location));
        return Outcome.committed(done + what);
    }

    private Outcome swap(CommandCall call) {
        String source = call.string("source");
        String dest = call.string("dest");
        boolean sure = call.flag("yes_i_really_mean_it");
        CrushMap map = crush.pending();
        Integer from = map.itemId(source);
        Integer to = map.itemId(dest);
        if (from == null) {
            return Outcome.refused(Errno.ENOENT, "source item " + source + " does not exist");
        }
        if (to == null) {
            return Outcome.refused(Errno.ENOENT, "dest item " + dest + " does not exist");
        }
        if (map.parent(from) != null && !sure) {
            return Outcome.refused(
                    Errno.EPERM,
                    "source item " + source
                            + " is not an orphan bucket; pass --yes-i-really-mean-it to proceed anyway");
        }
        try {
            crush.tryChange(editor -> {
                editor.swapBuckets(from, to);
                return true;
            });
        } catch (CrushEditException e) {
            return Outcome.refused(
                    e.errno().number(),
                    "failed to swap bucket contents: " + e.errno().text());
        }
        return Outcome.committed("swapped bucket of " + source + " to " + dest);
    }

    private Outcome link(CommandCall call) {
        return place(call, "linked ", (editor, id, location) -> editor.linkBucket(id, location));
    }

    private Outcome remove(CommandCall call, boolean unlinkOnly) {
        String name = call.string("name");
        CrushMap map = crush.pending();
        Integer id = map.itemId(name);
        if (id == null) {
            return Outcome.text("device '" + name + "' does not appear in the crush map");
        }
        try {
            crush.tryChange(editor -> {
                if (call.has("ancestor")) {
                    Integer ancestor = map.itemId(call.string("ancestor"));
                    if (ancestor == null) {
                        throw new Refusal(
                                Errno.ENOENT,
                                "ancestor item '" + call.string("ancestor") + "' does not appear in the crush map");
                    }
                    editor.removeItemUnder(id, ancestor, unlinkOnly);
                } else {
                    editor.removeItem(id, unlinkOnly);
                }
                return true;
            });
        } catch (CrushEditException e) {
            if (e.errno() == CrushEditException.Errno.ENOENT) {
                return Outcome.text("item " + id + " does not appear in that position");
            }
            throw CrushEdits.refusal(e);
        }
        return Outcome.committed("removed item id " + id + " name '" + name + "' from crush map");
    }
}
