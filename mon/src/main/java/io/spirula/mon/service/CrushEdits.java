package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.command.Refusal;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.types.Errno;
import io.spirula.crush.ChooseArgs;
import io.spirula.crush.CrushEditException;
import io.spirula.crush.CrushEditor;
import io.spirula.crush.CrushMap;
import io.spirula.crush.MalformedCrushMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/** The CRUSH map as commands read and change it. */
final class CrushEdits {
    private final OsdmapService osdmap;

    CrushEdits(OsdmapService osdmap) {
        this.osdmap = osdmap;
    }

    CrushMap committed() {
        return decoded(osdmap.map());
    }

    /** As it will be once what is pending is committed: what a change starts from. */
    CrushMap pending() {
        return decoded(osdmap.pendingMap());
    }

    static CrushMap decoded(OsdMap map) {
        return CrushMap.decode(map.crush().toArray());
    }

    /** Changes the pending map. What the editor refuses, the sender gets as a bare errno, as in Ceph; where Ceph says more, the caller catches it. */
    <T> T change(Function<CrushEditor, T> change) {
        try {
            return tryChange(change);
        } catch (CrushEditException e) {
            throw refusal(e);
        }
    }

    /** A change that may find nothing to change: then nothing is pending. */
    boolean changeIf(Predicate<CrushEditor> change) {
        CrushEditor editor = new CrushEditor(pending());
        try {
            if (!change.test(editor)) {
                return false;
            }
        } catch (CrushEditException e) {
            throw refusal(e);
        }
        put(editor.build());
        return true;
    }

    void apply(Consumer<CrushEditor> change) {
        change(editor -> {
            change.accept(editor);
            return true;
        });
    }

    /** Throws CrushEditException; then nothing is pending. */
    <T> T tryChange(Function<CrushEditor, T> change) {
        CrushEditor editor = new CrushEditor(pending());
        T result = change.apply(editor);
        put(editor.build());
        return result;
    }

    void put(CrushMap map) {
        Bytes encoded = Bytes.wrap(map.encode());
        try {
            CrushMap.decode(encoded.toArray());
        } catch (MalformedCrushMap e) {
            // An empty name is written as nobody reads it: its length of 0 announces another.
            throw new Refusal(Errno.EINVAL, "this makes no CRUSH map: nothing there has an empty name");
        }
        osdmap.change(inc -> inc.crush(encoded));
    }

    static Refusal refusal(CrushEditException e) {
        return new Refusal(e.errno().number(), e.errno().text());
    }

    /** The name of a weight set: of its pool, or {@code (compat)}. */
    String weightSetName(long pool) {
        return pool == ChooseArgs.DEFAULT
                ? "(compat)"
                : String.valueOf(osdmap.map().poolName(pool));
    }

    /** {@code host=a root=default} as a map from type to name. */
    static Map<String, String> location(CommandCall call) {
        Map<String, String> location = new TreeMap<>();
        for (String word : call.strings("args")) {
            int equals = word.indexOf('=');
            if (equals <= 0 || equals == word.length() - 1) {
                throw new Refusal(Errno.EINVAL, "(22) Invalid argument");
            }
            location.put(word.substring(0, equals), word.substring(equals + 1));
        }
        return location;
    }

    static String shown(Map<String, String> location) {
        StringBuilder out = new StringBuilder("{");
        location.forEach((type, name) ->
                out.append(out.length() > 1 ? "," : "").append(type).append('=').append(name));
        return out.append('}').toString();
    }

    /** A number as C++ streams print it. */
    static String number(double value) {
        return Json.number(value, 6);
    }

    /** A list of names, a line each or as JSON. */
    static Outcome names(CommandCall call, List<String> names) {
        if (!call.format().equals("plain")) {
            return Json.answer(call, names);
        }
        StringBuilder out = new StringBuilder();
        names.forEach(n -> out.append(n).append('\n'));
        return Outcome.output(out.toString());
    }
}
