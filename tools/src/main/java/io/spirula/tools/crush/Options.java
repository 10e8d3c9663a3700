package io.spirula.tools.crush;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the command line asks crushtool for. */
final class Options {
    String input = "";
    String source = "";
    String output = "";
    boolean compile;
    boolean decompile;
    boolean check;
    int maxId = -1;
    boolean test;
    boolean display;
    boolean tree;
    boolean bucketTree;
    String bucketName = "";
    boolean dump;
    String format = "json-pretty";
    int location = -1;
    boolean csv;
    String csvName = "";
    int verbose;
    boolean rebuildClassRoots;
    boolean reweight;
    boolean reclassify;
    boolean adjust;
    String compare = "";

    int item = -1;
    boolean updateItem;
    float itemWeight;
    String itemName = "";
    final SortedMap<String, String> where = new TreeMap<>();
    boolean addBucket;
    String bucketType = "";

    @Nullable
    String move;

    String remove = "";
    String reweightItem = "";
    float reweightWeight;

    boolean addRule;
    boolean removeRule;
    String ruleName = "";
    String ruleRoot = "";
    String ruleType = "";
    String ruleMode = "";
    String ruleClass = "";

    boolean build;
    int osds;
    List<String> layers = new ArrayList<>();

    final SortedMap<String, Integer> tunables = new TreeMap<>();
    final SortedMap<String, String> subtreeClasses = new TreeMap<>();
    final SortedMap<String, String> reclassifyRoots = new TreeMap<>();
    final SortedMap<String, String[]> reclassifyBuckets = new TreeMap<>();

    final TestOptions testing = new TestOptions();

    private static final List<String> TUNABLES = List.of(
            "choose-local-tries",
            "choose-local-fallback-tries",
            "choose-total-tries",
            "chooseleaf-descend-once",
            "chooseleaf-vary-r",
            "chooseleaf-stable",
            "straw-calc-version",
            "allowed-bucket-algs");

    /** Consumes the options; whatever else there is are the layers. */
    static Options parse(Arguments args, PrintStream out) {
        Options options = new Options();
        while (!args.atEnd()) {
            if (args.endOfOptions()) {
                break;
            }
            if (!options.stage(args)
                    && !options.display(args)
                    && !options.tunable(args)
                    && !options.edit(args, out)
                    && !options.testing(args)) {
                args.skip();
            }
        }
        options.layers = args.left();
        return options;
    }

    private boolean stage(Arguments args) {
        String value = args.value("-d", "--decompile");
        if (value != null) {
            input = value;
            decompile = true;
            return true;
        }
        value = args.value("-i", "--infn");
        if (value != null) {
            input = value;
            return true;
        }
        value = args.value("-o", "--outfn");
        if (value != null) {
            output = value;
            return true;
        }
        value = args.value("-c", "--compile");
        if (value != null) {
            source = value;
            compile = true;
            return true;
        }
        value = args.value("--compare");
        if (value != null) {
            compare = value;
            return true;
        }
        if (args.flag("-v", "--verbose")) {
            verbose++;
            return true;
        }
        if (args.flag("--build")) {
            build = true;
            return true;
        }
        if (args.isNumber("--num_osds")) {
            args.requireNoComplaint();
            osds = args.number();
            return true;
        }
        return args.flag("--enable-unsafe-tunables");
    }

    private boolean display(Arguments args) {
        if (args.flag("--tree")) {
            tree = true;
        } else if (args.flag("--bucket-tree")) {
            bucketTree = true;
        } else if (args.flag("--dump")) {
            dump = true;
        } else if (args.flag("-t", "--test")) {
            test = true;
        } else if (args.isNumber("--check")) {
            check = true;
            maxId = args.number();
        } else if (args.isNumber("--show-location")) {
            location = args.number();
        } else {
            String value = args.value("-b", "--bucket-name");
            if (value != null) {
                bucketName = value;
                return true;
            }
            value = args.value("-f", "--format");
            if (value == null) {
                return false;
            }
            format = value;
        }
        return true;
    }

