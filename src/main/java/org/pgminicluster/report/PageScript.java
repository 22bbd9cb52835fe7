package org.pgminicluster.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The script of a page, which is the only one that runs there: the page's own policy names its checksum, and lets nothing be
 * loaded from anywhere.
 */
final class PageScript {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What the script has to say. */
    private static final List<String> WORDS = List.of(
            "copy",
            "copied",
            "all",
            "nodes",
            "search",
            "found",
            "previous",
            "next",
            "moment",
            "moments",
            "rows",
            "more",
            "empty",
            "read");

    private static final String SOURCE = HtmlWriter.resource("report.js");

    private PageScript() {}

    static String policy() {
        return "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none';"
                + " script-src 'sha256-" + checksum() + "'";
    }

    private static String checksum() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(SOURCE.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** The elements at the end of a page: what the script is to show, and itself. */
    static String elements(Document document, Labels labels) {
        @Nullable Stage stage = document.stage();
        Map<String, Object> data = new LinkedHashMap<>();
        Map<String, String> words = new LinkedHashMap<>();
        WORDS.forEach(word -> words.put(word, labels.get("script." + word)));
        data.put("words", words);
        if (stage != null) {
            data.put("moments", stage.moments());
            data.put("contents", stage.contents());
        }
        return "<script type=\"application/json\" id=\"page-data\">" + json(data) + "</script>\n<script>" + SOURCE
                + "</script>\n";
    }

    /** Nothing in it ends the element that it stands in. */
    private static String json(Object data) {
        try {
            return JSON.writeValueAsString(data)
                    .replace("<", "\\u003c")
                    .replace(">", "\\u003e")
                    .replace("&", "\\u0026");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a page that JSON cannot hold", e);
        }
    }
}
