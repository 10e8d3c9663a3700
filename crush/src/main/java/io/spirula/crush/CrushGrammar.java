package io.spirula.crush;

import io.spirula.crush.Statement.BucketDefinition;
import io.spirula.crush.Statement.BucketId;
import io.spirula.crush.Statement.BucketItem;
import io.spirula.crush.Statement.ChooseArgDefinition;
import io.spirula.crush.Statement.ChooseArgsDefinition;
import io.spirula.crush.Statement.RuleDefinition;
import io.spirula.crush.Statement.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The parser of a map's text form, without its comments. It follows the grammar of Ceph's src/crush/grammar.h: each method
 * consumes what it matches, or nothing and returns null. Words need no space between them.
 */
final class CrushGrammar {
    private static final Set<String> SETTINGS = Set.of(
            "set_choose_tries",
            "set_choose_local_tries",
            "set_choose_local_fallback_tries",
            "set_chooseleaf_tries",
            "set_chooseleaf_vary_r",
            "set_chooseleaf_stable");

    private final String text;
    private int at;

    CrushGrammar(String text) {
        this.text = text;
    }

    /** As many statements as there are; {@link #position} tells whether that was all. */
    List<Statement> statements() {
        List<Statement> all = new ArrayList<>();
        all.addAll(many(() -> first(this::tunable, this::device, this::type)));
        all.addAll(many(() -> first(this::bucket, this::rule)));
        all.addAll(many(this::chooseArgs));
        return all;
    }

    int position() {
        return at;
    }

    boolean atEnd() {
        return at == text.length();
    }

    // ---- statements

    private @Nullable Statement tunable() {
        String name = word("tunable") ? name() : null;
        String value = name == null ? null : posint();
        return name == null || value == null ? null : new Statement.Tunable(name, value);
    }

    private @Nullable Statement device() {
        String id = word("device") ? posint() : null;
        String name = id == null ? null : name();
        return id == null || name == null ? null : new Statement.Device(id, name, deviceClass());
    }

    private @Nullable Statement type() {
        String id = word("type") ? posint() : null;
        String name = id == null ? null : name();
        return id == null || name == null ? null : new Statement.Type(id, name);
    }

    private @Nullable Statement bucket() {
        String type = name();
        String name = type == null ? null : name();
        if (type == null || name == null || !word("{")) {
            return null;
        }
        List<BucketId> ids = many(this::bucketId);
        String algorithm = word("alg") ? name() : null;
        if (algorithm == null) {
            return null;
        }
        List<String> hashes = many(this::bucketHash);
        List<BucketItem> items = many(this::bucketItem);
        return word("}") ? new BucketDefinition(type, name, ids, algorithm, hashes, items) : null;
    }

    private @Nullable BucketId bucketId() {
        String id = word("id") ? negint() : null;
        return id == null ? null : new BucketId(id, deviceClass());
    }

    private @Nullable String bucketHash() {
        if (!word("hash")) {
            return null;
        }
        String number = integer();
        if (number != null) {
            return number;
        }
        return word("rjenkins1") ? "rjenkins1" : null;
    }

    private @Nullable BucketItem bucketItem() {
        String name = word("item") ? name() : null;
        if (name == null) {
            return null;
        }
        String weight = attempt(() -> word("weight") ? real() : null);
        String position = attempt(() -> word("pos") ? posint() : null);
        return new BucketItem(name, weight, position);
    }

    private @Nullable String deviceClass() {
        return attempt(() -> word("class") ? name() : null);
    }

    private @Nullable Statement rule() {
        if (!word("rule")) {
            return null;
        }
        String name = attempt(this::name);
        if (!word("{") || !(word("id") || word("ruleset"))) {
            return null;
        }
        String id = posint();
        if (id == null || !word("type")) {
            return null;
        }
        String type = word("replicated") ? "replicated" : word("erasure") ? "erasure" : null;
        String minSize = type != null && word("min_size") ? posint() : null;
        String maxSize = minSize != null && word("max_size") ? posint() : null;
        if (type == null || minSize == null || maxSize == null) {
            return null;
        }
        List<Step> steps = many(this::step);
        return steps.isEmpty() || !word("}")
                ? null
                : new RuleDefinition(name == null ? "" : name, id, type, minSize, maxSize, steps);
    }

    private @Nullable Step step() {
        if (!word("step")) {
            return null;
        }
        return first(
                this::take,
                this::set,
                () -> choose("choose", false),
                () -> choose("chooseleaf", true),
                () -> word("emit") ? new Step.Emit() : null);
    }

    private @Nullable Step take() {
        String item = word("take") ? name() : null;
        return item == null ? null : new Step.Take(item, deviceClass());
    }