    private boolean tunable(Arguments args) {
        for (String name : TUNABLES) {
            args.numberIfMissing(tunables.getOrDefault(name, -1));
            if (args.isNumber("--set-" + name)) {
                tunables.put(name, args.number());
                adjust = true;
                return true;
            }
        }
        args.numberIfMissing(-1);
        return false;
    }

    private boolean edit(Arguments args, PrintStream out) {
        if (args.flag("--reweight")) {
            reweight = true;
        } else if (args.flag("--rebuild-class-roots")) {
            rebuildClassRoots = true;
        } else if (args.flag("--reclassify")) {
            reclassify = true;
        } else if (args.isNumber("--add_item")) {
            item(args, "--add-item");
        } else if (args.isNumber("--update_item")) {
            updateItem = true;
            item(args, "--update-item");
        } else if (args.flag("--add-bucket")) {
            itemName = args.next("");
            bucketType = args.next("");
            addBucket = true;
        } else if (args.flag("--move")) {
            move = args.next("");
        } else {
            return namedEdit(args) || ruleEdit(args, out);
        }
        return true;
    }

    private void item(Arguments args, String option) {
        args.requireNoComplaint();
        item = args.number();
        itemWeight = (float) Arguments.atof(args.next(option));
        itemName = args.next(option);
    }

    private boolean namedEdit(Arguments args) {
        String value = args.value("--loc");
        if (value != null) {
            where.put(value, args.next("--loc"));
            return true;
        }
        value = args.value("--remove_item");
        if (value != null) {
            remove = value;
            return true;
        }
        value = args.value("--reweight_item");
        if (value != null) {
            reweightItem = value;
            reweightWeight = (float) Arguments.atof(args.next("--reweight-item"));
            return true;
        }
        value = args.value("--set-subtree-class");
        if (value != null) {
            subtreeClasses.put(value, args.next(""));
            return true;
        }
        value = args.value("--reclassify-root");
        if (value != null) {
            reclassifyRoots.put(value, args.next(""));
            return true;
        }
        value = args.value("--reclassify-bucket");
        if (value != null) {
            reclassifyBuckets.put(value, new String[] {args.next(""), args.next("")});
            return true;
        }
        return false;
    }

    private boolean ruleEdit(Arguments args, PrintStream out) {
        String value = args.value("--create-simple-rule");
        if (value != null) {
            ruleName = value;
            ruleRoot = args.next("--create-simple-rule");
            ruleType = args.next("--create-simple-rule");
            ruleMode = args.next("--create-simple-rule");
            out.println("--create-simple-rule: name=" + ruleName + " root=" + ruleRoot + " type=" + ruleType + " mode="
                    + ruleMode);
            addRule = true;
            return true;
        }
        value = args.value("--create-replicated-rule");
        if (value != null) {
            ruleName = value;
            ruleRoot = args.next("--create-replicated-rule");
            ruleType = args.next("--create-replicated-rule");
            ruleMode = "firstn";
            out.println("--create-replicated-rule: name=" + ruleName + " root=" + ruleRoot + " type=" + ruleType);
            addRule = true;
            return true;
        }
        value = args.value("--device-class");
        if (value != null) {
            ruleClass = value;
            return true;
        }
        value = args.value("--remove-rule");
        if (value != null) {
            ruleName = value;
            removeRule = true;
            return true;
        }
        return false;
    }

    private boolean testing(Arguments args) {
        if (testing.show(args)) {
            display = true;
            return true;
        }
        if (args.flag("--output-csv")) {
            csv = true;
            return true;
        }
        String value = args.value("--output-name");
        if (value != null) {
            csvName = value + "-";
            return true;
        }
        return testing.range(args);
    }

    boolean hasAction() {
        return check
                || compile
                || decompile
                || build
                || test
                || reweight
                || adjust
                || tree
                || dump
                || item >= 0
                || addBucket
                || move != null
                || addRule
                || removeRule
                || location >= 0
                || bucketTree
                || reclassify
                || rebuildClassRoots
                || !compare.isEmpty()
                || !remove.isEmpty()
                || !reweightItem.isEmpty();
    }

    boolean changesItems() {
        return item >= 0 || addBucket || move != null || !remove.isEmpty() || !reweightItem.isEmpty();
    }
}
