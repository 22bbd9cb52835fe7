package org.pgminicluster.report;

/** Names and texts for Mermaid, which has words and signs of its own. */
final class MermaidText {

    private MermaidText() {}

    static String id(String node) {
        return "node_" + node.replaceAll("[^A-Za-z0-9_]", "_");
    }

    /** Entities as Mermaid takes them: a semicolon ends a statement in a sequence diagram. */
    static String text(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(letter -> {
            if (letter == '"' || letter == '#' || letter == ';' || letter == '<' || letter == '>' || letter == '&') {
                escaped.append('#').append(letter).append(';');
            } else if (Character.isISOControl(letter)) {
                escaped.append(' ');
            } else {
                escaped.appendCodePoint(letter);
            }
        });
        return escaped.toString();
    }
}
