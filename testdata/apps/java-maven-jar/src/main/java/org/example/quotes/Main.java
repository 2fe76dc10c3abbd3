package org.example.quotes;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

public class Main {
    private final List<String> quotes;

    Main(List<String> quotes) {
        this.quotes = quotes;
    }

    public static void main(String[] args) throws IOException {
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "8080"));
        Main app = new Main(load());
        HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
        server.createContext("/quotes/", app::one);
        server.createContext("/health", e -> answer(e, 200, "ok\n"));
        server.start();
        System.out.println("listening on " + port);
    }

    private static List<String> load() throws IOException {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                Main.class.getResourceAsStream("/quotes.txt"), StandardCharsets.UTF_8))) {
            return in.lines().collect(Collectors.toList());
        }
    }

    private void one(HttpExchange e) throws IOException {
        try {
            int n = Integer.parseInt(e.getRequestURI().getPath().substring("/quotes/".length()));
            answer(e, 200, quotes.get(n) + "\n");
        } catch (NumberFormatException | IndexOutOfBoundsException wrong) {
            answer(e, 404, "no such quote\n");
        }
    }

    private static void answer(HttpExchange e, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        e.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        e.sendResponseHeaders(status, body.length);
        e.getResponseBody().write(body);
        e.close();
    }
}
