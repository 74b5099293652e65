package dev.understudy.protocol;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a translation could not carry: the paths of fields, in the caller's words, and why. */
public final class Losses {
  /** More losses than this are counted, not kept. */
  public static final int KEPT_MAX = 64;

  /**
   * One thing that was lost.
   *
   * @param path such as {@code messages[0].content[1].foo}
   * @param reason one clause for a person, without what the field held
   */
  public record Loss(String path, String reason) {}

  private final List<Loss> kept = new ArrayList<>();
  private final String prefix;
  private final @Nullable Losses whole;
  private int total;

  public Losses() {
    this("", null);
  }

  private Losses(String prefix, @Nullable Losses whole) {
    this.prefix = prefix;
    this.whole = whole;
  }

  /** Losses of one part of what is translated, told here too with {@code prefix} before paths. */
  public Losses under(String prefix) {
    return new Losses(this.prefix + prefix, this);
  }

  public void add(String path, String reason) {
    keep(new Loss(prefix + path, reason));
  }

  private void keep(Loss loss) {
    if (whole != null) {
      whole.keep(loss);
    }
    if (kept.contains(loss)) {
      return;
    }
    total++;
    if (kept.size() < KEPT_MAX) {
      kept.add(loss);
    }
  }

  /** Adds fields that a reader did not know. */
  public void unread(List<String> paths) {
    for (String path : paths) {
      add(path, "unknown field");
    }
  }

  /** Adds all that {@code others} holds, and counts what it does not. */
  public void addAll(Losses others) {
    others.kept.forEach(this::keep);
    total += others.total - others.kept.size();
  }

  public boolean isEmpty() {
    return total == 0;
  }

  public List<Loss> kept() {
    return List.copyOf(kept);
  }

  /** How many there were, kept or not. */
  public int total() {
    return total;
  }
}
