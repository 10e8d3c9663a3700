package io.spirula.mon.service;

import io.spirula.common.command.CommandCall;
import io.spirula.common.command.CommandTable;
import io.spirula.common.command.Outcome;
import io.spirula.common.command.Refusal;
import io.spirula.common.maps.CephRelease;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.PgPool;
import io.spirula.common.maps.UpActing;
import io.spirula.common.maps.UpmapItem;
import io.spirula.common.types.Errno;
import io.spirula.common.types.PgId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The commands that place groups by hand, or have them peer or be made again. Source of their answers: mon/OSDMonitor.cc. */
final class PgPlacementCommands {
    private static final String PG = " name=pgid,type=CephPgid";

    private final OsdmapService osdmap;

    PgPlacementCommands(OsdmapService osdmap) {
        this.osdmap = osdmap;
    }

    void register(CommandTable table) {
        table.add(
                "osd pg-temp" + PG + " name=id,type=CephOsdName,n=N,req=false",
                "set pg_temp mapping pgid:[<id> [<id>...]] (developers only)",
                "osd",
                "rw",
                this::pgTemp);
        table.add(
                "osd primary-temp" + PG + " name=id,type=CephOsdName",
                "set primary_temp mapping pgid:<id>|-1 (developers only)",
                "osd",
                "rw",
                this::primaryTemp);
        table.add(
                "osd pg-upmap" + PG + " name=id,type=CephOsdName,n=N",
                "set pg_upmap mapping <pgid>:[<id> [<id>...]] (developers only)",
                "osd",
                "rw",
                this::upmap);
        table.add("osd rm-pg-upmap" + PG, "clear pg_upmap mapping for <pgid> (developers only)", "osd", "rw", c -> {
            PgId pg = pg(c);
            osdmap.change(inc -> inc.removePgUpmap(pg));
            return Outcome.committed("clear " + pg + " pg_upmap mapping");
        });
        table.add(
                "osd pg-upmap-items" + PG + " name=id,type=CephOsdName,n=N",
                "set pg_upmap_items mapping <pgid>:{<id> to <id>, [...]} (developers only)",
                "osd",
                "rw",
                this::upmapItems);
        table.add(
                "osd rm-pg-upmap-items" + PG,
                "clear pg_upmap_items mapping for <pgid> (developers only)",
                "osd",
                "rw",
                c -> {
                    PgId pg = pg(c);
                    osdmap.change(inc -> inc.removePgUpmapItems(pg));
                    return Outcome.committed("clear " + pg + " pg_upmap_items mapping");
                });
        table.add(
                "osd force-create-pg" + PG + " name=yes_i_really_mean_it,type=CephBool,req=false",
                "force creation of pg <pgid>",
                "osd",
                "rw",
                this::forceCreate);
        table.add("pg repeer" + PG, "force a PG to repeer", "osd", "rw", this::repeer);
    }

    private PgId pg(CommandCall call) {
        PgId pg = PgId.parse(call.string("pgid"));
        if (!exists(osdmap.pendingMap(), pg)) {
            throw new Refusal(Errno.ENOENT, "pg " + pg + " does not exist");
        }
        return pg;
    }

    static boolean exists(OsdMap map, PgId pg) {
        PgPool pool = map.pool(pg.pool());
        return pool != null && Integer.compareUnsigned(pg.seed(), pool.pgNum()) < 0;
    }

    private List<Integer> osds(CommandCall call) {
        List<Integer> osds = new ArrayList<>();
        if (call.has("id") && call.strings("id").isEmpty()) {
            throw new Refusal(Errno.EINVAL, "bad or missing field 'id'");
        }
        for (String text : call.strings("id")) {
            int osd = text.equals("-1") ? -1 : OsdIds.parse(text);
            if (osd >= 0 && !osdmap.pendingMap().exists(osd)) {
                throw new Refusal(Errno.ENOENT, "osd." + osd + " does not exist");
            }
            osds.add(osd);
        }
        return osds;
    }

    private Outcome pgTemp(CommandCall call) {
        PgId pg = pg(call);
        List<Integer> acting = osds(call);
        osdmap.change(inc -> inc.putPgTemp(pg, acting));
        if (acting.isEmpty()) {
            return Outcome.committed("done cleaning up pg_temp of " + pg);
        }
        return Outcome.committed("set " + pg + " pg_temp mapping to " + OsdQueries.list(acting));
    }

    private Outcome primaryTemp(CommandCall call) {
        long wanted = call.integer("id", -1);
        int osd = (int) wanted;
        PgId pg = pg(call);
        if (wanted >= 0 && (osd != wanted || !osdmap.pendingMap().exists(osd))) {
            return Outcome.refused(Errno.ENOENT, "osd." + wanted + " does not exist");
        }
        osdmap.change(inc -> inc.putPrimaryTemp(pg, osd));
        return Outcome.committed("set " + pg + " primary_temp mapping to " + osd);
    }

    private void requireUpmapClients(String what) {
        CephRelease least = osdmap.pendingMap().requireMinCompatClient();
        if (!least.atLeast(CephRelease.LUMINOUS)) {
            throw new Refusal(
                    Errno.EPERM,
                    "min_compat_client " + least + " < luminous, which is required for " + what
                            + ". Try 'ceph osd set-require-min-compat-client luminous' before using the new interface");
        }
    }

