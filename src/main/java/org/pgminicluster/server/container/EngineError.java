package org.pgminicluster.server.container;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What an engine's refusal says once the wrapping is off. */
final class EngineError {

    private static final Pattern JSON_MESSAGE = Pattern.compile("\"message\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");

    private EngineError() {}

    /** The innermost message, in one line. */
    static String messageOf(@Nullable Throwable failure) {
        if (failure == null) {
            return "unknown";
        }
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage() == null ? root.toString() : root.getMessage();
        Matcher json = JSON_MESSAGE.matcher(message);
        String text = json.find() ? json.group(1).replace("\\\"", "\"") : message;
        return text.strip().replaceAll("\\s*\\R\\s*", "; ");
    }

    /** Whether a port could not be published because somebody else listens there. */
    static boolean isPortTaken(Throwable failure) {
        String message = messageOf(failure).toLowerCase(Locale.ROOT);
        return message.contains("port is already allocated") || message.contains("address already in use");
    }
}
