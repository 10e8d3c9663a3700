package io.spirula.tools.rados;

import io.spirula.common.encoding.Bytes;
import io.spirula.librados.RadosException;
import java.io.IOException;
import java.util.List;

/** Commands on an object's attributes. */
final class XattrCommands {
    private XattrCommands() {}

    static boolean set(Session s) {
        List<String> words = s.words(2);
        Bytes value = words.size() > 2
                ? Bytes.of(words.get(2))
                : DataCommands.readAll(s.console().in());
        try {
            s.io().setXattr(s.object(), words.get(1), value);
            return true;
        } catch (RadosException e) {
            throw new CommandFailed("error setting xattr " + path(s) + ": " + Texts.error(e));
        }
    }

    static boolean get(Session s) {
        s.words(2);
        try {
            Bytes value = s.io().xattr(s.object(), s.words().get(1));
            s.console().out().write(value.toArray());
            return true;
        } catch (RadosException e) {
            throw new CommandFailed("error getting xattr " + path(s) + ": " + Texts.error(e));
        } catch (IOException e) {
            throw new CommandFailed("error writing: " + e.getMessage());
        }
    }

    static boolean remove(Session s) {
        s.words(2);
        try {
            s.io().removeXattr(s.object(), s.words().get(1));
            return true;
        } catch (RadosException e) {
            throw new CommandFailed("error removing xattr " + path(s) + ": " + Texts.error(e));
        }
    }

    static boolean list(Session s) {
        try {
            s.io().xattrs(s.object()).keySet().forEach(s.console().out()::println);
            return true;
        } catch (RadosException e) {
            throw new CommandFailed("error getting xattr set " + s.path(s.object()) + ": " + Texts.error(e));
        }
    }

    private static String path(Session s) {
        return s.path(s.object()) + "/" + s.words().get(1);
    }
}
