package io.spirula.tools.rados;

import io.spirula.common.config.CommonOptions;
import io.spirula.common.config.ConfigException;
import io.spirula.common.encoding.Bytes;
import io.spirula.common.types.EntityType;
import io.spirula.librados.IoCtx;
import io.spirula.librados.Rados;
import io.spirula.librados.RadosException;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** The rados command: reads its arguments, connects, and hands over to the commands. Source of options, texts and exit codes: Ceph's tools/rados/rados.cc. */
public final class RadosCommand {
    static final String VERSION = "ceph version 16.2.15 (Spirula) pacific (stable)";

    private RadosCommand() {}

    public static void main(String[] args) {
        PrintStream out = new PrintStream(
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16),
                false,
                StandardCharsets.UTF_8);
        int code = run(args, System.getenv(), new FileInputStream(FileDescriptor.in), out, System.err);
        out.flush();
        System.exit(code);
    }

    /** Runs one command and gives its exit code. */
    public static int run(
            String[] args, Map<String, String> environment, InputStream in, PrintStream out, PrintStream err) {
        try {
            CommonOptions common =
                    CommonOptions.parse(List.of(args), EntityType.CLIENT, CommonOptions.Kind.CLIENT, environment);
            RadosArguments arguments = RadosArguments.parse(common.rest());
            if (arguments.has("--help") || arguments.has("-h")) {
                out.print(Usage.TEXT);
                return 0;
            }
            if (arguments.has("--version") || arguments.has("-v")) {
                out.println(VERSION);
                return 0;
            }
            if (arguments.words().isEmpty()) {
                err.println("rados: -h or --help for usage");
                return 1;
            }
            Command command = Command.find(arguments.words().get(0));
            if (command == null) {
                err.println("unrecognized command " + arguments.words().get(0) + "; -h or --help for usage");
                return 1;
            }
            return connected(common, arguments, command, new Console(in, out, err));
        } catch (ConfigException | UsageException e) {
            err.println(e.getMessage());
            return 1;
        }
    }

    private static int connected(CommonOptions common, RadosArguments arguments, Command command, Console console) {
        if (command.needsPool() && arguments.find("pool") == null) {
            console.err().println("pool name was not specified");
            return 1;
        }
        Rados rados;
        try {
            rados = Rados.connect(common.config());
        } catch (RadosException e) {
            console.err().println("couldn't connect to cluster: " + Texts.error(e) + detail(e));
            return 1;
        }
        try (rados) {
            Session session = new Session(rados, arguments, console);
            if (command.needsPool()) {
                String pool = arguments.get("pool", "");
                try {
                    openPool(session, pool);
                } catch (RadosException e) {
                    console.err().println("error opening pool " + pool + ": " + Texts.error(e));
                    return 1;
                }
            }
            return command.run(session);
        } catch (CommandFailed e) {
            console.out().flush();
            console.err().println(e.getMessage());
            return 1;
        } catch (RadosException e) {
            console.out().flush();
            console.err().println("error " + e.errno() + ": " + Texts.error(e) + detail(e));
            return 1;
        }
    }

    private static void openPool(Session session, String pool) {
        IoCtx io = session.rados().ioCtx(pool);
        String namespace = session.arguments().find("namespace");
        String locator = session.arguments().find("object-locator");
        io = namespace == null ? io : io.withNamespace(namespace);
        session.use(locator == null ? io : io.withLocatorKey(Bytes.of(locator)));
    }

    /** What the error says beyond its number. */
    private static String detail(RadosException e) {
        String text = e.getMessage();
        String[] parts = text == null ? new String[0] : text.split(": ", 3);
        return parts.length == 3 ? ": " + parts[2] : "";
    }
}
