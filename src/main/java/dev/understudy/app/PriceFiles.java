package dev.understudy.app;

import dev.understudy.pricing.PriceBook;
import dev.understudy.pricing.PriceBookReader;
import dev.understudy.pricing.Prices;
import dev.understudy.pricing.Shipped;
import dev.understudy.telemetry.PricedJournal;
import dev.understudy.text.Problems;
import dev.understudy.text.YamlReader;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The price books in force: those the settings name, then the list, which is the one in the data
 * folder if it was updated and else the one that is shipped.
 */
final class PriceFiles {
  /** The updated list, in the data folder. */
  static final String UPDATED = "prices.yaml";

  private static final long READ_SECONDS_MAX = 120;

  private volatile List<Path> books;
  private final Path data;
  private volatile Prices inForce = Prices.NONE;
  private final CountDownLatch read = new CountDownLatch(1);

  PriceFiles(List<Path> books, Path data) {
    this.books = List.copyOf(books);
    this.data = data;
  }

  /** The prices in force; none until they are read. */
  Prices inForce() {
    return inForce;
  }

  /** The same once they are read, or cannot be; whoever asks may wait for that. */
  Prices awaited() {
    try {
      if (!read.await(READ_SECONDS_MAX, TimeUnit.SECONDS)) {
        throw new IllegalStateException("prices are not read yet");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for prices", e);
    }
    return inForce;
  }

  private void put(Prices prices, PricedJournal journal) {
    inForce = prices;
    journal.inForce(prices);
    read.countDown();
  }

  /**
   * Reads all books again, those of one's own as the settings name them by now.
   *
   * @return what puts them in force, as one: a call is priced by these or by those
   * @throws IllegalArgumentException if one cannot be used; then those in force stay
   */
  Runnable again(List<Path> named, PricedJournal journal) {
    Prices read = read(named);
    return () -> {
      books = List.copyOf(named);
      put(read, journal);
    };
  }

  /**
   * Puts the prices in force. Books of one's own are read before anything starts, since a mistake
   * in them must be known; the list alone is read beside the start, which it would hold up.
   *
   * @throws IllegalArgumentException if a book cannot be used
   */
  void into(PricedJournal journal) {
    if (!books.isEmpty() || Files.exists(updated())) {
      put(read(), journal);
      return;
    }
    Thread.ofPlatform()
        .daemon()
        .name("prices")
        .start(() -> {
          try {
            put(read(), journal);
          } catch (RuntimeException e) {
            System.getLogger(PriceFiles.class.getName())
                .log(Level.ERROR, "the price list cannot be read: nothing has a price", e);
            journal.inForce(Prices.NONE);
            read.countDown();
          }
        });
  }

  /**
   * All books.
   *
   * @throws IllegalArgumentException if one cannot be used, with all that is wrong
   */
  Prices read() {
    return read(books);
  }

  private Prices read(List<Path> named) {
    var all = new ArrayList<PriceBook>();
    var problems = new Problems();
    boolean isUpdated = Files.exists(updated());
    var files = new ArrayList<>(named);
    if (isUpdated) {
      files.add(updated());
    }
    var from = new HashMap<String, Path>();
    for (Path file : files) {
      Optional<PriceBook> book = read(file, problems);
      if (book.isPresent()) {
        all.add(book.get());
        Path other = from.putIfAbsent(book.get().name(), file);
        if (other != null) {
          throw new IllegalArgumentException(twice(book.get().name(), other, file));
        }
      }
    }
    if (!isUpdated) {
      all.add(Shipped.list());
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", problems.lines()));
    }
    return new Prices(all);
  }

  private String twice(String book, Path first, Path second) {
    return second.equals(updated())
        ? "%s and %s are both price book %s; %s is read in any case, as the list that was updated"
            .formatted(first, second, book, second)
        : "%s and %s are both price book %s; each needs a name of its own"
            .formatted(first, second, book);
  }

  private Path updated() {
    return data.resolve(UPDATED);
  }

  /** One book, if nothing is wrong with it. */
  static Optional<PriceBook> read(Path file, Problems problems) {
    try (var in = Files.newInputStream(file)) {
      return PriceBookReader.read(
          file.toString(), in.readNBytes(YamlReader.BYTES_MAX + 1), problems);
    } catch (IOException e) {
      throw new IllegalArgumentException("the price book " + file + " cannot be read", e);
    }
  }
}
