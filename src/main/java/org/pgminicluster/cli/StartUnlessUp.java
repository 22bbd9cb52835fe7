package org.pgminicluster.cli;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.cli.byhand.ShellWord;
import org.pgminicluster.lab.lesson.Language;
import org.pgminicluster.server.ServerSettings;

/** Starts a cluster that stays up. What is up already stays as it is, and nothing else is started beside it. */
record StartUnlessUp(
        Context context,
        ServerOptions servers,
        Topologies wanted,
        @Nullable LessonWish lesson) {

    /** Without a lesson that is data. */
    StartUnlessUp(Context context, ServerOptions servers, Topologies wanted) {
        this(context, servers, wanted, null);
    }

    /**
     * @param then shows what there is to see of it, whoever has started it
     * @throws CommandException if another one is up
     */
    void run(Language language, boolean quiet, DaemonStart.ThenShow then) {
        ServerSettings settings = servers.settings(context);
        Optional<DaemonState> there = ClusterDirectory.in(settings).state();
        if (there.isPresent() && !there.get().isGone()) {
            refuseAnother(there.get(), settings);
            context.terminal().out().println("A cluster is up already; minicluster down ends it.");
            then.show();
        } else {
            new DaemonStart(context, settings).start(wanted, lesson, command(language), language, quiet, then);
        }
    }

    /** As it would be typed again. */
    private String command(Language language) {
        return wanted.command()
                + (lesson == null ? "" : " --lesson " + ShellWord.quoted(lesson.typed()))
                + servers.repeated()
                + (language == Language.EN ? "" : " --lang " + language.code());
    }

    private void refuseAnother(DaemonState there, ServerSettings settings) {
        boolean same = (!servers.asksForVersion() || there.postgres().equals(settings.postgres()))
                && (!servers.asksForKind()
                        || there.servers().equals(settings.kind().toString()))
                && wanted.isMetBy(there.topology())
                && Objects.equals(there.lesson(), lesson == null ? null : lesson.name());
        if (!same) {
            throw CommandException.inconclusive("expected no other cluster to be up, but was " + there.description()
                    + "; end it with minicluster down first");
        }
    }
}
