package org.pgminicluster.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.pgminicluster.journal.Trace;
import org.pgminicluster.report.Frame.State;
import org.pgminicluster.report.Frame.Tone;
import org.pgminicluster.report.TopologyPlan.Box;

/** Draws the nodes and who feeds whom, with the state of one moment. The numbers of the arrows are those of a table. */
final class TopologyPicture {

    private static final double ARC = 46;
    private static final double STEP = 34;
    /** How far from a box an arrow goes that has nothing to do with it: what is said of it stands between the two. */
    private static final double ROUND = 90;

    private final List<String> nodes;
    private final Map<String, Trace.Member> members = new LinkedHashMap<>();
    private final List<Trace.Arrow> arrows;
    private final Labels labels;
    private final TopologyPlan plan;
    private final Map<String, Integer> beside = new HashMap<>();

    TopologyPicture(Run run, List<Trace.Arrow> arrows, Labels labels) {
        this.nodes = run.nodes();
        this.arrows = arrows;
        this.labels = labels;
        run.layout().members().forEach(member -> members.put(member.node(), member));
        Map<String, Integer> badges = new HashMap<>();
        nodes.forEach(node -> badges.put(node, badges(node).size()));
        TopologyPlan flat = new TopologyPlan(nodes, arrows, badges, 0);
        boolean arcs = arrows.stream().anyMatch(arrow -> isArc(flat, arrow));
        this.plan = new TopologyPlan(nodes, arrows, badges, arcs ? ARC : 0);
    }

    /** A table on a node, and whether it may be written there. */
    private record Badge(String table, boolean readOnly) {}

    private List<Badge> badges(String node) {
        Trace.Member member = members.get(node);
        List<Badge> badges = new ArrayList<>();
        if (member != null) {
            member.publishes().stream()
                    .filter(table -> !member.readOnly().contains(table))
                    .forEach(table -> badges.add(new Badge(table, false)));
            member.readOnly().forEach(table -> badges.add(new Badge(table, true)));
        }
        return badges;
    }

    private static boolean isArc(TopologyPlan plan, Trace.Arrow arrow) {
        return plan.rank(arrow.from()) == plan.rank(arrow.to())
                && Math.abs(plan.place(arrow.from()) - plan.place(arrow.to())) > 1;
    }

    String draw(Frame frame, String title) {
        Svg svg = new Svg();
        beside.clear();
        List<Runnable> said = new ArrayList<>();
        for (int i = 0; i < arrows.size(); i++) {
            if (plan.has(arrows.get(i).from()) && plan.has(arrows.get(i).to())) {
                arrow(svg, i, frame, said);
            }
        }
        // Above all lines, none of which strikes out what is said of another.
        said.forEach(Runnable::run);
        nodes.forEach(node -> node(svg, node, frame));
        return svg.picture("topology", plan.width(), plan.height(), title, description(frame));
    }

    private String description(Frame frame) {
        StringBuilder text = new StringBuilder();
        nodes.forEach(node ->
                text.append(node).append(": ").append(frame.node(node).text()).append(". "));
        arrows.forEach(arrow -> text.append(arrow.from())
                .append(" → ")
                .append(arrow.to())
                .append(" (")
                .append(arrow.name())
                .append("): ")
                .append(frame.arrow(arrow).text())
                .append(". "));
        return text.toString().strip();
    }

    private void node(Svg svg, String node, Frame frame) {
        Box box = plan.box(node);
        State state = frame.node(node);
        svg.group("node " + css(state.tone()), node + ": " + state.text(), "data-node", node);
        svg.add(
                "rect",
                "class",
                "box",
                "x",
                box.x(),
                "y",
                box.y(),
                "width",
                TopologyPlan.WIDTH,
                "height",
                box.height(),
                "rx",
                10);
        svg.text(box.x() + 14, box.y() + 26, "name", node);
        svg.text(box.x() + 14, box.y() + 44, "state", stateText(node, frame));
        double y = box.y() + 52;
        for (Badge badge : badges(node)) {
            svg.add(
                    "rect",
                    "class",
                    badge.readOnly() ? "badge ro" : "badge rw",
                    "x",
                    box.x() + 14,
                    "y",
                    y,
                    "width",
                    26,
                    "height",
                    17,
                    "rx",
                    4);
            svg.text(box.x() + 27, y + 12.5, badge.readOnly() ? "mode ro" : "mode rw", badge.readOnly() ? "ro" : "rw");
            svg.text(box.x() + 48, y + 13, "table", shorten(badge.table(), 20));
            y += 24;
        }
        svg.end();
    }

    /** What stands in a node's box. */
    String stateText(String node, Frame frame) {
        State state = frame.node(node);
        Trace.Member member = members.get(node);
        String sign = switch (state.tone()) {
            case GOOD -> "● ";
            case BAD -> "✗ ";
            case ABSENT, UNKNOWN -> "○ ";
        };
        return sign + state.text() + (member == null ? "" : " · " + member.version());
    }

