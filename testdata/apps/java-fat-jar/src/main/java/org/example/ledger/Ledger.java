package org.example.ledger;

import com.google.gson.Gson;
import com.google.gson.JsonSyntaxException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.FileWriter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Keeps entries as lines of JSON: POST / adds one, GET / answers the balance. */
public class Ledger {
    record Entry(String what, int cents) {}

    private static final Gson GSON = new Gson();
    private final Path file;

    Ledger(Path file) {
        this.file = file;
    }

    public static void main(String[] args) throws IOException {
        Ledger ledger = new Ledger(Path.of(System.getenv("LEDGER_FILE")));
        HttpServer server = HttpServer.create(new InetSocketAddress(8081), 0);
        server.createContext("/", ledger::handle);
        server.start();
    }

    private synchronized void handle(HttpExchange e) throws IOException {
        try {
            if (e.getRequestMethod().equals("POST")) {
                add(GSON.fromJson(new String(e.getRequestBody().readAllBytes(), StandardCharsets.UTF_8), Entry.class));
            }
            answer(e, 200, "{\"balance\":" + balance() + "}");
        } catch (JsonSyntaxException wrong) {
            answer(e, 400, "{\"error\":\"not an entry\"}");
        } catch (IOException broken) {
            answer(e, 500, "{\"error\":\"cannot write\"}");
        }
    }

    private void add(Entry entry) throws IOException {
        try (FileWriter out = new FileWriter(file.toFile(), true)) {
            out.write(GSON.toJson(entry) + "\n");
        }
    }

    private long balance() throws IOException {
        if (!Files.exists(file)) {
            return 0;
        }
        return Files.readAllLines(file).stream().mapToLong(l -> GSON.fromJson(l, Entry.class).cents()).sum();
    }

    private static void answer(HttpExchange e, int status, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        e.getResponseHeaders().set("Content-Type", "application/json");
        e.sendResponseHeaders(status, body.length);
        e.getResponseBody().write(body);
        e.close();
    }
}
