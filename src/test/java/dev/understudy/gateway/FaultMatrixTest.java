package dev.understudy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.chat.ProtocolName;
import dev.understudy.gateway.FaultBox.Box;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.routing.Route;
import dev.understudy.sandbox.Recital;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * Lets the sandbox's vendors do everything wrong that they can, everywhere in a reply, for callers
 * of every protocol, and prints what the callers saw into docs/reference/faults.md.
 */
class FaultMatrixTest {
  private static final int TOKENS = 60;
  private static final String TEXT = Recital.of(TOKENS);
  private static final String RECITES = "-sandbox-recite-" + TOKENS;
  private static final List<Box> FIRST =
      List.of(FaultBox.CHAT, FaultBox.RESPONSES, FaultBox.MESSAGES, FaultBox.GEMINI);

  /** What a vendor that stalls is waited for. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private static final int AT_ONCE = 24;
  private static final Path PAGE = Path.of("docs/reference/faults.md");

  /**
   * One row of the table.
   *
   * @param fault as the page names it
   * @param place where in the reply
   * @param marks the fault for one vendor; null for one that is not there at all
   * @param waits whether it shows only when patience ends
   */
  private record Row(
      String fault, String place, Kind kind, Function<Box, String> marks, boolean waits) {}

  private enum Kind {
    STREAM,
    WHOLE,
    TOOL
  }

  /** Whom a row is tried with. */
  private record Cell(
      int number, Row row, ProtocolName caller, Box first, Box second, boolean alone) {
    String route() {
      return "%s-%s-%s-%s-%s%s"
          .formatted(
              row.fault().replace(' ', '-'),
              row.place().replaceAll("[^a-z0-9]+", "-"),
              row.kind(),
              first.name(),
              second.name(),
              alone ? "-alone" : "");
    }

    String secondTarget() {
      return second.second(tag() + (row.kind() == Kind.TOOL ? "" : RECITES));
    }

    Route asRoute() {
      String marks = row.marks().apply(first);
      String target =
          marks.equals("gone")
              ? first.gone()
              : first(tag() + (row.kind() == Kind.TOOL ? "" : RECITES) + marks);
      return alone
          ? FaultBox.route(route(), target)
          : FaultBox.route(route(), target, secondTarget());
    }

    /** Makes the targets of each call its own, so that none is passed over for what another did. */
    private String tag() {
      return "-c%04d".formatted(number);
    }

    /** Only whose fault shows no other way is waited for with little patience. */
    private String first(String marks) {
      return row.waits() ? first.target(marks) : first.second(marks);
    }

    @Override
    public String toString() {
      return "%s %s, %s of %s to a caller of %s%s"
          .formatted(
              row.fault(),
              row.place(),
              row.kind(),
              first.name(),
              caller,
              alone ? "" : ", then " + second.name());
    }
  }

  @Test
  void noFaultOfOneVendorIsSeenByACallerWhoseRouteHasAnother() throws Exception {
    List<Row> rows = rows();
    var cells = new ArrayList<Cell>();
    var routes = new LinkedHashMap<String, Route>();
    for (Row row : rows) {
      for (int c = 0; c < FaultBox.CALLERS.size(); c++) {
        for (int f = 0; f < FIRST.size(); f++) {
          // Every pair of callers and first targets; those who go on take turns.
          Box second = FaultBox.ALL.get((c + f + rows.indexOf(row)) % FaultBox.ALL.size());
          cells.add(
              new Cell(cells.size(), row, FaultBox.CALLERS.get(c), FIRST.get(f), second, false));
          if (isSampledAlone(row)) {
            cells.add(
                new Cell(cells.size(), row, FaultBox.CALLERS.get(c), FIRST.get(f), second, true));
          }
        }
      }
    }
    cells.forEach(cell -> routes.putIfAbsent(cell.route(), cell.asRoute()));
    Map<Cell, String> outcomes = new ConcurrentHashMap<>();
    try (var box = new FaultBox(PATIENCE, List.copyOf(routes.values()));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var room = new Semaphore(AT_ONCE);
      var futures = new ArrayList<Future<?>>();
      // Those who wait for patience to end wait together.
      for (Cell cell : cells.stream().filter(cell -> cell.row().waits()).toList()) {
        futures.add(threads.submit(() -> outcomes.put(cell, outcome(box, cell))));
      }
      for (Cell cell : cells.stream().filter(cell -> !cell.row().waits()).toList()) {
        futures.add(
            threads.submit(() -> {
              room.acquire();
              try {
                return outcomes.put(cell, outcome(box, cell));
              } finally {
                room.release();
              }
            }));
      }
      for (Future<?> future : futures) {
        future.get();
      }
    }
    var wrong = new ArrayList<String>();
    for (Cell cell : cells) {
      String outcome = outcomes.getOrDefault(cell, "nothing");
      if (!isAllowed(cell, outcome)) {
        wrong.add(cell + ": " + outcome);
      }
    }
    assertThat(wrong).as("%d of %d", wrong.size(), cells.size()).isEmpty();
    compare(page(rows, cells, outcomes));
  }

