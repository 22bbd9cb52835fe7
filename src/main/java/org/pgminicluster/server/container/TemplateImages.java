package org.pgminicluster.server.container;

import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.exception.NotFoundException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.server.TemplateLock;

/** The templates that an engine has. */
final class TemplateImages {

    private TemplateImages() {}

    /** Finds the template or makes it; only one of several builds that need it at once does. */
    static TemplateImage ensure(Engine engine, BaseImage base, ServerSettings settings) {
        String key = TemplateImage.key(base.id(), TemplateImage.initdb(settings));
        String image = TemplateImage.REPOSITORY + ":" + key;
        return find(engine, image)
                .orElseGet(() -> TemplateLock.hold(
                        settings.cache(),
                        "container-template-" + key,
                        () -> makeUnlessThere(engine, base, settings, image)));
    }

    private static TemplateImage makeUnlessThere(Engine engine, BaseImage base, ServerSettings settings, String image) {
        Optional<TemplateImage> there = find(engine, image);
        if (there.isPresent()) {
            return there.get();
        }
        new TemplateBuild(engine, base, settings).make(image);
        // Looked up and not remembered: the lock is this user's, the engine may be everybody's.
        return find(engine, image)
                .orElseThrow(() -> new MiniClusterException(
                        "expected the engine to have " + image + ", which was just made, but it has not"));
    }

    /** Something of that name that was not made by {@link TemplateBuild} is none. */
    private static Optional<TemplateImage> find(Engine engine, String image) {
        try {
            InspectImageResponse found = engine.client().inspectImageCmd(image).exec();
            Map<String, String> labels =
                    found.getConfig() == null ? null : found.getConfig().getLabels();
            return Optional.ofNullable(labels)
                    .map(all -> all.get(TemplateImage.PASSWORD_LABEL))
                    .map(password -> new TemplateImage(image, password, volumes(found)));
        } catch (NotFoundException e) {
            return Optional.empty();
        }
    }

    private static Set<String> volumes(InspectImageResponse found) {
        Map<String, ?> declared =
                found.getConfig() == null ? null : found.getConfig().getVolumes();
        return declared == null ? Set.of() : Set.copyOf(declared.keySet());
    }
}
