package shop;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** The texts of one language, read from a folder beside the program. */
class Texts {
    private final Path folder;

    Texts(Path folder) {
        this.folder = folder;
    }

    String get(String language, String key) throws IOException {
        Path file = folder.resolve((language.startsWith("de") ? "de" : "en") + ".properties");
        Properties all = new Properties();
        try (Reader in = Files.newBufferedReader(file)) {
            all.load(in);
        }
        return all.getProperty(key);
    }
}
