package dev.understudy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A page of docs/reference that a test prints, and compares when it is not to print. */
final class PrintedPage {
  private PrintedPage() {}

  static void compare(String name, String test, String printed) {
    String remedy =
        "print it again with: ./mvnw test -Dtest=%s -Dunderstudy.print=true".formatted(test);
    Path page = Path.of("docs/reference", name);
    try {
      if (Boolean.getBoolean("understudy.print")) {
        Files.writeString(page, printed);
      }
      assertThat(page).as(remedy).exists();
      assertThat(printed).as(remedy).isEqualTo(Files.readString(page));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