    private @Nullable Step set() {
        for (String setting : SETTINGS) {
            String value = attempt(() -> word(setting) ? posint() : null);
            if (value != null) {
                return new Step.Set(setting, value);
            }
        }
        return null;
    }

    private @Nullable Step choose(String word, boolean leaf) {
        if (!word(word)) {
            return null;
        }
        boolean indep = word("indep");
        if (!indep && !word("firstn")) {
            return null;
        }
        String count = integer();
        String type = count != null && word("type") ? name() : null;
        return count == null || type == null ? null : new Step.Choose(leaf, !indep, count, type);
    }

    private @Nullable ChooseArgsDefinition chooseArgs() {
        String pool = word("choose_args") ? posint() : null;
        if (pool == null || !word("{")) {
            return null;
        }
        List<ChooseArgDefinition> args = many(this::chooseArg);
        return word("}") ? new ChooseArgsDefinition(pool, args) : null;
    }

    private @Nullable ChooseArgDefinition chooseArg() {
        String bucketId = word("{") && word("bucket_id") ? negint() : null;
        if (bucketId == null) {
            return null;
        }
        List<List<String>> weightSet =
                attempt(() -> word("weight_set") ? bracketed(() -> bracketed(this::real)) : null);
        List<String> ids = attempt(() -> word("ids") ? bracketed(this::integer) : null);
        return word("}") ? new ChooseArgDefinition(bucketId, weightSet, ids) : null;
    }

    private <T> @Nullable List<T> bracketed(Supplier<@Nullable T> element) {
        if (!word("[")) {
            return null;
        }
        List<T> elements = many(element);
        return word("]") ? elements : null;
    }

    // ---- words

    private @Nullable String name() {
        return lexeme(0, c -> c < 128 && (Character.isLetterOrDigit(c) || c == '-' || c == '_' || c == '.'));
    }

    private @Nullable String posint() {
        return lexeme(0, CrushGrammar::isDigit);
    }

    private @Nullable String negint() {
        int start = afterSpace();
        return start < text.length() && text.charAt(start) == '-' ? lexeme(1, CrushGrammar::isDigit) : null;
    }

    private @Nullable String integer() {
        String negative = negint();
        return negative != null ? negative : posint();
    }

    /** A sign, digits, a point, digits and an exponent, with a digit on one side of the point at least. */
    private @Nullable String real() {
        int start = afterSpace();
        int end = sign(start);
        int whole = digits(end);
        int fraction = whole;
        if (whole < text.length() && text.charAt(whole) == '.') {
            fraction = digits(whole + 1);
            if (whole == end && fraction == whole + 1) {
                return null;
            }
        } else if (whole == end) {
            return null;
        }
        end = fraction;
        if (end < text.length() && (text.charAt(end) == 'e' || text.charAt(end) == 'E')) {
            int exponent = sign(end + 1);
            int after = digits(exponent);
            if (after == exponent) {
                return null;
            }
            end = after;
        }
        at = end;
        return text.substring(start, end);
    }

    private int sign(int from) {
        return from < text.length() && (text.charAt(from) == '-' || text.charAt(from) == '+') ? from + 1 : from;
    }

    private int digits(int from) {
        int end = from;
        while (end < text.length() && isDigit(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private @Nullable String lexeme(int prefix, IntPredicate allowed) {
        int start = afterSpace();
        int end = start + prefix;
        while (end < text.length() && allowed.test(text.charAt(end))) {
            end++;
        }
        if (end == start + prefix) {
            return null;
        }
        at = end;
        return text.substring(start, end);
    }

    private boolean word(String word) {
        int start = afterSpace();
        if (!text.startsWith(word, start)) {
            return false;
        }
        at = start + word.length();
        return true;
    }

    private int afterSpace() {
        int i = at;
        while (i < text.length() && isSpace(text.charAt(i))) {
            i++;
        }
        return i;
    }

    static boolean isSpace(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    // ---- combinators

    private <T> @Nullable T attempt(Supplier<@Nullable T> parser) {
        int start = at;
        T result = parser.get();
        if (result == null) {
            at = start;
        }
        return result;
    }

    @SafeVarargs
    private <T> @Nullable T first(Supplier<? extends @Nullable T>... alternatives) {
        for (Supplier<? extends @Nullable T> alternative : alternatives) {
            T result = attempt(alternative::get);
            if (result != null) {
                return result;
            }
        }
        return null;
    }

    private <T> List<T> many(Supplier<@Nullable T> parser) {
        List<T> all = new ArrayList<>();
        T next = attempt(parser);
        while (next != null) {
            all.add(next);
            next = attempt(parser);
        }
        return all;
    }
}
