package io.spirula.common.auth;

import io.spirula.common.encoding.MalformedInput;
import io.spirula.common.types.EntityName;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads a keyring's text: sections of {@code name = value} lines with comments, odd spacing and quotes. */
final class KeyringParser {
    private final String[] lines;
    private final TreeMap<EntityName, EntityAuth> entries = new TreeMap<>();
    private @Nullable EntityName section;
    private CryptoKey key = CryptoKey.EMPTY;
    private TreeMap<String, String> caps = new TreeMap<>();

    KeyringParser(String text) {
        lines = text.split("\r\n|\r|\n", -1);
    }

    Keyring parse() {
        for (int i = 0; i < lines.length; i++) {
            int number = i + 1;
            String line = lines[i].strip();
            while (line.endsWith("\\") && i + 1 < lines.length) {
                line = line.substring(0, line.length() - 1) + lines[++i].strip();
            }
            try {
                line(line);
            } catch (IllegalArgumentException | MalformedInput e) {
                throw new MalformedInput("line " + number + ": " + e.getMessage(), e);
            }
        }
        endSection();
        return new Keyring(entries);
    }

    private void line(String line) {
        if (line.isEmpty() || line.startsWith("#") || line.startsWith(";")) {
            return;
        }
        if (line.startsWith("[")) {
            int end = line.indexOf(']');
            if (end < 0) {
                throw new MalformedInput("a section's name without its closing bracket");
            }
            endSection();
            section = name(line.substring(1, end).strip());
            EntityAuth known = entries.get(section);
            key = known == null ? CryptoKey.EMPTY : known.key();
            caps = known == null ? new TreeMap<>() : new TreeMap<>(known.caps());
            return;
        }
        int equals = line.indexOf('=');
        if (equals < 0) {
            throw new MalformedInput("neither [NAME] nor NAME = VALUE");
        }
        if (section == null) {
            throw new MalformedInput("a value before the first [NAME]");
        }
        String name = line.substring(0, equals).strip().replace('_', ' ').replaceAll("\\s+", " ");
        String value = value(line.substring(equals + 1).strip());
        if (name.equals("key")) {
            key = key(value);
        } else if (name.startsWith("caps ")) {
            caps.put(name.substring(5), value);
        } else if (!name.equals("auid")) {
            throw new MalformedInput("neither a key nor capabilities");
        }
    }

    private static EntityName name(String text) {
        try {
            return EntityName.parse(text);
        } catch (IllegalArgumentException e) {
            throw new MalformedInput("bad entity name in keyring: " + text, e);
        }
    }

    /** Of what is no key nothing is repeated: it may be a part of one. */
    private CryptoKey key(String text) {
        try {
            return CryptoKey.parse(text);
        } catch (IllegalArgumentException | MalformedInput e) {
            throw new MalformedInput("error setting modifier for [" + section + "] type=key", e);
        }
    }

    /** A value without its quotes or a comment behind it. */
    private static String value(String text) {
        StringBuilder out = new StringBuilder();
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                out.append(text.charAt(++i));
            } else if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
            } else if (quote != 0 && c == quote) {
                quote = 0;
            } else if (quote == 0 && (c == '#' || c == ';')) {
                break;
            } else {
                out.append(c);
            }
        }
        if (quote != 0) {
            throw new MalformedInput("a quotation without its end");
        }
        return out.toString().strip();
    }

    private void endSection() {
        if (section != null) {
            entries.put(section, new EntityAuth(key, caps));
        }
    }
}
