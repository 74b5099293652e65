package dev.understudy.admin;

import dev.understudy.exchange.JournalStanding;
import dev.understudy.exchange.Records;
import dev.understudy.json.Json;
import java.util.List;
import java.util.function.Supplier;

/** How far calls are from being in the store, and an export of those that are. */
public record JournalResources(Supplier<JournalStanding> standing, Records records) {
  public List<Resource> resources() {
    return List.of(
        Resource.get("/admin/journal", _ -> journal(standing.get())),
        Resource.get("/admin/exchanges/export", this::export));
  }

  private static Reply journal(JournalStanding now) {
    var told = Json.object();
    told.put("waiting_bytes", now.waitingBytes());
    told.put("waiting_bytes_max", now.waitingBytesMax());
    told.put("kept", now.kept());
    told.put("lost", now.lost());
    told.put("refused", now.refused());
    now.trouble().ifPresent(trouble -> told.put("trouble", trouble));
    return Reply.json(told);
  }

  private Reply export(AdminRequest request) {
    ExchangeExport.Span span;
    ExchangeExport.Format format;
    try {
      span =
          ExchangeExport.Span.of(
              request.query("from").orElse("1970-01-01"), request.query("to").orElse("9999-12-30"));
      format = ExchangeExport.Format.of(request.query("format").orElse("jsonl"));
    } catch (IllegalArgumentException e) {
      throw new AdminRefusal(400, String.valueOf(e.getMessage()));
    }
    return Reply.streamed(
        format.mediaType(), out -> ExchangeExport.write(records, span, format, out));
  }
}
