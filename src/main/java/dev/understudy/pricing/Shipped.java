package dev.understudy.pricing;

import dev.understudy.text.Problems;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The price book that comes with the program: what vendors' own price lists say. */
public final class Shipped {
  private static final String RESOURCE = "list.yaml";

  private Shipped() {}

  /** The book, read when it is first asked for. */
  public static PriceBook list() {
    return Loaded.LIST;
  }

  /** Its text, to begin a book of one's own from. */
  public static byte[] text() {
    try (var in = Shipped.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the program was packed without " + RESOURCE);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Loaded {
    private static final PriceBook LIST = read();
  }

  private static PriceBook read() {
    var problems = new Problems();
    return PriceBookReader.read(RESOURCE, text(), problems)
        .orElseThrow(() -> new IllegalStateException(String.join("\n", problems.lines())));
  }
}
