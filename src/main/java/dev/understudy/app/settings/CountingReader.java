package dev.understudy.app.settings;

import dev.understudy.app.settings.SettingsFile.CurrencyBlock;
import dev.understudy.app.settings.SettingsFile.LimitsBlock;
import dev.understudy.app.settings.SettingsFile.RedisBlock;
import dev.understudy.limits.Currencies;
import dev.understudy.text.Entries;
import dev.understudy.text.Problems;
import dev.understudy.text.Text;
import dev.understudy.vendor.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads how the limits of keys, teams and organisations are counted. */
final class CountingReader {
  private static final Duration LEASE_USUAL = Duration.ofSeconds(10);
  private static final Duration LEASE_MIN = Duration.ofSeconds(2);
  private static final Duration LEASE_MAX = Duration.ofMinutes(5);

  private final Path file;
  private final Problems problems;

  CountingReader(Path file, Problems problems) {
    this.file = file;
    this.problems = problems;
  }

  Settings.Counting counting(LimitsBlock said) {
    return new Settings.Counting(
        said.zone().map(this::zone).orElse(ZoneOffset.UTC),
        currencies(said.currencies()),
        redis(said.redis()));
  }

  private ZoneId zone(Text said) {
    try {
      return ZoneId.of(said.value());
    } catch (DateTimeException e) {
      problems.add(
          said.place(), "unknown zone \"" + said.written() + "\"; write it like Europe/Berlin");
      return ZoneOffset.UTC;
    }
  }

  private Currencies currencies(Entries<CurrencyBlock> said) {
    var rates = new HashMap<String, Currencies.Rate>();
    for (var entry : said.all()) {
      String code = entry.name().value();
      if (!isCurrency(code) || code.equals("USD")) {
        problems.add(
            entry.name().place(),
            "\"%s\" is no currency of ISO 4217 other than USD, such as EUR"
                .formatted(entry.name().written()));
      }
      CurrencyBlock block = entry.value();
      if (block.usd().value().signum() <= 0) {
        problems.add(block.usd().place(), "an exchange rate is more than zero");
      } else {
        try {
          rates.put(
              code, new Currencies.Rate(block.usd().value(), LocalDate.parse(block.on().value())));
        } catch (DateTimeException e) {
          problems.add(block.on().place(), "a day is written like 2026-11-01");
        }
      }
    }
    return new Currencies("USD", Map.copyOf(rates));
  }

  private static boolean isCurrency(String code) {
    try {
      return Currency.getInstance(code).getCurrencyCode().equals(code);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private Optional<Settings.Redis> redis(RedisBlock said) {
    if (said.url().isEmpty()) {
      for (Optional<Text> needless : List.of(said.prefix(), said.ca())) {
        needless.ifPresent(
            text -> problems.add(text.place(), "limits.redis needs a url to go with this"));
      }
      return Optional.empty();
    }
    Text url = said.url().get();
    if (!isAddress(url.value())) {
      problems.add(
          url.place(),
          "limits.redis.url must be an address such as redis://host:6379 or rediss://");
    }
    Duration lease = said.lease().orElse(LEASE_USUAL);
    if (lease.compareTo(LEASE_MIN) < 0 || lease.compareTo(LEASE_MAX) > 0) {
      problems.add(url.place(), "limits.redis.lease must be from 2s to 5m");
    }
    if (said.ca().isPresent() && !url.value().startsWith("rediss")) {
      problems.add(said.ca().get().place(), "ca is of no use without rediss://");
    }
    return Optional.of(
        new Settings.Redis(
            new Secret(url.value()),
            said.prefix().map(Text::value).orElse("understudy:"),
            lease,
            said.replicas().orElse(1),
            said.ca()
                .map(named -> new TrustReader(file, problems).certificates(named))
                .orElse(List.of())));
  }

  private static boolean isAddress(String text) {
    try {
      var uri = new URI(text);
      String scheme = String.valueOf(uri.getScheme());
      return switch (scheme) {
        case "redis", "rediss" -> uri.getHost() != null;
        case "redis-sentinel", "rediss-sentinel" -> uri.getAuthority() != null;
        default -> false;
      };
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
