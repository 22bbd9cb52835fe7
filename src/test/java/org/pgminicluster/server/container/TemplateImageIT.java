package org.pgminicluster.server.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.pgminicluster.server.container.Fixture.docker;

import com.github.dockerjava.api.model.ContainerConfig;
import com.github.dockerjava.api.model.Image;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pgminicluster.EnvironmentException;
import org.pgminicluster.server.InParallel;
import org.pgminicluster.server.ServerSettings;

@NeedsContainers
class TemplateImageIT {

    private static final String REPOSITORY = "pg-minicluster-test-base";

    @AfterEach
    void removeImages() {
        // The containers that made them are taken away in the background.
        Behind.await();
        templates()
                .forEach(image ->
                        docker().removeImageCmd(image.getId()).withForce(true).exec());
        docker().listImagesCmd()
                .withReferenceFilter(REPOSITORY)
                .exec()
                .forEach(image ->
                        docker().removeImageCmd(image.getId()).withForce(true).exec());
    }

    @Test
    void two_builds_at_once_make_one_and_a_newer_base_takes_its_place() throws Exception {
        BaseImage base = anotherBase();

        List<TemplateImage> made = InParallel.map(
                List.of(1, 2, 3), i -> TemplateImages.ensure(Fixture.unchecked(), base, Fixture.SETTINGS));

        assertThat(made).hasSize(3).containsOnly(made.get(0));
        assertThat(templates()).hasSize(1);
        // Not those of other templates, which other tests may be making now.
        Behind.await();
        assertThat(docker().listContainersCmd()
                        .withShowAll(true)
                        .withAncestorFilter(List.of(base.name()))
                        .exec())
                .isEmpty();
        assertThat(labels(templates().get(0)))
                .containsEntry("org.testcontainers.sessionId", "")
                .containsEntry("org.pgminicluster.owner.pid", "");

        TemplateImage successor = TemplateImages.ensure(Fixture.unchecked(), anotherBase(), Fixture.SETTINGS);

        assertThat(successor.image()).isNotEqualTo(made.get(0).image());
        assertThat(templates()).hasSize(1);
        assertThat(templates().get(0).getRepoTags()).containsExactly(successor.image());
    }

    @Test
    void an_image_that_starts_as_another_user_than_root_will_do() throws Exception {
        BaseImage base = anotherBase("postgres");
        assertThat(docker().inspectImageCmd(base.name()).exec().getConfig())
                .extracting(ContainerConfig::getUser)
                .isEqualTo("postgres");

        TemplateImage template = TemplateImages.ensure(Fixture.unchecked(), base, Fixture.SETTINGS);

        assertThat(templates().get(0).getRepoTags()).containsExactly(template.image());
    }

    @Test
    void something_else_of_the_name_of_a_template_is_none() throws Exception {
        BaseImage base = anotherBase();
        String image =
                TemplateImage.REPOSITORY + ":" + TemplateImage.key(base.id(), TemplateImage.initdb(Fixture.SETTINGS));
        docker().tagImageCmd(
                        base.id(),
                        TemplateImage.REPOSITORY,
                        TemplateImage.key(base.id(), TemplateImage.initdb(Fixture.SETTINGS)))
                .exec();

        TemplateImage template = TemplateImages.ensure(Fixture.unchecked(), base, Fixture.SETTINGS);

        assertThat(template.image()).isEqualTo(image);
        assertThat(labels(templates().get(0))).containsEntry(TemplateImage.PASSWORD_LABEL, template.password());
    }

    @Test
    void an_image_that_nobody_has_is_told_with_what_to_do() {
        Properties properties = new Properties();
        properties.setProperty("minicluster.postgres", "99");
        ServerSettings settings = ServerSettings.from(properties);

        String reason = ContainerServers.whyUnavailable(settings).orElseThrow();

        assertThat(reason)
                .startsWith("expected the image postgres:99 to be present or pulled within 20 s, but was not (")
                .endsWith(")")
                .doesNotContain("\n");
        assertThatThrownBy(() -> new ContainerServers(settings).open("x", Fixture.logs("x")))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageStartingWith(
                        "expected the image postgres:99 to be present or pulled within 20 s, but was not")
                .hasMessageEndingWith("; run docker pull postgres:99 or scripts/build-postgres-image, or take local"
                        + " processes instead with -Dminicluster.servers=process");
    }

    /** The image under test by another name, and with another id each time. */
    private static BaseImage anotherBase() throws Unavailable {
        return anotherBase("");
    }

    /** @param user as whom it starts; empty for root */
    private static BaseImage anotherBase(String user) throws Unavailable {
        BaseImage base = BaseImage.require(Fixture.engine(), Fixture.SETTINGS);
        String container = docker().createContainerCmd(base.name()).exec().getId();
        try {
            String id = docker().commitCmd(container)
                    .withRepository(REPOSITORY)
                    .withTag("1")
                    .withUser(user)
                    .withLabels(Map.of("test", UUID.randomUUID().toString()))
                    .exec();
            return new BaseImage(REPOSITORY + ":1", Objects.requireNonNull(id));
        } finally {
            Removal.container(docker(), container);
        }
    }

    private static List<Image> templates() {
        return docker().listImagesCmd()
                .withLabelFilter(Map.of(TemplateImage.BASE_LABEL, REPOSITORY + ":1"))
                .exec();
    }

    private static Map<String, String> labels(Image image) {
        return Map.copyOf(Objects.requireNonNull(Objects.requireNonNull(
                        docker().inspectImageCmd(image.getId()).exec().getConfig())
                .getLabels()));
    }
}