    private void arrow(Svg svg, int index, Frame frame, List<Runnable> above) {
        Trace.Arrow arrow = arrows.get(index);
        Box from = plan.box(arrow.from());
        Box to = plan.box(arrow.to());
        group(svg, index, frame);
        double x1;
        double y1;
        double x2;
        double y2;
        double labelX;
        double labelY;
        if (isArc(plan, arrow)) {
            x1 = from.middle();
            y1 = from.y();
            x2 = to.middle();
            y2 = to.y();
            double top = Math.min(y1, y2) - ARC;
            curve(svg, x1, y1, x1, top, x2, top, x2, y2);
            svg.head("head", x2, y2 - 20, x2, y2);
            labelX = (x1 + x2) / 2;
            labelY = top + 12;
        } else {
            if (plan.rank(arrow.from()) == plan.rank(arrow.to())) {
                boolean right = from.x() < to.x();
                int lane = beside.merge(right ? arrow.from() + arrow.to() : arrow.to() + arrow.from(), 1, Integer::sum)
                        - 1;
                x1 = right ? from.right() : from.x();
                x2 = right ? to.x() : to.right();
                y1 = from.y() + 22 + lane * STEP;
                y2 = y1;
            } else {
                boolean down = plan.rank(arrow.from()) < plan.rank(arrow.to());
                x1 = port(arrow.from(), index, true);
                x2 = port(arrow.to(), index, false);
                y1 = down ? from.bottom() : from.y();
                y2 = down ? to.y() : to.bottom();
            }
            OptionalDouble side = wayRound(arrow);
            if (side.isPresent()) {
                double x = side.getAsDouble();
                double bend = (y2 - y1) / 3;
                curve(svg, x1, y1, x, y1 + bend, x, y2 - bend, x2, y2);
                svg.head("head", (x + 2 * x2) / 3, y2 - bend / 3, x2, y2);
                labelX = (x1 + 6 * x + x2) / 8;
            } else {
                svg.add("line", "class", "line", "x1", x1, "y1", y1, "x2", x2, "y2", y2);
                svg.head("head", x1, y1, x2, y2);
                labelX = (x1 + x2) / 2;
            }
            labelY = (y1 + y2) / 2;
            if (Math.abs(y1 - y2) >= 1) {
                // Those beside it between the same boxes have theirs at other heights.
                double share = share(arrow) - 0.5;
                labelX += share * (x2 - x1);
                labelY += share * (y2 - y1);
            }
        }
        boolean level = Math.abs(y1 - y2) < 1;
        svg.end();
        double middleX = level && !isArc(plan, arrow) ? Math.min(x1, x2) + 30 : labelX;
        double middleY = labelY;
        above.add(() -> label(svg, index, frame, level, middleX, middleY));
    }

    /** How far along it an arrow has its label: in the middle if it is the only one from there to there. */
    private double share(Trace.Arrow arrow) {
        List<Trace.Arrow> alike = arrows.stream()
                .filter(it -> it.from().equals(arrow.from()) && it.to().equals(arrow.to()))
                .toList();
        return (alike.indexOf(arrow) + 1.0) / (alike.size() + 1);
    }

    private void group(Svg svg, int index, Frame frame) {
        Trace.Arrow arrow = arrows.get(index);
        State state = frame.arrow(arrow);
        svg.group(
                "arrow " + css(state.tone()) + (arrow.physical() ? " physical" : ""),
                (index + 1) + ". " + arrow.from() + " → " + arrow.to() + ", " + arrow.name() + ": " + state.text(),
                "data-arrow",
                Integer.toString(index));
    }

    private void label(Svg svg, int index, Frame frame, boolean level, double labelX, double labelY) {
        Trace.Arrow arrow = arrows.get(index);
        group(svg, index, frame);
        svg.add("circle", "class", "number", "cx", labelX, "cy", labelY, "r", 10);
        svg.text(labelX, labelY + 4, "digit", Integer.toString(index + 1));
        String tables = arrow.physical()
                ? labels.get("topology.wal")
                : shorten(String.join(", ", arrow.tables()), level ? 14 : 22);
        String said = said(index, frame);
        if (level) {
            svg.text(labelX + 14, labelY - 5, "carries", tables);
            svg.text(labelX + 14, labelY + 14, "said", said);
        } else {
            svg.text(labelX + 15, labelY - 2, "carries", tables);
            svg.text(labelX + 15, labelY + 12, "said", said);
        }
        svg.end();
    }