    private Outcome upmap(CommandCall call) {
        requireUpmapClients("pg-upmap");
        PgId pg = pg(call);
        PgPool pool = Objects.requireNonNull(osdmap.pendingMap().pool(pg.pool()));
        int size = pool.size();
        List<Integer> wanted = call.strings("id").stream().map(OsdIds::parse).toList();
        if (wanted.size() > size) {
            return Outcome.refused(Errno.EINVAL, "num of osds (" + wanted.size() + ") > pool size (" + size + ")");
        }
        List<Integer> target = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (int osd : wanted) {
            if (!osdmap.pendingMap().exists(osd)) {
                return Outcome.refused(Errno.ENOENT, "osd." + osd + " does not exist");
            }
            if (target.contains(osd)) {
                text.append("osd.").append(osd).append(" already exists, ");
            } else {
                target.add(osd);
            }
        }
        if (target.size() < pool.minSize()) {
            return Outcome.refused(
                    Errno.EINVAL,
                    text + "num of osds (" + target.size() + ") < pool min size (" + pool.minSize() + ")");
        }
        osdmap.change(inc -> inc.putPgUpmap(pg, target));
        return Outcome.committed(text + "set " + pg + " pg_upmap mapping to " + OsdQueries.list(target));
    }

    private Outcome upmapItems(CommandCall call) {
        requireUpmapClients("pg-upmap");
        PgId pg = pg(call);
        List<Integer> ids = call.strings("id").stream().map(OsdIds::parse).toList();
        int size = Objects.requireNonNull(osdmap.pendingMap().pool(pg.pool())).size();
        if (ids.size() % 2 != 0) {
            return Outcome.refused(Errno.EINVAL, "you must specify pairs of osd ids to be remapped");
        }
        if (ids.size() / 2 > size) {
            return Outcome.refused(
                    Errno.EINVAL, "num of osd pairs (" + ids.size() / 2 + ") > pool size (" + size + ")");
        }
        List<UpmapItem> items = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < ids.size(); i += 2) {
            UpmapItem item = new UpmapItem(ids.get(i), ids.get(i + 1));
            String problem = problem(items, item);
            if (problem.isEmpty()) {
                items.add(item);
            } else if (problem.endsWith("does not exist")) {
                return Outcome.refused(Errno.ENOENT, problem);
            } else {
                text.append(problem).append(", ");
            }
        }
        if (items.isEmpty()) {
            return Outcome.refused(Errno.EINVAL, text + "no valid upmap items(pairs) is specified");
        }
        osdmap.change(inc -> inc.putPgUpmapItems(pg, items));
        StringBuilder shown = new StringBuilder();
        items.forEach(i -> shown.append(shown.isEmpty() ? "" : ",")
                .append(i.from())
                .append("->")
                .append(i.to()));
        return Outcome.committed(text + "set " + pg + " pg_upmap_items mapping to [" + shown + "]");
    }

    private String problem(List<UpmapItem> before, UpmapItem item) {
        OsdMap map = osdmap.pendingMap();
        if (item.from() == item.to()) {
            return "from osd." + item.from() + " == to osd." + item.to();
        }
        for (int osd : new int[] {item.from(), item.to()}) {
            if (!map.exists(osd)) {
                return "osd." + osd + " does not exist";
            }
        }
        return before.contains(item) ? "osd." + item.from() + " -> osd." + item.to() + " already exists" : "";
    }

    private Outcome forceCreate(CommandCall call) {
        PgId pg = PgId.parse(call.string("pgid"));
        if (!exists(osdmap.pendingMap(), pg)) {
            return Outcome.refused(Errno.ENOENT, "pg " + pg + " should not exist");
        }
        if (!call.flag("yes_i_really_mean_it")) {
            return Outcome.refused(
                    Errno.EPERM,
                    "This command will recreate a lost (as in data lost) PG with data in it, such that the cluster will"
                            + " give up ever trying to recover the lost data.  Do this only if you are certain that all"
                            + " copies of the PG are in fact lost and you are willing to accept that the data is"
                            + " permanently destroyed.  Pass --yes-i-really-mean-it to proceed.");
        }
        return osdmap.createAgain(pg)
                ? Outcome.committed("pg " + pg + " now creating, ok")
                : Outcome.text("pg " + pg + " already creating");
    }

    /** Has the group's members peer once more, by a primary or an acting set that differs for a moment. */
    private Outcome repeer(CommandCall call) {
        PgId pg = PgId.parse(call.string("pgid"));
        OsdMap map = osdmap.pendingMap();
        if (!exists(map, pg)) {
            return Outcome.refused(Errno.ENOENT, "pg '" + pg + "' does not exist");
        }
        UpActing where = map.pgToUpActing(pg);
        if (where.acting().isEmpty() || where.acting().equals(map.pgTemp().get(pg))) {
            return Outcome.refused(Errno.EAGAIN, "pg '" + pg + "' is remapped already");
        }
        List<Integer> fewer = where.acting().stream()
                .filter(osd -> osd == where.actingPrimary())
                .toList();
        osdmap.change(inc -> inc.putPgTemp(pg, fewer));
        return Outcome.committed("");
    }
}
