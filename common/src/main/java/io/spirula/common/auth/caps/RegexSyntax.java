package io.spirula.common.auth.caps;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** The parts of a POSIX extended regular expression, as its text has them. */
sealed interface RegexSyntax {
    /** One character of a set; {@code inverted}: one that is not of it. */
    record Set(BitSet members, boolean inverted) implements RegexSyntax {
        boolean has(char c) {
            return members.get(c) != inverted;
        }
    }

    /** {@code ^} or {@code $}. */
    record Edge(boolean begin) implements RegexSyntax {}

    record Sequence(List<RegexSyntax> parts) implements RegexSyntax {}

    record Choice(List<RegexSyntax> parts) implements RegexSyntax {}

    /** @param max -1 for without end */
    record Repeat(RegexSyntax part, int min, int max) implements RegexSyntax {}

    /** Throws IllegalArgumentException for what is no expression. */
    static RegexSyntax parse(String expression) {
        Parser parser = new Parser(expression);
        RegexSyntax whole = parser.choice(0);
        if (parser.at < expression.length()) {
            throw new IllegalArgumentException("a parenthesis that closes nothing");
        }
        return whole;
    }

    /** Recursive descent, one method a rule. */
    final class Parser {
        private static final int MAX_NESTING = 100;
        private static final int MAX_STACKED = 8;
        /** POSIX: RE_DUP_MAX. */
        private static final int MAX_REPEATS = 255;

        private final String text;
        private int at;

        private Parser(String text) {
            this.text = text;
        }

        private boolean next(char c) {
            boolean there = at < text.length() && text.charAt(at) == c;
            at += there ? 1 : 0;
            return there;
        }

        private char take() {
            if (at == text.length()) {
                throw new IllegalArgumentException("an expression that breaks off");
            }
            return text.charAt(at++);
        }

        private RegexSyntax choice(int depth) {
            if (depth > MAX_NESTING) {
                throw new IllegalArgumentException("parentheses nested too deeply");
            }
            List<RegexSyntax> branches = new ArrayList<>();
            do {
                branches.add(branch(depth));
            } while (next('|'));
            return branches.size() == 1 ? branches.get(0) : new Choice(List.copyOf(branches));
        }

        private RegexSyntax branch(int depth) {
            List<RegexSyntax> parts = new ArrayList<>();
            while (at < text.length() && text.charAt(at) != '|' && text.charAt(at) != ')') {
                RegexSyntax part = atom(depth);
                for (int i = 0; at < text.length() && "*+?{".indexOf(text.charAt(at)) >= 0; i++) {
                    if (i == MAX_STACKED) {
                        throw new IllegalArgumentException("too many repetitions of one part");
                    }
                    part = repeated(part);
                }
                parts.add(part);
            }
            return new Sequence(List.copyOf(parts));
        }

        private RegexSyntax atom(int depth) {
            char c = take();
            return switch (c) {
                case '(' -> {
                    RegexSyntax inside = choice(depth + 1);
                    if (!next(')')) {
                        throw new IllegalArgumentException("a parenthesis without its end");
                    }
                    yield inside;
                }
                case '[' -> bracket();
                case '.' -> new Set(new BitSet(), true);
                case '^' -> new Edge(true);
                case '$' -> new Edge(false);
                case '\\' -> one(take());
                case '*', '+', '?', '{' -> throw new IllegalArgumentException("a repetition of nothing");
                default -> one(c);
            };
        }

        private static Set one(char c) {
            BitSet members = new BitSet();
            members.set(c);
            return new Set(members, false);
        }

        private RegexSyntax repeated(RegexSyntax part) {
            return switch (take()) {
                case '*' -> new Repeat(part, 0, -1);
                case '+' -> new Repeat(part, 1, -1);
                case '?' -> new Repeat(part, 0, 1);
                default -> {
                    int min = number();
                    int max = !next(',') ? min : next('}') ? -1 : number();
                    boolean closed = max < 0 || next('}');
                    if (!closed || max >= 0 && max < min) {
                        throw new IllegalArgumentException("a repetition that is none");
                    }
                    yield new Repeat(part, min, max);
                }
            };
        }

        private int number() {
            int from = at;
            while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
                at++;
            }
            if (at == from || at - from > 3 || Integer.parseInt(text.substring(from, at)) > MAX_REPEATS) {
                throw new IllegalArgumentException("a repetition that is none");
            }
            return Integer.parseInt(text.substring(from, at));
        }

        /** What follows an opening bracket. A closing one that comes first, and a backslash, are themselves. */
        private Set bracket() {
            boolean inverted = next('^');
            BitSet members = new BitSet();
            boolean first = true;
            for (char c = take(); first || c != ']'; c = take()) {
                first = false;
                if (c == '[' && at < text.length() && ":.=".indexOf(text.charAt(at)) >= 0) {
                    named(take(), members);
                } else if (at + 1 < text.length() && text.charAt(at) == '-' && text.charAt(at + 1) != ']') {
                    at++;
                    char last = take();
                    if (last < c) {
                        throw new IllegalArgumentException("a range from behind");
                    }
                    members.set(c, last + 1);
                } else {
                    members.set(c);
                }
            }
            return new Set(members, inverted);
        }

        /** {@code [:alpha:]}, {@code [.x.]}, {@code [=x=]}. */
        private void named(char kind, BitSet members) {
            int end = text.indexOf(kind + "]", at);
            if (end < 0) {
                throw new IllegalArgumentException("a bracket without its end");
            }
            String name = text.substring(at, end);
            at = end + 2;
            if (kind != ':') {
                if (name.length() != 1) {
                    throw new IllegalArgumentException("no character of the name " + name);
                }
                members.set(name.charAt(0));
                return;
            }
            for (char c = 0; c < 128; c++) {
                members.set(c, members.get(c) || isOf(name, c));
            }
        }

        private static boolean isOf(String name, char c) {
            boolean lower = c >= 'a' && c <= 'z';
            boolean upper = c >= 'A' && c <= 'Z';
            boolean digit = c >= '0' && c <= '9';
            boolean visible = c > 32 && c < 127;
            return switch (name) {
                case "alpha" -> lower || upper;
                case "lower" -> lower;
                case "upper" -> upper;
                case "digit" -> digit;
                case "alnum" -> lower || upper || digit;
                case "xdigit" -> digit || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F';
                case "space" -> c == ' ' || c >= 9 && c <= 13;
                case "blank" -> c == ' ' || c == '\t';
                case "punct" -> visible && !(lower || upper || digit);
                case "graph" -> visible;
                case "print" -> visible || c == ' ';
                case "cntrl" -> c < 32 || c == 127;
                default -> throw new IllegalArgumentException("no class of characters " + name);
            };
        }
    }
}
