package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.Json;
import io.spirula.common.command.Outcome;
import io.spirula.common.command.Refusal;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.types.Errno;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.IntPredicate;

/** OSDs as commands name them: {@code 3}, {@code osd.3}, and for several {@code all}, {@code any} or {@code *}. Source: common/util.cc, parse_osd_id_list. */
final class OsdIds {
    private OsdIds() {}

    /** The argument {@code id}, of which 32 bits count, and which may be negative: then it is no OSD's. */
    static int of(CommandCall call) {
        return of(call, "id");
    }

    static int of(CommandCall call, String argument) {
        return (int) call.integer(argument, -1);
    }

    static boolean isAll(String text) {
        return text.equals("all") || text.equals("any") || text.equals("*");
    }

    /** Whether a text is an OSD's number, with or without its prefix. */
    static boolean isOne(String text) {
        return text.matches("(osd\\.)?\\d{1,9}");
    }

    static int parse(String text) {
        String number = text.startsWith("osd.") ? text.substring(4) : text;
        if (number.startsWith("-") && number.matches("-\\d{1,9}")) {
            throw new Refusal(Errno.EINVAL, "expected numerical value, got: " + text + "invalid osd id-22");
        }
        try {
            return Integer.parseInt(number);
        } catch (NumberFormatException e) {
            throw new Refusal(
                    Errno.EINVAL,
                    (number.matches("\\d+")
                                    ? "The option value '" + number + "' seems to be invalid"
                                    : "Expected option value to be integer, got '" + number + "'")
                            + "invalid osd id-1");
        }
    }

    /** Each OSD once, in the order in which they are named; all that exist for {@code all}. */
    static List<Integer> all(List<String> texts, OsdMap map) {
        return all(texts, map, osd -> true);
    }

    /** @param ofAll which of those that exist {@code all} means */
    static List<Integer> all(List<String> texts, OsdMap map, IntPredicate ofAll) {
        LinkedHashSet<Integer> ids = new LinkedHashSet<>();
        for (String text : texts) {
            if (isAll(text)) {
                ids.addAll(existing(map, ofAll));
                break;
            }
            ids.add(parse(text));
        }
        return List.copyOf(ids);
    }

    static List<Integer> existing(OsdMap map, IntPredicate wanted) {
        List<Integer> ids = new ArrayList<>();
        for (int osd = 0; osd < map.maxOsd(); osd++) {
            if (map.exists(osd) && wanted.test(osd)) {
                ids.add(osd);
            }
        }
        return ids;
    }

    /** A line each, or a list in JSON. */
    static Outcome listed(CommandCall call, List<Integer> osds) {
        if (!call.format().equals("plain")) {
            return Json.answer(call, osds);
        }
        StringBuilder out = new StringBuilder();
        osds.forEach(osd -> out.append(osd).append('\n'));
        return Outcome.output(out.toString());
    }
}
