package dev.understudy.admin;

import dev.understudy.settlement.figures.BurnDown;
import dev.understudy.settlement.figures.CapacityUse;
import dev.understudy.settlement.figures.Figure;
import dev.understudy.settlement.figures.FiguresReport;
import dev.understudy.text.Days;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/** What was spent, on whom and for whom, and how far commitments are used. */
public final class FiguresResources {
  private final Source source;
  private final InstantSource clock;

  /** Where figures come from; methods block. */
  public interface Source {
    /**
     * The figures of a span.
     *
     * @throws IllegalArgumentException if {@code by} is not understood
     */
    List<Figure> figures(Instant from, Instant until, String by) throws IOException;

    /** All commitments as of now. */
    List<BurnDown> commitments(Instant now) throws IOException;

    /** All capacity that is paid by the hour, in a span. */
    List<CapacityUse> capacity(Instant from, Instant until) throws IOException;
  }

  public FiguresResources(Source source, InstantSource clock) {
    this.source = source;
    this.clock = clock;
  }

  /** At their addresses. */
  public List<Resource> resources() {
    return List.of(
        Resource.get("/admin/figures", this::figures),
        Resource.get("/admin/figures/commitments", this::commitments));
  }

  private LocalDate today() {
    return clock.instant().atOffset(ZoneOffset.UTC).toLocalDate();
  }

  private Instant from(AdminRequest request) {
    return Days.begin(
        "from", request.query("from").orElseGet(() -> today().withDayOfMonth(1).toString()));
  }

  /** Behind the last day or month. */
  private Instant until(AdminRequest request) {
    return Days.end("to", request.query("to").orElseGet(() -> today().toString()));
  }

  private Reply figures(AdminRequest request) {
    String by = request.query("by").orElse("vendor");
    Instant from;
    Instant until;
    List<Figure> figures;
    try {
      from = from(request);
      until = until(request);
      figures = source.figures(from, until, by);
    } catch (IllegalArgumentException e) {
      throw new AdminRefusal(400, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new AdminRefusal(503, String.valueOf(e.getMessage()));
    }
    return switch (request.query("format").orElse("json")) {
      case "json" -> Reply.json(FiguresReport.json(figures, by, from, until));
      case "csv" ->
          Reply.of(
              200,
              "text/csv; charset=utf-8",
              FiguresReport.csv(figures, by).getBytes(StandardCharsets.UTF_8));
      default -> throw new AdminRefusal(400, "format must be json or csv");
    };
  }

  private Reply commitments(AdminRequest request) {
    try {
      return Reply.json(
          FiguresReport.json(
              source.commitments(clock.instant()), source.capacity(from(request), until(request))));
    } catch (IllegalArgumentException e) {
      throw new AdminRefusal(400, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new AdminRefusal(503, String.valueOf(e.getMessage()));
    }
  }
}
