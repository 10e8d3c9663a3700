package io.spirula.tools.crush;

import io.spirula.crush.CrushCompileException;
import io.spirula.crush.CrushCompiler;
import io.spirula.crush.CrushContent;
import io.spirula.crush.CrushDecompiler;
import io.spirula.crush.CrushDump;
import io.spirula.crush.CrushEditException;
import io.spirula.crush.CrushEditException.Errno;
import io.spirula.crush.CrushEditor;
import io.spirula.crush.CrushMap;
import io.spirula.crush.MalformedCrushMap;
import io.spirula.crush.Rule;
import io.spirula.crush.Tunables;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.TreeMap;

/** The {@code crushtool} command: build, compile, change, show and test a CRUSH map. Ceph: src/tools/crushtool.cc. */
public final class CrushTool {
    private static final String ME = "crushtool";

    private final Options options;
    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;
    private CrushMap map = CrushMap.empty();
    private boolean modified;

    private CrushTool(Options options, InputStream in, PrintStream out, PrintStream err) {
        this.options = options;
        this.in = in;
        this.out = out;
        this.err = err;
    }

    public static void main(String[] args) {
        PrintStream out =
                new PrintStream(new FileOutputStream(java.io.FileDescriptor.out), false, StandardCharsets.ISO_8859_1);
        int exitCode = run(args, System.in, out, System.err);
        out.flush();
        System.exit(exitCode);
    }

