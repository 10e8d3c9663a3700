package io.spirula.tools.osdmaptool;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.format.JsonFormatter;
import io.spirula.common.maps.Osd;
import io.spirula.common.maps.OsdMap;
import io.spirula.common.maps.OsdMapHealth;
import io.spirula.common.maps.OsdMapIncremental;
import io.spirula.common.maps.OsdState;
import io.spirula.common.maps.OsdTree;
import io.spirula.common.maps.PgPool;
import io.spirula.common.maps.SimpleOsdMap;
import io.spirula.common.types.PgId;
import io.spirula.common.types.Uuid;
import io.spirula.crush.CrushEditor;
import io.spirula.crush.CrushMap;
import io.spirula.crush.MalformedCrushMap;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The {@code osdmaptool} command. Source of its behaviour: tools/osdmaptool.cc. */
public final class OsdMapTool {
    private static final String ME = "osdmaptool: ";
    private static final int FAILURE = 1;
    /** Stock returns -1 for a map it cannot read. */
    private static final int UNREADABLE = 255;

    /** An end before the end, with an exit code. */
    private static final class Exit extends Exception {
        private static final long serialVersionUID = 1L;
        final int code;

        Exit(int code) {
            this.code = code;
        }
    }

    private final Options options;
    private final PrintStream out;
    private final PrintStream err;
    private OsdMap map = OsdMap.empty(Uuid.ZERO);
    private boolean modified;

    private OsdMapTool(Options options, PrintStream out, PrintStream err) {
        this.options = options;
        this.out = out;
        this.err = err;
    }

    public static void main(String[] args) {
        PrintStream out = new PrintStream(
                new java.io.FileOutputStream(java.io.FileDescriptor.out), false, StandardCharsets.UTF_8);
        int code = run(args, System.in, out, System.err);
        out.flush();
        System.exit(code);
    }

    /** Returns the exit code. */
    public static int run(String[] args, InputStream in, PrintStream out, PrintStream err) {
        if (args.length == 0) {
            err.println(ME + "-h or --help for usage");
            return FAILURE;
        }
        try {
            Options options = Options.parse(args);
            new OsdMapTool(options, out, err).run();
            return 0;
        } catch (Options.Refused e) {
            err.println(e.getMessage());
            return FAILURE;
        } catch (Exit e) {
            return e.code;
        }
    }

    private void run() throws Exit {
        if (options.help) {
            out.print(Usage.TEXT);
            out.print(Usage.OURS);
            throw new Exit(FAILURE);
        }
        if (!options.unsupported.isEmpty()) {
            throw fail(options.unsupported + " is not supported", FAILURE);
        }
        if (options.files.size() != 1) {
            err.println(ME + (options.files.isEmpty() ? "must specify osdmap filename" : "too many arguments"));
            throw usage();
        }
        String file = options.files.get(0);
        err.println(ME + "osdmap file '" + file + "'");
        if (options.creates()) {
            create(file);
        } else {
            read(file);
        }
        mark();
        if (!options.applyIncremental.isEmpty()) {
            applyIncremental();
        }
        if (!options.importCrush.isEmpty()) {
            importCrush();
        }
        if (!options.exportCrush.isEmpty()) {
            exportCrush();
        }
        test();
        if (!options.hasAction()) {
            err.println(ME + "no action specified?");
            throw usage();
        }
        if (modified) {
            map = map.toBuilder().epoch(map.epoch() + 1).build();
        }
        show();
        if (modified) {
            out.println(ME + "writing epoch " + Integer.toUnsignedString(map.epoch()) + " to " + file);
            write(file, map.encoded(), ME + "error writing to '" + file + "': ");
        }
    }

    private Exit usage() {
        out.print(Usage.TEXT);
        return new Exit(FAILURE);
    }

    private Exit fail(String message, int code) {
        err.println(ME + message);
        return new Exit(code);
    }

