package org.pgminicluster.server.attached;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class AttachedTest {

    @Test
    void it_is_told_without_its_passwords() {
        Attached attached = Attached.at("10.0.0.1", 5432)
                .user("admin")
                .password("secret")
                .replication("follower", "another secret")
                .reachedBy("10.1.0.1", 5433);

        assertThat(attached).hasToString("admin at 10.0.0.1:5432, reached by 10.1.0.1:5433");
        assertThat(attached.login().password()).isEqualTo("secret");
        assertThat(attached.replication())
                .hasValueSatisfying(role -> assertThat(role.password()).isEqualTo("another secret"));
    }

    @Test
    void until_more_is_said_it_is_reached_by_others_where_it_is_reached_from_here() {
        Attached attached = Attached.at("db", 5432).tls(Path.of("root.crt"));

        assertThat(attached).hasToString("postgres at db:5432");
        assertThat(attached.peer()).isEqualTo(attached.address());
        assertThat(attached.address().rootCertificate()).contains(Path.of("root.crt"));
        assertThat(attached.login().password()).isEmpty();
    }
}