    /** What stands at an arrow. Between two boxes there is no room for the whole reason: the table has it. */
    String said(int index, Frame frame) {
        Trace.Arrow arrow = arrows.get(index);
        State state = frame.arrow(arrow);
        boolean level = plan.rank(arrow.from()) == plan.rank(arrow.to()) && !isArc(plan, arrow);
        String said = state.tone() != Tone.BAD
                ? lag(frame, arrow, state)
                : "✗ " + (level ? labels.get("state.stopped") : state.text());
        return shorten(said, level ? 15 : 24);
    }

    /** From the first of these four points, each an x and a y, to the last, drawn towards the two between. */
    private static void curve(Svg svg, double... points) {
        String[] p = Arrays.stream(points).mapToObj(Svg::number).toArray(String[]::new);
        svg.add(
                "path",
                "class",
                "line",
                "d",
                "M" + p[0] + " " + p[1] + "C" + p[2] + " " + p[3] + " " + p[4] + " " + p[5] + " " + p[6] + " " + p[7]);
    }

    /** Past the boxes of the rows between its ends, on the nearer side; empty if there is no such row. */
    private OptionalDouble wayRound(Trace.Arrow arrow) {
        int first = Math.min(plan.rank(arrow.from()), plan.rank(arrow.to()));
        int last = Math.max(plan.rank(arrow.from()), plan.rank(arrow.to()));
        List<Box> between = nodes.stream()
                .filter(node -> plan.rank(node) > first && plan.rank(node) < last)
                .map(plan::box)
                .toList();
        if (between.isEmpty()) {
            return OptionalDouble.empty();
        }
        double left = between.stream().mapToDouble(Box::x).min().orElse(0);
        double right = between.stream().mapToDouble(Box::right).max().orElse(0);
        boolean toTheLeft = plan.box(arrow.from()).middle() < (left + right) / 2;
        // The curve comes three quarters of the way to this point.
        return OptionalDouble.of(
                toTheLeft ? Math.max(0, left - 2.2 * ROUND) : Math.min(plan.width(), right + 1.2 * ROUND));
    }

    private String lag(Frame frame, Trace.Arrow arrow, State state) {
        Trace.Slot slot = frame.slot(arrow);
        return state.tone() == Tone.GOOD && slot != null && slot.behind() != null
                ? labels.get("topology.behind", labels.bytes(Math.max(0, slot.behind())))
                : state.text();
    }

    /** Where on a box's edge an arrow begins or ends: apart from the others, in the order of their other ends. */
    private double port(String node, int index, boolean starts) {
        Trace.Arrow arrow = arrows.get(index);
        boolean below = plan.rank(arrow.from()) < plan.rank(arrow.to()) == starts;
        List<Integer> sharing = IntStream.range(0, arrows.size())
                .filter(i -> uses(arrows.get(i), node, below))
                .boxed()
                .sorted((a, b) -> Double.compare(other(node, a), other(node, b)))
                .toList();
        double share = TopologyPlan.WIDTH / (sharing.size() + 1);
        return plan.box(node).x() + share * (sharing.indexOf(index) + 1);
    }

    private boolean uses(Trace.Arrow arrow, String node, boolean below) {
        if (plan.rank(arrow.from()) == plan.rank(arrow.to())) {
            return false;
        }
        boolean down = plan.rank(arrow.from()) < plan.rank(arrow.to());
        return arrow.from().equals(node) && down == below || arrow.to().equals(node) && down != below;
    }

    private double other(String node, int index) {
        Trace.Arrow arrow = arrows.get(index);
        return plan.box(arrow.from().equals(node) ? arrow.to() : arrow.from()).x() + index * 0.001;
    }

    private static String css(Tone tone) {
        return tone.name().toLowerCase(Locale.ROOT);
    }

    static String shorten(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most - 1) + "…";
    }

    /** The same for Markdown. */
    String mermaid(Frame frame) {
        StringBuilder chart = new StringBuilder("flowchart TB\n");
        for (String node : nodes) {
            List<String> lines = new ArrayList<>(List.of(
                    "<b>" + MermaidText.text(node) + "</b>",
                    MermaidText.text(frame.node(node).text())));
            badges(node)
                    .forEach(badge -> lines.add((badge.readOnly() ? "ro " : "rw ") + MermaidText.text(badge.table())));
            chart.append("    ")
                    .append(MermaidText.id(node))
                    .append("[\"")
                    .append(String.join("<br/>", lines))
                    .append("\"]\n");
        }
        for (Trace.Arrow arrow : arrows) {
            String line = arrow.physical() ? " -.->" : " -->";
            chart.append("    ")
                    .append(MermaidText.id(arrow.from()))
                    .append(line)
                    .append("|\"")
                    .append(MermaidText.text(arrow.name()));
            chart.append("<br/>")
                    .append(MermaidText.text(lag(frame, arrow, frame.arrow(arrow))))
                    .append("\"| ")
                    .append(MermaidText.id(arrow.to()))
                    .append('\n');
        }
        return chart.toString();
    }
}