  // --- the rows ---

  private static List<Row> rows() {
    var rows = new ArrayList<Row>();
    for (Kind kind : List.of(Kind.STREAM, Kind.WHOLE)) {
      for (String status : List.of("408", "429", "500", "503", "529")) {
        rows.add(row(status, "before the head", kind, "-sandbox-" + status));
      }
      rows.add(row("400", "before the head", kind, "-sandbox-400"));
      rows.add(new Row("refuse", "before the head", kind, _ -> "gone", false));
      rows.add(row("reset", "before the head", kind, "-sandbox-reset"));
      rows.add(waiting("stall", "before the head", kind, "-sandbox-stall"));
      rows.add(waiting("slow", "before the head", kind, "-sandbox-slow-millis-20000"));
      rows.add(row("cut", "after the head", kind, "-sandbox-cut"));
      rows.add(row("mistyped", "in the head", kind, "-sandbox-mistyped"));
      rows.add(row("gzip", "in the head", kind, "-sandbox-gzip"));
      rows.add(row("early", "before the head", kind, "-sandbox-early"));
      rows.add(row("chop", "everywhere", kind, "-sandbox-chop-bytes-7"));
      rows.add(row("short", "at the end", kind, "-sandbox-short"));
      rows.add(row("long", "at the end", kind, "-sandbox-long"));
      rows.add(row("garbage", "after the end", kind, "-sandbox-garbage"));
    }
    for (String fault : List.of("malformed", "error")) {
      rows.add(row(fault, "in the first event", Kind.STREAM, "-sandbox-" + fault + "-event-1"));
      rows.add(row(fault, "in the body", Kind.WHOLE, "-sandbox-" + fault));
    }
    for (String fault : List.of("cut", "reset", "stall")) {
      String marks = "-sandbox-" + fault + "-tokens-" + TOKENS / 2;
      rows.add(new Row(fault, "at 5/10", Kind.WHOLE, _ -> marks, fault.equals("stall")));
    }
    for (int tenth = 1; tenth <= 10; tenth++) {
      String place = "at %d/10".formatted(tenth);
      for (String fault : List.of("cut", "reset", "stall")) {
        String marks = "-sandbox-" + fault + "-tokens-" + TOKENS * tenth / 10;
        rows.add(new Row(fault, place, Kind.STREAM, _ -> marks, fault.equals("stall")));
      }
      for (String fault : List.of("malformed", "error")) {
        int at = tenth;
        rows.add(
            new Row(
                fault,
                place,
                Kind.STREAM,
                box -> "-sandbox-%s-event-%d".formatted(fault, headEvents(box) + 3 * at),
                false));
      }
    }
    for (String fault : List.of("cut", "reset", "stall")) {
      rows.add(
          new Row(
              fault,
              "in a tool call",
              Kind.TOOL,
              box -> "-sandbox-%s-tokens-%d".formatted(fault, inCall(box, fault)),
              fault.equals("stall")));
    }
    for (String fault : List.of("malformed", "error")) {
      rows.add(
          new Row(
              fault,
              "in a tool call",
              Kind.TOOL,
              box -> "-sandbox-%s-event-%d".formatted(fault, callEvent(box, fault)),
              false));
    }
    return rows;
  }

