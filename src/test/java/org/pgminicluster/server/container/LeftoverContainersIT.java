package org.pgminicluster.server.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgminicluster.server.container.Fixture.docker;
import static org.pgminicluster.server.container.Fixture.holdings;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pgminicluster.server.Owner;
import org.pgminicluster.server.container.Fixture.Holdings;

@NeedsContainers
class LeftoverContainersIT {

    private static final String GONE = "left-by-a-killed-run";
    private static final String LIVING = "of-a-living-run";
    private static final String ELSEWHERE = "of-another-machine";
    private static final String USERS_OWN = "users-own";

    private final Owner self = Owner.current();
    private final Map<String, String> networks = new HashMap<>();
    private final Map<String, String> containers = new HashMap<>();

    @BeforeEach
    void make() throws Exception {
        BaseImage base = BaseImage.require(Fixture.engine(), Fixture.SETTINGS);
        make(base, GONE, new Owner(self.host(), self.pid(), self.startedMillis() - 1).toMap());
        make(base, LIVING, self.toMap());
        make(base, ELSEWHERE, new Owner("another-machine", 1, 1).toMap());
        make(base, USERS_OWN, Map.of());
    }

    @AfterEach
    void remove() {
        containers.values().forEach(id -> Removal.container(docker(), id));
        networks.values().forEach(id -> Removal.network(docker(), id));
    }

    @Test
    void only_what_a_killed_run_of_this_machine_left_is_removed() {
        LeftoverContainers.remove(docker());

        assertThat(holdings(GONE)).isEqualTo(Holdings.NONE);
        assertThat(holdings(LIVING)).isEqualTo(new Holdings(1, 1));
        assertThat(holdings(ELSEWHERE)).isEqualTo(new Holdings(1, 1));
        assertThat(holdings(USERS_OWN)).isEqualTo(new Holdings(1, 1));
    }

    @Test
    void a_network_is_removed_even_if_somebody_joined_it() {
        docker().connectToNetworkCmd()
                .withNetworkId(networks.get(GONE))
                .withContainerId(containers.get(USERS_OWN))
                .exec();
        docker().startContainerCmd(containers.get(USERS_OWN)).exec();

        LeftoverContainers.remove(docker());

        assertThat(holdings(GONE)).isEqualTo(Holdings.NONE);
        assertThat(ContainerState.of(docker(), String.valueOf(containers.get(USERS_OWN)))
                        .running())
                .isTrue();
    }

    private void make(BaseImage base, String group, Map<String, String> owner) {
        Map<String, String> labels = new HashMap<>(owner);
        labels.put(EngineLabels.GROUP, group);
        containers.put(
                group,
                docker().createContainerCmd(base.name())
                        .withEntrypoint("sleep", "1000")
                        .withLabels(labels)
                        .exec()
                        .getId());
        networks.put(
                group,
                docker().createNetworkCmd()
                        .withName(Names.unique(group))
                        .withLabels(labels)
                        .exec()
                        .getId());
    }
}
