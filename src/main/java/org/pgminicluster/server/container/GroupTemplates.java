package org.pgminicluster.server.container;

import java.util.HashMap;
import java.util.Map;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.server.ServerSpec;

/** The templates of the servers of a group: that of the image which most of them run, and those of others. */
final class GroupTemplates {

    private final Engine engine;
    private final ServerSettings settings;
    private final TemplateImage usual;
    private final Map<String, TemplateImage> others = new HashMap<>();

    GroupTemplates(Engine engine, ServerSettings settings) throws Unavailable {
        this.engine = engine;
        this.settings = settings;
        this.usual = ensure(settings);
    }

    /** What any server of the group can begin with that has nothing to do but to be there. */
    TemplateImage usual() {
        return usual;
    }

    /**
     * What a server begins with; found or made when it is first asked for.
     *
     * @throws org.pgminicluster.EnvironmentException if its image cannot be had here
     */
    synchronized TemplateImage of(ServerSpec spec) {
        return spec.postgres().map(this::other).orElse(usual);
    }

    private TemplateImage other(String postgres) {
        TemplateImage known = others.get(postgres);
        if (known != null) {
            return known;
        }
        try {
            TemplateImage made = ensure(settings.withPostgres(postgres));
            others.put(postgres, made);
            return made;
        } catch (Unavailable e) {
            throw e.asFailure();
        }
    }

    private TemplateImage ensure(ServerSettings wanted) throws Unavailable {
        return TemplateImages.ensure(engine, BaseImage.require(engine, wanted), wanted);
    }
}
