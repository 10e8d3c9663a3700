package io.spirula.tools.rados;

import io.spirula.common.encoding.Bytes;
import io.spirula.librados.IoCtx;
import io.spirula.librados.Rados;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One run of a command: its cluster, its pool, its arguments. */
final class Session {
    private final Rados rados;
    private final RadosArguments arguments;
    private final Console console;
    private @Nullable IoCtx io;

    Session(Rados rados, RadosArguments arguments, Console console) {
        this.rados = rados;
        this.arguments = arguments;
        this.console = console;
    }

    void use(IoCtx pool) {
        io = pool;
    }

    Rados rados() {
        return rados;
    }

    RadosArguments arguments() {
        return arguments;
    }

    Console console() {
        return console;
    }

    IoCtx io() {
        if (io == null) {
            throw new CommandFailed("pool name was not specified");
        }
        return io;
    }

    /** The words behind the command. */
    List<String> words() {
        return arguments.words().subList(1, arguments.words().size());
    }

    /** Throws UsageException where fewer words follow the command than it needs. */
    List<String> words(int atLeast) {
        if (words().size() < atLeast) {
            throw new UsageException(arguments.words().get(0) + " needs more arguments; -h or --help for usage");
        }
        return words();
    }

    /** The object that the command is about. */
    Bytes object() {
        return Bytes.of(words(1).get(0));
    }

    /** {@code pool/object}, as messages name it. */
    String path(Object object) {
        return io().poolName() + "/" + object;
    }
}
