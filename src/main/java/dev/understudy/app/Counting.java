package dev.understudy.app;

import dev.understudy.app.settings.Settings;
import dev.understudy.limits.Limiting;
import java.io.IOException;
import java.nio.file.Path;

/** Begins to count what callers use, here or together with other replicas. */
final class Counting {
  private Counting() {}

  /**
   * Begins.
   *
   * @throws IOException if what was spent before cannot be read, or another gateway uses it
   */
  static Limiting begin(Settings.Counting said, Path data) throws IOException {
    return said.redis().isPresent()
        ? SharedCounting.begin(said, said.redis().get())
        : Limiting.alone(data, said.zone(), said.currencies());
  }
}
