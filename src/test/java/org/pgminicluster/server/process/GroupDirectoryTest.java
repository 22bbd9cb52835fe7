package org.pgminicluster.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.pgminicluster.EnvironmentException;
import org.pgminicluster.server.Owner;

class GroupDirectoryTest {

    @TempDir
    private Path temporary;

    @Test
    void says_whose_it_is_and_is_never_the_same_twice() {
        GroupDirectory first = GroupDirectory.make(temporary, "a scenario");
        GroupDirectory second = GroupDirectory.make(temporary, "a scenario");

        long pid = ProcessHandle.current().pid();
        assertThat(first.path().getFileName()).hasToString("run-" + pid + "-1-a%20scenario");
        assertThat(second.path().getFileName()).hasToString("run-" + pid + "-2-a%20scenario");
        assertThat(first.owner()).hasValue(Owner.current());
    }

    @Test
    void a_long_name_is_cut() {
        assertThat(GroupDirectory.make(temporary, "x".repeat(300))
                        .path()
                        .getFileName()
                        .toString())
                .endsWith("-1-" + "x".repeat(60));
    }

    @Test
    void is_deleted_with_what_is_in_it_and_once_more_without_harm() throws Exception {
        GroupDirectory run = GroupDirectory.make(temporary, "g");
        Files.createDirectories(run.server("vm1").resolve("data/base"));
        Files.writeString(run.server("vm1").resolve("data/base/1"), "x");

        run.delete();
        run.delete();

        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void none_is_there_before_the_first_is_made() throws Exception {
        assertThat(GroupDirectory.all(temporary.resolve("never made"))).isEmpty();
    }

    @Test
    void one_without_an_owners_name_has_none() throws Exception {
        GroupDirectory run = new GroupDirectory(Files.createDirectory(temporary.resolve("run-1-1-x")));

        assertThat(run.owner()).isEmpty();
        Files.writeString(run.path().resolve("owner.properties"), "org.pgminicluster.owner.pid=\\uXYZ");
        assertThat(run.owner()).isEmpty();
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no root")
    @EnabledIfSystemProperty(named = "user.name", matches = "root", disabledReason = "only root can give files away")
    void a_temporary_directory_of_another_user_is_refused() throws Exception {
        Path foreign = Files.createDirectory(temporary.resolve("foreign"));
        Files.setOwner(
                foreign, foreign.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));

        assertThatThrownBy(() -> GroupDirectory.make(foreign, "g"))
                .isInstanceOf(EnvironmentException.class)
                .hasMessage("expected the temporary directory " + foreign
                        + " to be one's own, but was nobody's; choose another with -Dminicluster.tmp=DIRECTORY");
        assertThat(foreign).isEmptyDirectory();
    }
}
