package trapline.report;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Headless Chromium, driven through chromedriver by the WebDriver protocol (W3C) and, for colour schemes and sizes, by
 * Chrome DevTools commands.
 */
final class Browser implements Closeable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PATIENCE_MILLIS = 60_000;

    private final Process driver;
    private final String server;
    private final String session;

    private Browser(Path temporary) throws IOException, InterruptedException {
        int port = freePort();
        server = "http://127.0.0.1:" + port;
        ProcessBuilder builder = new ProcessBuilder(path("chromedriver"), "--port=" + port, "--log-level=SEVERE");
        // Not TMPDIR: the browser makes a socket in there, and the path of a socket must be short.
        builder.environment().put("HOME", temporary.toString());
        builder.environment().put("XDG_CONFIG_HOME", temporary.toString());
        builder.environment().put("XDG_CACHE_HOME", temporary.toString());
        driver = builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        session = start(temporary);
    }

    /**
     * Starts a browser, or aborts the test as skipped where there is none.
     *
     * @param temporary folder for all that it writes
     */
    static Browser launch(Path temporary) throws IOException, InterruptedException {
        for (String name : List.of("chromium", "chromedriver")) {
            assumeTrue(program(name) != null, name + " is not installed (Debian: chromium, chromium-driver)");
        }
        return new Browser(temporary);
    }

    private static @Nullable Path program(String name) {
        for (String folder : System.getenv("PATH").split(":", -1)) {
            Path path = Path.of(folder, name);
            if (Files.isExecutable(path)) {
                return path;
            }
        }
        return null;
    }

    private static String path(String name) {
        return Objects.requireNonNull(program(name), name).toString();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private String start(Path temporary) throws IOException, InterruptedException {
        Map<String, Object> options = Map.of(
                "binary",
                path("chromium"),
                "args",
                List.of(
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--disable-background-networking",
                        "--no-first-run",
                        "--user-data-dir=" + temporary.resolve("profile")));
        Map<String, Object> wanted = Map.of(
                "browserName", "chrome", "goog:chromeOptions", options, "goog:loggingPrefs", Map.of("browser", "ALL"));
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        while (true) {
            try {
                return send("POST", "/session", Map.of("capabilities", Map.of("alwaysMatch", wanted)))
                        .path("sessionId")
                        .asText();
            } catch (ConnectException e) {
                if (System.nanoTime() > deadline || !driver.isAlive()) {
                    throw e;
                }
                Thread.sleep(50);
            }
        }
    }

    private JsonNode send(String method, String path, @Nullable Object body) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(server + path).toURL().openConnection();
        connection.setRequestMethod(method);
        connection.setRequestProperty("Connection", "close");
        connection.setReadTimeout(PATIENCE_MILLIS);
        if (body != null) {
            connection.setDoOutput(true);
            connection.setRequestProperty("Content-Type", "application/json");
            try (OutputStream out = connection.getOutputStream()) {
                out.write(JSON.writeValueAsBytes(body));
            }
        }
        boolean failed = connection.getResponseCode() >= 400;
        try (InputStream in = failed ? connection.getErrorStream() : connection.getInputStream()) {
            JsonNode answer = JSON.readTree(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            if (failed) {
                throw new IOException(method + " " + path + ": "
                        + answer.path("value").path("message").asText());
            }
            return answer.path("value");
        }
    }

    private JsonNode command(String path, Object body) throws IOException {
        return send("POST", "/session/" + session + path, body);
    }

    /** Opens a file and waits until its scripts have drawn it. */
    void open(Path page) throws IOException {
        command("/timeouts", Map.of("script", PATIENCE_MILLIS));
        command("/url", Map.of("url", page.toUri().toString()));
        waitUntil("return document.documentElement.dataset.ready === 'true'");
    }

    /** Waits for a script to return true. */
    void waitUntil(String script) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        while (!run(script).asBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IOException("still not: " + script + "; console: " + console());
            }
        }
    }

    /** Runs a function body and returns what it returns. */
    JsonNode run(String script, Object... arguments) throws IOException {
        return command("/execute/sync", Map.of("script", script, "args", List.of(arguments)));
    }

    /** Runs a function body whose last argument is a callback, and returns what it is called with. */
    JsonNode runAsync(String script) throws IOException {
        return command("/execute/async", Map.of("script", script, "args", List.of()));
    }

    /** Presses keys at the focused element. */
    void type(String keys) throws IOException {
        List<Map<String, Object>> actions = keys.codePoints()
                .mapToObj(Character::toString)
                .flatMap(key -> List.<Map<String, Object>>of(
                        Map.of("type", "keyDown", "value", key), Map.of("type", "keyUp", "value", key))
                        .stream())
                .toList();
        command("/actions", Map.of("actions", List.of(Map.of("type", "key", "id", "keys", "actions", actions))));
    }

    /** Clicks at a place of the window, as a person does. */
    void clickAt(int x, int y) throws IOException {
        command(
                "/actions",
                Map.of(
                        "actions",
                        List.of(Map.of(
                                "type",
                                "pointer",
                                "id",
                                "mouse",
                                "parameters",
                                Map.of("pointerType", "mouse"),
                                "actions",
                                List.of(
                                        Map.of("type", "pointerMove", "x", x, "y", y, "duration", 0),
                                        Map.of("type", "pointerDown", "button", 0),
                                        Map.of("type", "pointerUp", "button", 0))))));
    }

    /** Turns the wheel over a place of the window. */
    void wheelAt(int x, int y, int deltaY) throws IOException {
        command(
                "/actions",
                Map.of(
                        "actions",
                        List.of(Map.of(
                                "type",
                                "wheel",
                                "id",
                                "wheel",
                                "actions",
                                List.of(Map.of(
                                        "type",
                                        "scroll",
                                        "x",
                                        x,
                                        "y",
                                        y,
                                        "deltaX",
                                        0,
                                        "deltaY",
                                        deltaY,
                                        "duration",
                                        0))))));
    }

    private void devtools(String command, Map<String, Object> parameters) throws IOException {
        command("/goog/cdp/execute", Map.of("cmd", command, "params", parameters));
    }

    /** Sets the size of the window and the colour scheme. */
    void look(int width, int height, boolean dark) throws IOException {
        devtools(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        devtools(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    /** The whole page, or what the window shows of it, as a PNG. */
    void screenshot(Path file, boolean whole) throws IOException {
        JsonNode answer = command(
                "/goog/cdp/execute",
                Map.of("cmd", "Page.captureScreenshot", "params", Map.of("captureBeyondViewport", whole)));
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.write(file, Base64.getDecoder().decode(answer.path("data").asText()));
    }

    /** What stands in the console, and was not read yet: errors and warnings. */
    List<String> console() throws IOException {
        JsonNode entries = command("/se/log", Map.of("type", "browser"));
        return entries.findValuesAsText("message");
    }

    @Override
    public void close() throws IOException {
        try {
            send("DELETE", "/session/" + session, null);
        } finally {
            driver.destroy();
            try {
                driver.waitFor(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
