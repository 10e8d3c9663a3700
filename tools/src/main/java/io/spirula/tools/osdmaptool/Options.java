package io.spirula.tools.osdmaptool;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a command line asks for. Options may stand anywhere, and spell their dashes as underscores. Source: tools/osdmaptool.cc and common/ceph_argparse.cc. */
final class Options {
    /** A command line that stops here, with the words for it. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    final List<String> files = new ArrayList<>();
    boolean help;
    boolean print;
    String dumpFormat = "";
    boolean tree;
    String treeFormat = "";
    boolean health;
    boolean createSimple;
    boolean createFromConf;
    boolean withDefaultPool;
    int numOsds;
    int pgBits = 6;
    int pgpBits = 6;
    boolean clobber;
    String exportCrush = "";
    String importCrush = "";
    String testMapPg = "";
    String testMapObject = "";
    boolean testMapPgs;
    boolean testMapPgsDump;
    boolean testMapPgsDumpAll;
    int pool = -1;
    int pgNum = -1;
    boolean markUpIn;
    int markOut = -1;
    int markUp = -1;
    boolean markIn;
    boolean clearTemp;
    String applyIncremental = "";
    String output = "";
    /** An option of stock's that this tool does not have. */
    String unsupported = "";

    private final List<String> words;

    private Options(String[] args) {
        words = new ArrayList<>(List.of(args));
    }

    static Options parse(String[] args) throws Refused {
        Options options = new Options(args);
        while (!options.words.isEmpty()) {
            String word = options.words.remove(0);
            if (word.equals("--")) { // what follows is files, however it looks
                options.files.addAll(options.words);
                break;
            }
            if (!options.take(word)) {
                options.files.add(word);
            }
        }
        return options;
    }

    private boolean take(String word) throws Refused {
        int equals = word.startsWith("--") ? word.indexOf('=') : -1;
        String name = (equals < 0 ? word : word.substring(0, equals)).replace('_', '-');
        String attached = equals < 0 ? null : word.substring(equals + 1);
        return takeFlag(name) || takeValue(name, attached);
    }

    private boolean takeFlag(String name) {
        switch (name) {
            case "-h", "--help" -> help = true;
            case "-p", "--print" -> print = true;
            case "--health" -> health = true;
            case "--with-default-pool" -> withDefaultPool = true;
            case "--create-from-conf" -> createFromConf = true;
            case "--clobber" -> clobber = true;
            case "--mark-up-in" -> markUpIn = true;
            case "--clear-temp" -> clearTemp = true;
            case "--test-map-pgs" -> testMapPgs = true;
            case "--test-map-pgs-dump" -> testMapPgsDump = true;
            case "--test-map-pgs-dump-all" -> testMapPgsDumpAll = true;
            case "--clean-temps", "--test-random", "--test-crush", "--upmap-active", "--save" -> unsupported = name;
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean takeValue(String name, @Nullable String attached) throws Refused {
        switch (name) {
            case "--dump" -> {
                print = true;
                dumpFormat = optional(attached);
            }
            case "--tree" -> {
                tree = true;
                treeFormat = optional(attached);
            }
            case "--createsimple" -> {
                createSimple = true;
                numOsds = number(name, attached);
            }
            case "--pg-bits", "--osd-pg-bits" -> pgBits = number(name, attached);
            case "--pgp-bits", "--osd-pgp-bits" -> pgpBits = number(name, attached);
            case "--export-crush" -> exportCrush = value(name, attached);
            case "--import-crush" -> importCrush = value(name, attached);
            case "--test-map-pg" -> testMapPg = value(name, attached);
            case "--test-map-object" -> testMapObject = value(name, attached);
            case "--pool" -> pool = number(name, attached);
            case "--pg-num" -> pgNum = number(name, attached);
            case "--mark-out" -> markOut = number(name, attached);
            case "--mark-up" -> markUp = number(name, attached);
            case "--mark-in" -> markIn = number(name, attached) >= 0;
            case "--apply-incremental" -> applyIncremental = value(name, attached);
            case "-o", "--output" -> output = value(name, attached);
            case "--upmap",
                    "--upmap-cleanup",
                    "--upmap-max",
                    "--upmap-deviation",
                    "--upmap-pool",
                    "--adjust-crush-weight",
                    "--range-first",
                    "--range-last" -> {
                value(name, attached);
                unsupported = name;
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    /** A value, or nothing where the command line ends. */
    private String optional(@Nullable String attached) {
        if (attached != null) {
            return attached;
        }
        return words.isEmpty() ? "" : words.remove(0);
    }

    private String value(String name, @Nullable String attached) throws Refused {
        if (attached == null && words.isEmpty()) {
            throw new Refused("Option " + name + " requires an argument.\n");
        }
        return optional(attached);
    }

    private int number(String name, @Nullable String attached) throws Refused {
        String text = value(name, attached);
        try {
            return Integer.decode(text);
        } catch (NumberFormatException e) {
            throw new Refused("The option value '" + text + "' is invalid");
        }
    }

    boolean creates() {
        return createSimple || createFromConf;
    }

    boolean testsPgs() {
        return testMapPgs || testMapPgsDump || testMapPgsDumpAll;
    }

    /** Whether there is anything to do with a map that is read. */
    boolean hasAction() {
        return print
                || tree
                || health
                || creates()
                || testsPgs()
                || !exportCrush.isEmpty()
                || !importCrush.isEmpty()
                || !testMapPg.isEmpty()
                || !testMapObject.isEmpty()
                || !applyIncremental.isEmpty();
    }
}