    private void create(String file) throws Exit {
        if (!options.clobber && Files.exists(Path.of(file))) {
            throw fail(file + " exists, --clobber to overwrite", UNREADABLE);
        }
        if (options.createSimple && options.numOsds < 1) {
            throw fail("osd count must be > 0", FAILURE);
        }
        if (options.createFromConf) {
            throw fail("--create-from-conf is not supported", FAILURE);
        }
        Instant now = Instant.now();
        map = SimpleOsdMap.of(Uuid.ZERO, now, options.numOsds);
        if (options.withDefaultPool) {
            map = SimpleOsdMap.withPool(map, options.pgBits, Math.min(options.pgBits, options.pgpBits));
        }
        modified = true;
    }

    private void read(String file) throws Exit {
        Bytes bytes;
        try {
            bytes = MapFiles.read(file);
        } catch (IOException e) {
            throw fail("couldn't open " + file + ": " + e.getMessage(), UNREADABLE);
        }
        try {
            map = OsdMap.CODEC.fromBytes(bytes);
        } catch (MalformedInput e) {
            throw fail("error decoding osdmap '" + file + "'", UNREADABLE);
        }
    }

    private void write(String file, Bytes bytes, String complaint) throws Exit {
        try {
            MapFiles.write(file, bytes);
        } catch (IOException e) {
            err.println(complaint + e.getMessage());
            throw new Exit(FAILURE);
        }
    }

    // ---- changes to the map in memory

    private void mark() {
        List<Osd> osds = new ArrayList<>(map.osds());
        if (options.markUpIn) {
            out.println("marking all OSDs up and in");
            CrushEditor crush = new CrushEditor(map.crushMap());
            for (int i = 0; i < osds.size(); i++) {
                osds.set(i, in(up(osds.get(i))));
                Integer weight = crush.itemWeight(i);
                if (weight != null && weight == 0) {
                    crush.adjustItemWeight(i, 1, true);
                }
            }
            map = map.toBuilder().crush(crush.build()).build();
        }
        if (exists(options.markOut)) {
            out.println("marking OSD@" + options.markOut + " as out");
            osds.set(options.markOut, up(osds.get(options.markOut)).withWeight(Osd.OUT));
        }
        if (exists(options.markUp)) {
            out.println("marking OSD@" + options.markUp + " as up");
            osds.set(options.markUp, up(osds.get(options.markUp)));
        }
        if (options.markIn && exists(options.markUp)) { // stock takes the number of --mark-up
            out.println("marking OSD@" + options.markUp + " as up");
            osds.set(options.markUp, in(osds.get(options.markUp)));
        }
        OsdMap.Builder changed = map.toBuilder().osds(osds);
        if (options.clearTemp) {
            out.println("clearing pg/primary temp");
            changed.pgTemp(new TreeMap<>()).primaryTemp(new TreeMap<>());
        }
        if (options.pgNum > 0) {
            TreeMap<Long, PgPool> pools = new TreeMap<>(map.pools());
            pools.replaceAll((id, pool) -> options.pool == -1 || options.pool == id
                    ? pool.toBuilder().pgNum(options.pgNum).build()
                    : pool);
            changed.pools(pools);
        }
        map = changed.build();
    }

    private boolean exists(int osd) {
        return osd >= 0 && osd < map.maxOsd();
    }

    private static Osd up(Osd osd) {
        return osd.withState(osd.state() | OsdState.UP);
    }

    private static Osd in(Osd osd) {
        return osd.withWeight(Osd.IN).withState(osd.state() | OsdState.EXISTS);
    }

    // ---- files

    private void applyIncremental() throws Exit {
        if (options.output.isEmpty()) {
            throw fail("--apply-incremental needs -o OUT for the map that results", FAILURE);
        }
        OsdMapIncremental inc;
        try {
            inc = OsdMapIncremental.CODEC.fromBytes(MapFiles.read(options.applyIncremental));
        } catch (IOException e) {
            throw fail("error reading incremental from " + options.applyIncremental + ": " + e.getMessage(), FAILURE);
        } catch (MalformedInput e) {
            throw fail("error decoding incremental '" + options.applyIncremental + "': " + e.getMessage(), FAILURE);
        }
        try {
            map = map.apply(inc);
        } catch (IllegalArgumentException | MalformedInput e) {
            throw fail("error applying incremental '" + options.applyIncremental + "': " + e.getMessage(), FAILURE);
        }
        if (inc.fullCrc() != 0 && map.crc() != inc.fullCrc()) {
            throw fail("the resulting map is not the one that the incremental was made for", FAILURE);
        }
        out.println(ME + "writing epoch " + Integer.toUnsignedString(map.epoch()) + " to " + options.output);
        write(options.output, map.encoded(), ME + "error writing to '" + options.output + "': ");
    }