  private static Row row(String fault, String place, Kind kind, String marks) {
    return new Row(fault, place, kind, _ -> marks, false);
  }

  private static Row waiting(String fault, String place, Kind kind, String marks) {
    return new Row(fault, place, kind, _ -> marks, true);
  }

  /** How many events stand before the first of text, which all have two tokens. */
  private static int headEvents(Box box) {
    return switch (box.name()) {
      case "responses" -> 4;
      case "messages" -> 2;
      case "chat" -> 1;
      default -> 0;
    };
  }

  /** Claude says a sentence before it calls, in which its whole name stands. */
  private static int opening(Box box, String marks) {
    return box.name().equals("messages")
        ? ("The sandbox calls a tool in place of anthropic/" + box.model() + "-c0000" + marks + ".")
            .length()
        : 0;
  }

  private static int inCall(Box box, String fault) {
    // Its digits are part of the name: two of them.
    int before = (opening(box, "-sandbox-" + fault + "-tokens-00") + 3) / 4;
    return before + (box.name().equals("gemini") ? 0 : 3);
  }

  private static int callEvent(Box box, String fault) {
    int before = (opening(box, "-sandbox-" + fault + "-event-00") + 7) / 8;
    return switch (box.name()) {
      case "responses" -> 5;
      case "messages" -> 2 + before + 3;
      case "chat" -> 3;
      default -> 1;
    };
  }

  /** Without anybody else some places are enough. */
  private static boolean isSampledAlone(Row row) {
    return !row.place().startsWith("at ")
        || row.place().equals("at the end")
        || row.place().equals("at 1/10")
        || row.place().equals("at 5/10")
        || row.place().equals("at 10/10");
  }

  // --- what the caller saw ---

  private static String outcome(FaultBox box, Cell cell) throws InterruptedException {
    boolean stream = cell.row().kind() != Kind.WHOLE;
    HttpResponse<String> reply;
    try {
      reply = box.ask(cell.caller(), cell.route(), stream, cell.row().kind() == Kind.TOOL);
    } catch (IOException e) {
      return "a reply that breaks HTTP: " + e.getMessage();
    }
    if (reply.statusCode() != 200) {
      return "error " + reply.statusCode();
    }
    boolean second =
        !cell.alone()
            && reply
                .headers()
                .firstValue("x-understudy-target")
                .orElse("")
                .equals(cell.secondTarget());
    if (!stream) {
      String text = FaultBox.wholeText(cell.caller(), reply.body());
      return text.equals(TEXT) ? second ? "second" : "first" : "other text: " + text;
    }
    HeardStream heard = HeardStream.of(cell.caller(), reply.body());
    if (!heard.complaints.isEmpty()) {
      return "a stream that " + cell.caller() + " does not allow: " + heard.complaints;
    }
    if (!heard.error.isEmpty()) {
      boolean honest = !heard.ended && (TEXT.startsWith(heard.text.toString()) || isTool(cell));
      return honest ? "error event" : "an error event after an end, or other text";
    }
    if (!heard.ended) {
      return "cut without a word";
    }
    String flaw =
        isTool(cell) ? flawOfCalls(heard) : heard.text.toString().equals(TEXT) ? "" : "text";
    if (!flaw.isEmpty()) {
      return "other " + flaw + ": " + heard.text + " " + heard.calls;
    }
    return heard.answeredBy.isEmpty() ? second ? "second" : "first" : "joined";
  }

  private static boolean isTool(Cell cell) {
    return cell.row().kind() == Kind.TOOL;
  }

  /** One whole call, and before it nothing or one whole sentence. */
  private static String flawOfCalls(HeardStream heard) {
    if (heard.calls.size() != 1) {
      return "number of calls";
    }
    try {
      var input = Json.parseObject(heard.calls.values().iterator().next().toString());
      if (!input.has("city") || !input.has("days")) {
        return "call";
      }
    } catch (Malformed e) {
      return "call, half of one";
    }
    String text = heard.text.toString();
    return text.isEmpty() || text.matches("The sandbox calls a tool in place of \\S+\\.")
        ? ""
        : "text before the call";
  }

