package dev.understudy.app;

import dev.understudy.app.settings.Settings;
import dev.understudy.limits.Limiting;
import dev.understudy.limits.redis.RedisShareBook;

/** Shares limits through Redis; a class of its own so that its library is loaded only then. */
final class SharedCounting {
  private SharedCounting() {}

  static Limiting begin(Settings.Counting said, Settings.Redis redis) {
    return Limiting.shared(
        new RedisShareBook(redis.url().reveal(), redis.prefix(), redis.trust()),
        redis.lease(),
        redis.replicas(),
        said.zone(),
        said.currencies());
  }
}
