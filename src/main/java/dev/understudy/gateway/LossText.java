package dev.understudy.gateway;

import dev.understudy.protocol.Losses;
import java.util.List;

/** Losses as callers and records see them: paths, the first ones if there are many. */
final class LossText {
  private LossText() {}

  /** The value of the header that lists them. */
  static String of(Losses losses) {
    String listed = String.join(", ", paths(losses));
    int more = losses.total() - losses.kept().size();
    return more > 0 ? listed + ", and " + more + " more" : listed;
  }

  /** What a stream says of losses that its head could not name. */
  static String remark(Losses losses) {
    return "x-understudy-losses: " + ReplyHeaders.printable(of(losses));
  }

  static List<String> paths(Losses losses) {
    if (losses.isEmpty()) {
      return List.of();
    }
    return losses.kept().stream().map(Losses.Loss::path).distinct().toList();
  }
}
