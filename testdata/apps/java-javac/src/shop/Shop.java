package shop;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

public class Shop {
    public static void main(String[] args) throws IOException {
        Texts texts = new Texts(Path.of(args[0]));
        HttpServer server = HttpServer.create(new InetSocketAddress(8000), 0);
        server.createContext("/", e -> {
            String path = e.getRequestURI().getPath();
            boolean known = path.equals("/en") || path.equals("/de");
            byte[] body = texts.get(path.substring(1), known ? "welcome" : "missing").getBytes(StandardCharsets.UTF_8);
            e.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
            e.sendResponseHeaders(known ? 200 : 404, body.length);
            e.getResponseBody().write(body);
            e.close();
        });
        server.start();
    }
}