  private static boolean isAllowed(Cell cell, String outcome) {
    if (cell.row().fault().equals("400")) {
      return outcome.equals("error 400");
    }
    boolean whole = List.of("first", "second", "joined").contains(outcome);
    if (!cell.alone()) {
      return whole;
    }
    boolean harmless =
        List.of("early", "chop", "garbage").contains(cell.row().fault())
            || (cell.row().fault().equals("short") && cell.row().kind() == Kind.STREAM);
    return harmless
        ? outcome.equals("first")
        : outcome.equals("error event") || outcome.startsWith("error ") || isWhole(cell, outcome);
  }

  /** What is lost of a reply's last bytes may be nothing that counts. */
  private static boolean isWhole(Cell cell, String outcome) {
    return cell.row().fault().equals("long") && outcome.equals("first");
  }

  // --- the page ---

  private static String page(List<Row> rows, List<Cell> cells, Map<Cell, String> outcomes) {
    var page = new StringBuilder();
    page.append(
        "%d calls, each with another vendor of the route healthy:\n\n"
            .formatted(cells.stream().filter(cell -> !cell.alone()).count()));
    table(page, rows, cells, outcomes, false);
    page.append(
        "\n%d calls on routes with one target:\n\n"
            .formatted(cells.stream().filter(Cell::alone).count()));
    table(
        page,
        rows.stream().filter(FaultMatrixTest::isSampledAlone).toList(),
        cells,
        outcomes,
        true);
    return page.toString();
  }

  private static void table(
      StringBuilder page,
      List<Row> rows,
      List<Cell> cells,
      Map<Cell, String> outcomes,
      boolean alone) {
    page.append("| reply | fault | place |");
    FaultBox.CALLERS.forEach(caller -> page.append(' ').append(caller).append(" |"));
    page.append("\n| --- | --- | --- |")
        .append(" --- |".repeat(FaultBox.CALLERS.size()))
        .append('\n');
    for (Row row : rows) {
      page.append("| ")
          .append(
              switch (row.kind()) {
                case STREAM -> "stream";
                case WHOLE -> "whole";
                case TOOL -> "stream, tool call";
              })
          .append(" | `")
          .append(row.fault())
          .append("` | ")
          .append(row.place())
          .append(" |");
      for (ProtocolName caller : FaultBox.CALLERS) {
        var seen = new TreeSet<String>();
        for (Cell cell : cells) {
          if (cell.row().equals(row) && cell.caller().equals(caller) && cell.alone() == alone) {
            seen.add(printed(row, outcomes.getOrDefault(cell, "nothing")));
          }
        }
        page.append(' ').append(String.join(", ", seen)).append(" |");
      }
      page.append('\n');
    }
  }

  /**
   * What a vendor breaks by an event may come in the same read as its first words, or later; after
   * a reset the system may throw away what was not read yet, and patience may end before the first
   * words are there: both are right, and chance decides.
   */
  private static String printed(Row row, String outcome) {
    boolean byChance = List.of("malformed", "error", "reset", "stall").contains(row.fault());
    boolean late = row.place().startsWith("at ") || row.kind() == Kind.TOOL;
    if (byChance
        && late
        && row.kind() != Kind.WHOLE
        && (outcome.equals("second") || outcome.equals("joined"))) {
      return "second or joined";
    }
    return byChance && late && outcome.startsWith("error") ? "error" : outcome;
  }

  private static void compare(String tables) throws IOException {
    String begin = "<!-- matrix -->\n\n";
    String end = "\n<!-- /matrix -->";
    String page = Files.readString(PAGE);
    int from = page.indexOf(begin) + begin.length();
    int to = page.indexOf(end);
    assertThat(to).isGreaterThan(from - 1);
    if (Boolean.getBoolean("understudy.print")) {
      page = page.substring(0, from) + tables + page.substring(to);
      Files.writeString(PAGE, page);
      to = page.indexOf(end);
    }
    assertThat(tables)
        .as("print it again with: ./mvnw test -Dtest=FaultMatrixTest -Dunderstudy.print=true")
        .isEqualTo(page.substring(from, to));
  }
}