    private void importCrush() throws Exit {
        Bytes bytes;
        CrushMap crush;
        try {
            bytes = MapFiles.read(options.importCrush);
            crush = CrushMap.decode(bytes.toArray());
        } catch (IOException e) {
            throw fail("error reading crush map from " + options.importCrush + ": " + e.getMessage(), FAILURE);
        } catch (MalformedCrushMap e) {
            throw fail("error decoding crush map '" + options.importCrush + "': " + e.getMessage(), FAILURE);
        }
        if (crush.maxDevices() > map.maxOsd()) {
            throw fail("crushmap max_devices " + crush.maxDevices() + " > osdmap max_osd " + map.maxOsd(), FAILURE);
        }
        map = map.apply(OsdMapIncremental.after(map).crush(bytes).build());
        out.println(ME + "imported " + bytes.size() + " byte crush map from " + options.importCrush);
        modified = true;
    }

    private void exportCrush() throws Exit {
        write(options.exportCrush, map.crush(), ME + "error writing crush map to ");
        out.println(ME + "exported crush map to " + options.exportCrush);
    }

    // ---- questions

    private void test() throws Exit {
        if (!options.testMapObject.isEmpty()) {
            testObject();
        }
        if (!options.testMapPg.isEmpty()) {
            testPg();
        }
        if (options.testsPgs()) {
            if (options.pool != -1) {
                existingPool(options.pool);
            }
            new PlacementReport(map, options, out).print();
        }
    }

    private void existingPool(int pool) throws Exit {
        if (map.pool(pool) == null) {
            err.println("There is no pool " + pool);
            throw new Exit(FAILURE);
        }
    }

    private void testObject() throws Exit {
        int pool = options.pool;
        if (pool == -1) {
            out.println(ME + "assuming pool 1 (use --pool to override)");
            pool = 1;
        }
        existingPool(pool);
        PgId pg = map.objectToPg(pool, Bytes.EMPTY, Bytes.EMPTY, Bytes.of(options.testMapObject));
        out.println(" object '" + options.testMapObject + "' -> " + pg + " -> "
                + PlacementReport.list(map.pgToUpActing(pg).acting()));
    }

    private void testPg() throws Exit {
        PgId pg;
        try {
            pg = PgId.parse(options.testMapPg);
        } catch (IllegalArgumentException e) {
            err.println(ME + "failed to parse pg '" + options.testMapPg);
            throw usage();
        }
        out.println(" parsed '" + options.testMapPg + "' -> " + pg);
        out.println(PlacementReport.line(map, pg));
    }

    private void show() {
        if (options.health) {
            JsonFormatter f = JsonFormatter.pretty();
            f.object("checks", () -> OsdMapHealth.dump(OsdMapHealth.of(map).values(), f));
            out.print(f);
        }
        if (options.print) {
            if (options.dumpFormat.isEmpty() || options.dumpFormat.equals("plain")) {
                out.print(map.print());
            } else {
                JsonFormatter f = formatter(options.dumpFormat);
                f.object("osdmap", () -> map.dump(f));
                out.print(f);
            }
        }
        if (options.tree) {
            OsdTree tree = OsdTree.of(map);
            if (options.treeFormat.isEmpty() || options.treeFormat.equals("plain")) {
                out.print(tree.print());
            } else {
                JsonFormatter f = formatter(options.treeFormat);
                f.object("tree", () -> tree.dump(f));
                out.println(f);
            }
        }
    }

    /** JSON also for formats that there are none of. */
    private static JsonFormatter formatter(String name) {
        return name.equals("json-pretty") ? JsonFormatter.pretty() : JsonFormatter.compact();
    }
}
