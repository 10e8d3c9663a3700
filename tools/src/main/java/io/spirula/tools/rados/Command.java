package io.spirula.tools.rados;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The commands by name. */
enum Command {
    LSPOOLS("lspools", false, PoolCommands::lspools),
    MKPOOL("mkpool", false, PoolCommands::mkpool),
    RMPOOL("rmpool", false, PoolCommands::rmpool),
    DF("df", false, UsageReport::df),
    LS("ls", false, PoolCommands::ls),
    PURGE("purge", false, PoolCommands::purge),
    CPPOOL("cppool", false, PoolCommands::cppool),
    PUT("put", true, DataCommands::put),
    GET("get", true, DataCommands::get),
    APPEND("append", true, DataCommands::append),
    TRUNCATE("truncate", true, DataCommands::truncate),
    STAT("stat", true, DataCommands::stat),
    STAT2("stat2", true, DataCommands::stat2),
    RM("rm", true, DataCommands::rm),
    CREATE("create", true, DataCommands::create),
    TOUCH("touch", true, DataCommands::touch),
    CP("cp", true, DataCommands::cp),
    SETXATTR("setxattr", true, XattrCommands::set),
    GETXATTR("getxattr", true, XattrCommands::get),
    RMXATTR("rmxattr", true, XattrCommands::remove),
    LISTXATTR("listxattr", true, XattrCommands::list),
    SETOMAPVAL("setomapval", true, OmapCommands::set),
    GETOMAPVAL("getomapval", true, OmapCommands::get),
    RMOMAPKEY("rmomapkey", true, OmapCommands::remove),
    LISTOMAPKEYS("listomapkeys", true, OmapCommands::listKeys),
    LISTOMAPVALS("listomapvals", true, OmapCommands::listValues),
    CLEAROMAP("clearomap", true, OmapCommands::clear),
    GETOMAPHEADER("getomapheader", true, OmapCommands::getHeader),
    SETOMAPHEADER("setomapheader", true, OmapCommands::setHeader),
    WATCH("watch", true, WatchCommands::watch),
    NOTIFY("notify", true, WatchCommands::notifyWatchers),
    LISTWATCHERS("listwatchers", true, WatchCommands::listWatchers),
    SET_ALLOC_HINT("set-alloc-hint", true, DataCommands::setAllocHint),
    BENCH("bench", true, BenchCommand::run),
    CLEANUP("cleanup", true, BenchCommand::cleanup);

    private final String word;
    private final boolean needsPool;
    private final Predicate<Session> body;

    /** @param body false for exit code 1 */
    Command(String word, boolean needsPool, Predicate<Session> body) {
        this.word = word;
        this.needsPool = needsPool;
        this.body = body;
    }

    static @Nullable Command find(String word) {
        for (Command command : values()) {
            if (command.word.equals(word)) {
                return command;
            }
        }
        return null;
    }

    boolean needsPool() {
        return needsPool;
    }

    int run(Session session) {
        return body.test(session) ? 0 : 1;
    }
}
