package dev.understudy.app.settings;

import dev.understudy.app.settings.SettingsFile.JournalBlock;
import dev.understudy.text.ByteCount;
import dev.understudy.text.Place;
import dev.understudy.text.Problems;
import dev.understudy.text.Text;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Reads how finished calls are kept: where they wait for the store, and for how many days. */
final class JournalReader {
  private static final Duration WINDOW_USUAL = Duration.ofMillis(100);
  private static final Duration WINDOW_MIN = Duration.ofMillis(1);
  private static final Duration WINDOW_MAX = Duration.ofSeconds(10);
  private static final long WAITING_USUAL = 4L << 30;
  private static final long WAITING_MIN = 16L << 20;

  private final Path file;
  private final Problems problems;

  JournalReader(Path file, Problems problems) {
    this.file = file;
    this.problems = problems;
  }

  Settings.Keeping read(JournalBlock said) {
    Duration window = said.window().orElse(WINDOW_USUAL);
    if (window.compareTo(WINDOW_MIN) < 0 || window.compareTo(WINDOW_MAX) > 0) {
      problems.add(new Place(file.toString(), 1, 1), "journal.window must be from 1ms to 10s");
    }
    long waitingMax = said.waitingMax().map(ByteCount::bytes).orElse(WAITING_USUAL);
    if (waitingMax < WAITING_MIN) {
      problems.add(new Place(file.toString(), 1, 1), "journal.waiting-max must be at least 16MiB");
    }
    boolean refuse = false;
    if (said.whenFull().isPresent()) {
      Text word = said.whenFull().get();
      refuse = word.value().equals("refuse");
      if (!refuse && !word.value().equals("serve")) {
        problems.add(word.place(), "journal.when-full must be serve or refuse");
      }
    }
    Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file);
    return new Settings.Keeping(
        said.folder().map(text -> folder.resolve(text.value())),
        window,
        said.strict().orElse(false),
        waitingMax,
        refuse,
        said.exchangesDays().orElse(30),
        said.attemptsDays().orElse(400));
  }
}
