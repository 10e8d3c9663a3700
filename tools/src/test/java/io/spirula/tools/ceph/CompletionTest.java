package io.spirula.tools.ceph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts that shells load, in those shells, with a program in the place of ceph that notes how it was asked. */
class CompletionTest {
    private static final Path SCRIPTS = Path.of("src/main/dist/completion").toAbsolutePath();

    @TempDir
    private Path folder;

    private String shell(String name, String script) throws IOException, InterruptedException {
        Path shell = Path.of("/usr/bin", name);
        assumeTrue(Files.isExecutable(shell), name + " is not installed");
        Path ceph = folder.resolve("ceph");
        Files.writeString(
                ceph,
                "#!/bin/sh\necho \"$@\" > " + folder.resolve("asked") + "\nprintf 'osd\\nosd blocked\\n#help\\n'\n");
        assertThat(ceph.toFile().setExecutable(true)).isTrue();
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(shell.toString(), "-c", script)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return Files.readString(output, StandardCharsets.UTF_8);
    }

    private String bash(String words, int at) throws IOException, InterruptedException {
        return shell(
                "bash",
                "source " + SCRIPTS.resolve("ceph.bash") + "\nCOMP_WORDS=(" + folder.resolve("ceph") + " " + words
                        + ")\nCOMP_CWORD=" + at + "\n_ceph\nprintf '%s|' \"${COMPREPLY[@]}\"\n");
    }

    private String asked() throws IOException {
        return Files.readString(folder.resolve("asked")).strip();
    }

    @Test
    void bashAsksTheClusterThatTheLineNamesForTheWordsSoFar() throws Exception {
        assertThat(bash("-c x.conf osd bl", 4)).isEqualTo("osd|osd blocked|");
        assertThat(asked()).isEqualTo("-c x.conf --connect-timeout 5 --completion -- osd bl");
    }

    @Test
    void bashAsksForWhatMayComeFirst() throws Exception {
        assertThat(bash("''", 1)).startsWith("osd|");
        assertThat(asked()).isEqualTo("--connect-timeout 5 --completion --");
    }

    @Test
    void bashKnowsTheProgramsOwnOptions() throws Exception {
        assertThat(bash("--for", 1)).isEqualTo("--format|");
        assertThat(folder.resolve("asked")).doesNotExist();
    }

    @Test
    void zshAsksTheSame() throws Exception {
        String output = shell(
                "zsh",
                "compadd() { shift; print -rn -- \"${(j:|:)@}\" }\nwords=(" + folder.resolve("ceph")
                        + " -c x.conf osd bl)\nCURRENT=5\nsource " + SCRIPTS.resolve("_ceph") + "\n");
        assertThat(output).isEqualTo("osd|osd blocked");
        assertThat(asked()).isEqualTo("-c x.conf --connect-timeout 5 --completion -- osd bl");
    }
}
