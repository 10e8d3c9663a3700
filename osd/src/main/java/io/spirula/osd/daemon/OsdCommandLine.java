package io.spirula.osd.daemon;

import io.spirula.common.encoding.Bytes;
import io.spirula.common.message.Command;
import io.spirula.common.message.CommandReply;
import io.spirula.common.message.OsdSuperblock;
import io.spirula.common.types.Errno;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code ceph tell osd.N} can ask. Ceph: OSD's admin socket commands. */
final class OsdCommandLine {
    private static final Pattern PREFIX = Pattern.compile("\"prefix\"\\s*:\\s*\"([^\"]*)\"");

    private static final List<String> COMMANDS = List.of(
            command("version", "print ceph version"),
            command("status", "high-level status of OSD"),
            command("get_command_descriptions", "list available commands"));

    /** What the status command shows. */
    record Status(OsdSuperblock superblock, String state, int groups) {}

    private final Supplier<Status> status;

    OsdCommandLine(Supplier<Status> status) {
        this.status = status;
    }

    private static String command(String prefix, String help) {
        return "{\"sig\":[\"" + prefix.replace(" ", "\",\"") + "\"],\"help\":\"" + help
                + "\",\"module\":\"osd\",\"perm\":\"r\",\"flags\":0}";
    }

    CommandReply answer(Command command) {
        Matcher prefix = PREFIX.matcher(String.join(" ", command.command()));
        String word = prefix.find() ? prefix.group(1) : "";
        return switch (word) {
            case "get_command_descriptions" -> reply(command, descriptions());
            case "version" ->
                reply(
                        command,
                        "{\n    \"version\": \"" + OsdVersion.SHORT + "\",\n    \"release\": \"" + OsdVersion.RELEASE
                                + "\",\n    \"release_type\": \"stable\"\n}\n");
            case "status" -> reply(command, status());
            default ->
                new CommandReply(command.tid(), -Errno.EINVAL, "unrecognized command '" + word + "'", Bytes.EMPTY);
        };
    }

    private static CommandReply reply(Command command, String output) {
        return new CommandReply(command.tid(), 0, "", Bytes.of(output));
    }

    private static String descriptions() {
        StringBuilder all = new StringBuilder("{");
        for (int i = 0; i < COMMANDS.size(); i++) {
            all.append(i == 0 ? "" : ",")
                    .append(String.format("\"cmd%03d\":", i))
                    .append(COMMANDS.get(i));
        }
        return all.append('}').toString();
    }

    private String status() {
        Status s = status.get();
        OsdSuperblock b = s.superblock();
        return """
            {
                "cluster_fsid": "%s",
                "osd_fsid": "%s",
                "whoami": %d,
                "state": "%s",
                "oldest_map": %d,
                "newest_map": %d,
                "num_pgs": %d
            }
            """.formatted(
                        b.clusterFsid(), b.osdFsid(), b.whoami(), s.state(), b.oldestMap(), b.newestMap(), s.groups());
    }
}
