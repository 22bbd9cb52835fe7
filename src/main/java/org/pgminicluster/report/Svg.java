package org.pgminicluster.report;

import java.util.Locale;

/** Builds one SVG picture; its colours are the page's. */
final class Svg {

    private final StringBuilder body = new StringBuilder();

    /** Adds an element with attributes in pairs and no content. */
    Svg add(String element, Object... attributes) {
        open(element, attributes);
        body.insert(body.length() - 1, '/');
        return this;
    }

    /** Adds text at a place. */
    Svg text(double x, double y, String style, String text) {
        open("text", "x", x, "y", y, "class", style);
        body.append(Html.escape(text)).append("</text>");
        return this;
    }

    /** Begins a group that a pointer or a screen reader finds a title for. */
    Svg group(String style, String title) {
        open("g", "class", style);
        body.append("<title>").append(Html.escape(title)).append("</title>");
        return this;
    }

    /** The same, which a script finds by a name. */
    Svg group(String style, String title, String attribute, String name) {
        open("g", "class", style, attribute, name);
        body.append("<title>").append(Html.escape(title)).append("</title>");
        return this;
    }

    Svg end() {
        body.append("</g>\n");
        return this;
    }

    private void open(String element, Object... attributes) {
        body.append('<').append(element);
        for (int i = 0; i < attributes.length; i += 2) {
            body.append(' ')
                    .append(attributes[i])
                    .append("=\"")
                    .append(value(attributes[i + 1]))
                    .append('"');
        }
        body.append('>');
    }

    private static String value(Object value) {
        return value instanceof Double number ? number(number) : Html.escape(String.valueOf(value));
    }

    static String number(double value) {
        String text = String.format(Locale.ROOT, "%.1f", value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    /** The whole picture. */
    String picture(String name, double width, double height, String title, String description) {
        return "<svg class=\"" + name + "\" role=\"img\" viewBox=\"0 0 " + number(width) + " " + number(height)
                + "\" style=\"max-width:" + number(width) + "px\">\n<title>"
                + Html.escape(title) + "</title>\n<desc>" + Html.escape(description) + "</desc>\n" + body + "</svg>\n";
    }

    /** An arrow's head at its end, pointing as the line from one point to the other does. */
    Svg head(String style, double fromX, double fromY, double toX, double toY) {
        double length = Math.max(1, Math.hypot(toX - fromX, toY - fromY));
        double ux = (toX - fromX) / length;
        double uy = (toY - fromY) / length;
        double backX = toX - 9 * ux;
        double backY = toY - 9 * uy;
        return add(
                "path",
                "class",
                style,
                "d",
                "M" + number(toX) + " " + number(toY) + "L" + number(backX - 4 * uy) + " " + number(backY + 4 * ux)
                        + "L" + number(backX + 4 * uy) + " " + number(backY - 4 * ux) + "Z");
    }
}
