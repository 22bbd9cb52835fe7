package org.pgminicluster.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A headless Chromium with one page, driven by its DevTools protocol. */
final class Chromium implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SECONDS = 120;
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

    private final Process process;
    private final WebSocket socket;
    private final List<JsonNode> events = new CopyOnWriteArrayList<>();
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final AtomicInteger ids = new AtomicInteger();
    private String session = "";

    private Chromium(Process process, URI address) {
        this.process = process;
        this.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(address, new Listener())
                .orTimeout(SECONDS, TimeUnit.SECONDS)
                .join();
    }

    /** Where it is installed, if it is on the path. */
    static Optional<Path> installed() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.of(path.split(File.pathSeparator))
                .flatMap(directory -> NAMES.stream().map(name -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    static Chromium start(Path program, Path directory) throws IOException {
        Path profile = directory.resolve("profile");
        ProcessBuilder command = new ProcessBuilder(
                        program.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("chromium.log").toFile());
        // It leaves a directory with its socket there.
        command.environment().put("TMPDIR", directory.toString());
        Process process = command.start();
        try {
            Path port = profile.resolve("DevToolsActivePort");
            Awaitility.await()
                    .atMost(SECONDS, TimeUnit.SECONDS)
                    .until(() -> Files.exists(port) && Files.readAllLines(port).size() == 2);
            List<String> lines = Files.readAllLines(port);
            Chromium chromium = new Chromium(process, URI.create("ws://127.0.0.1:" + lines.get(0) + lines.get(1)));
            JsonNode target = chromium.send("Target.createTarget", Map.of("url", "about:blank"));
            chromium.session = chromium.send(
                            "Target.attachToTarget",
                            Map.of("targetId", target.path("targetId").asText(), "flatten", true))
                    .path("sessionId")
                    .asText();
            for (String domain : List.of("Page", "Network", "Log", "Runtime")) {
                chromium.send(domain + ".enable", Map.of());
            }
            return chromium;
        } catch (RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    JsonNode send(String method, Map<String, ?> parameters) {
        int id = ids.incrementAndGet();
        ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
        message.set("params", JSON.valueToTree(parameters));
        if (!session.isEmpty()) {
            message.put("sessionId", session);
        }
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        answers.put(id, answer);
        socket.sendText(message.toString(), true)
                .orTimeout(SECONDS, TimeUnit.SECONDS)
                .join();
        return answer.orTimeout(SECONDS, TimeUnit.SECONDS).join();
    }

    /** Opens a page as somebody with this screen and these preferences sees it, and returns when it is loaded. */
    void open(URI page, int width, boolean dark) {
        send(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", width < 600));
        send(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
        events.clear();
        send("Page.navigate", Map.of("url", page.toString()));
        Awaitility.await()
                .atMost(SECONDS, TimeUnit.SECONDS)
                .until(() -> events.stream()
                        .anyMatch(event -> event.path("method").asText().equals("Page.loadEventFired")));
    }

    /** What an expression gives in the page. */
    JsonNode evaluate(String expression) {
        JsonNode answer = send("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true));
        if (answer.has("exceptionDetails")) {
            throw new IllegalStateException(answer.path("exceptionDetails").toString());
        }
        return answer.path("result").path("value");
    }

    /** Presses a key such as {@code ArrowDown} where the focus is. */
    void press(String key) {
        for (String type : List.of("rawKeyDown", "keyUp")) {
            send("Input.dispatchKeyEvent", Map.of("type", type, "key", key, "code", key));
        }
    }

    /** The addresses that were asked for since the page was opened. */
    List<String> requests() {
        return events("Network.requestWillBeSent").stream()
                .map(event -> event.path("request").path("url").asText())
                .toList();
    }

    /** What the console says since then. */
    List<String> complaints() {
        List<String> complaints = new ArrayList<>();
        for (String method : List.of("Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown")) {
            events(method).forEach(event -> complaints.add(event.toString()));
        }
        return complaints;
    }

    private List<JsonNode> events(String method) {
        return events.stream()
                .filter(event -> event.path("method").asText().equals(method))
                .map(event -> event.path("params"))
                .toList();
    }

    @Override
    public void close() {
        socket.abort();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().orTimeout(SECONDS, TimeUnit.SECONDS).join();
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                received(text.toString());
                text.setLength(0);
            }
            webSocket.request(1);
            return null;
        }

        private void received(String message) {
            try {
                JsonNode node = JSON.readTree(message);
                CompletableFuture<JsonNode> answer =
                        answers.remove(node.path("id").asInt());
                if (answer == null) {
                    events.add(node);
                } else if (node.has("error")) {
                    answer.completeExceptionally(
                            new IllegalStateException(node.path("error").toString()));
                } else {
                    answer.complete(node.path("result"));
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