    /** Runs one command; the exit code is stock's. */
    public static int run(String[] args, InputStream in, PrintStream out, PrintStream err) {
        if (args.length == 0) {
            err.println(ME + ": -h or --help for usage");
            return 1;
        }
        try {
            Arguments arguments = new Arguments(args, err);
            if (arguments.needsUsage()) {
                out.print(resource("usage.txt"));
                return 0;
            }
            if (java.util.Arrays.asList(args).contains("--help-output")) {
                out.print(resource("help-output.txt"));
                return 0;
            }
            return new CrushTool(Options.parse(arguments, out), in, out, err).run();
        } catch (Failure failure) {
            return failure.exitCode() & 0xff;
        } catch (IOException e) {
            err.println(ME + ": " + e.getMessage());
            return 1;
        }
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = CrushTool.class.getResourceAsStream(name)) {
            return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private int run() throws IOException {
        validate();
        input();
        edit();
        display();
        if (modified) {
            output();
        }
        return 0;
    }

    private void validate() {
        if (options.test && !options.check && !options.display && !options.csv && options.compare.isEmpty()) {
            err.println("WARNING: no output selected; use --output-csv or --show-X");
        }
        int sources = (options.decompile ? 1 : 0) + (options.compile ? 1 : 0) + (options.build ? 1 : 0);
        if (sources > 1) {
            fail("cannot specify more than one of compile, decompile, and build");
        }
        if (!options.hasAction()) {
            fail("no action specified; -h for help");
        }
        if (!options.build && !options.layers.isEmpty()) {
            fail("unrecognized arguments: [" + String.join(",", options.layers) + "]");
        }
        if (options.layers.size() % 3 != 0) {
            err.println("remaining args: [" + String.join(",", options.layers) + "]");
            fail("layers must be specified with 3-tuples of (name, buckettype, size)");
        }
    }

    private void fail(String message) {
        err.println(message);
        throw new Failure(1);
    }

    // ---- input

    private void input() throws IOException {
        if (!options.input.isEmpty()) {
            byte[] bytes = options.input.equals("-") ? in.readAllBytes() : read(options.input);
            map = decoded(bytes, options.input);
        }
        if (options.compile) {
            compile();
        }
        if (options.build) {
            map = new MapBuilder(options, err).build();
            modified = true;
        }
    }

    private byte[] read(String file) throws IOException {
        Path path = Path.of(file);
        if (!Files.exists(path)) {
            fail(ME + ": error reading '" + file + "': can't open " + file + ": (2) No such file or directory");
        }
        if (!Files.isReadable(path)) {
            fail(ME + ": error reading '" + file + "': can't open " + file + ": (13) Permission denied");
        }
        return Files.readAllBytes(path);
    }

    private CrushMap decoded(byte[] bytes, String file) {
        try {
            return CrushMap.decode(bytes);
        } catch (MalformedCrushMap e) {
            err.println(ME + ": unable to decode " + file);
            throw new Failure(1);
        }
    }

    private void compile() throws IOException {
        Path path = Path.of(options.source);
        if (!Files.isReadable(path)) {
            err.println("input file " + options.source + " not found");
            throw new Failure(-Errno.ENOENT.number());
        }
        try {
            String text = Files.readString(path, StandardCharsets.ISO_8859_1);
            map = CrushCompiler.compile(text, options.source);
            modified = true;
        } catch (CrushCompileException e) {
            if (!e.getMessage().isEmpty()) {
                err.println(e.getMessage());
            }
            throw new Failure(1);
        }
    }

    // ---- changes

    private void edit() {
        CrushEditor editor = new CrushEditor(map);
        tunables(editor);
        try {
            new MapChanges(options, editor, out, err).items();
            rules(editor);
            if (options.reweight) {
                editor.reweight();
                modified = true;
            }
            if (options.rebuildClassRoots) {
                try {
                    editor.rebuildShadowTrees();
                } catch (CrushEditException e) {
                    fail("failed to rebuidl roots with classes"); // stock's spelling
                }
                modified = true;
            }
            options.subtreeClasses.forEach((bucket, name) -> {
                if (editor.itemId(bucket) != null) { // stock does not mind one that is not there
                    editor.setSubtreeClass(bucket, name);
                }
                modified = true;
            });
            if (options.reclassify) {
                fail("--reclassify is not supported yet");
            }
        } catch (CrushEditException e) {
            err.println(ME + " " + e.errno().text());
            throw new Failure(-e.errno().number());
        }
        modified |= options.changesItems();
        if (modified) {
            map = editor.build();
        }
    }

    private void tunables(CrushEditor editor) {
        options.tunables.forEach((name, value) -> {
            if (value < 0) {
                return;
            }
            Tunables t = editor.tunables();
            editor.setTunables(
                    switch (name) {
                        case "choose-local-tries" -> t.withChooseLocalTries(value);
                        case "choose-local-fallback-tries" -> t.withChooseLocalFallbackTries(value);
                        case "choose-total-tries" -> t.withChooseTotalTries(value);
                        case "chooseleaf-descend-once" -> t.withChooseleafDescendOnce(value);
                        case "chooseleaf-vary-r" -> t.withChooseleafVaryR(value);
                        case "chooseleaf-stable" -> t.withChooseleafStable(value);
                        case "straw-calc-version" -> t.withStrawCalcVersion(value);
                        default -> t.withAllowedBucketAlgs(value);
                    });
            modified = true;
        });
    }

    private void rules(CrushEditor editor) {
        if (options.addRule) {
            if (editor.ruleId(options.ruleName) >= 0) {
                fail("rule " + options.ruleName + " already exists");
            }
            try {
                editor.addSimpleRule(
                        options.ruleName,
                        options.ruleRoot,
                        options.ruleType,
                        options.ruleClass,
                        options.ruleMode,
                        Rule.REPLICATED);
            } catch (CrushEditException e) {
                fail(String.valueOf(e.getMessage()));
            }
            modified = true;
        }
        if (options.removeRule) {
            int number = editor.ruleId(options.ruleName);
            if (number < 0) {
                err.println("rule " + options.ruleName + " does not exist");
                throw new Failure(0);
            }
            editor.removeRule(number);
            modified = true;
        }
    }

    // ---- display

    private void display() throws IOException {
        if (options.location >= 0) {
            TreeMap<String, String> location = new TreeMap<>();
            for (CrushContent.Location step : map.fullLocation(options.location)) {
                location.putIfAbsent(step.type(), step.name());
            }
            location.forEach((type, name) -> out.println(type + "\t" + name));
        }
        if (options.tree) {
            out.print(TreeTable.of(map));
        }
        if (options.bucketTree) {
            bucketTree();
        }
        if (options.dump) {
            JsonSink json = new JsonSink(!options.format.equals("json"));
            json.openObject("crush_map");
            new CrushDump(map, json).all();
            json.close();
            out.print(json.text() + "\n");
        }
        if (options.decompile) {
            decompile();
        }
        if (options.check) {
            check();
        }
        if (options.test) {
            if (options.testing.utilization || options.testing.utilizationAll) {
                options.testing.statistics = true;
            }
            new CrushTester(map, options.testing, out, err).test();
        }
        if (!options.compare.isEmpty()) {
            CrushMap other = decoded(read(options.compare), options.compare);
            if (!new CrushTester(map, options.testing, out, err).compare(other)) {
                throw new Failure(1);
            }
        }
    }

    private void bucketTree() {
        if (options.bucketName.isEmpty()) {
            err.println(": error bucket_name is empty");
            return;
        }
        Integer id = map.itemId(options.bucketName);
        if (id != null) {
            map.leaves(id).stream().sorted().distinct().forEach(device -> out.println("osd." + device));
        }
    }

    private void decompile() {
        String text = CrushDecompiler.decompile(map);
        if (options.output.isEmpty()) {
            out.print(text);
        } else {
            try {
                Files.writeString(Path.of(options.output), text, StandardCharsets.ISO_8859_1);
            } catch (IOException e) {
                fail(ME + ": error writing '" + options.output + "'");
            }
        }
    }

    private void check() {
        MapCheck check = new MapCheck(map);
        out.print(check.overlappingRules());
        if (options.maxId >= 0) {
            String complaint = check.names(options.maxId);
            if (!complaint.isEmpty()) {
                out.println(complaint);
                throw new Failure(1);
            }
        }
    }

    private void output() {
        if (options.output.isEmpty()) {
            out.println(ME + " successfully built or modified map.  Use '-o <file>' to write it out.");
            return;
        }
        try {
            Files.write(Path.of(options.output), map.encode());
        } catch (IOException e) {
            String reason = e instanceof NoSuchFileException ? Errno.ENOENT.text() : "(13) Permission denied";
            err.println("bufferlist::write_file(" + options.output + "): failed to open file: " + reason);
            fail(ME + ": error writing '" + options.output + "': " + reason);
        }
        if (options.verbose > 0) {
            out.println("wrote crush map to " + options.output);
        }
    }
}
