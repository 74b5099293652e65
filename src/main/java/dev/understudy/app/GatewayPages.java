package dev.understudy.app;

import dev.understudy.admin.AdminRefusal;
import dev.understudy.admin.Overview;
import dev.understudy.admin.Pages;
import dev.understudy.exchange.Records;
import dev.understudy.gateway.Gateway;
import dev.understudy.telemetry.Metrics;
import dev.understudy.telemetry.RecentExchanges;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/** Shows operators a running gateway: its metrics, what it is, and the calls it served. */
final class GatewayPages implements Pages {
  private final Instant startedAt;
  private final Metrics metrics;
  private final RecentExchanges recent;
  private final Records records;
  private final Gateway gateway;

  GatewayPages(
      Instant startedAt,
      Metrics metrics,
      RecentExchanges recent,
      Records records,
      Gateway gateway) {
    this.startedAt = startedAt;
    this.metrics = metrics;
    this.recent = recent;
    this.records = records;
    this.gateway = gateway;
  }

  @Override
  public Page metrics(String accept) {
    Metrics.Exposition told = metrics.exposition(accept);
    return new Page(told.contentType(), told.body());
  }

  @Override
  public byte[] info() {
    return Overview.json(
        Version.number(), startedAt, Instant.now(), gateway.vendors(), gateway.plan());
  }

  @Override
  public byte[] exchanges(int limit) {
    return recent.json(limit);
  }

  @Override
  public Optional<byte[]> exchange(String id) {
    Optional<byte[]> justNow = recent.json(id);
    if (justNow.isPresent()) {
      return justNow;
    }
    try {
      return records.find(id);
    } catch (IOException e) {
      throw new AdminRefusal(503, String.valueOf(e.getMessage()));
    }
  }
}
