package dev.understudy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Part;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.EventGrammar;
import dev.understudy.protocol.Inbound;
import dev.understudy.protocol.InboundCall;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.Outbound;
import dev.understudy.protocol.Recordings.Recording;
import dev.understudy.protocol.ReplyContext;
import dev.understudy.protocol.ReplyFold;
import dev.understudy.protocol.ReplyUnfold;
import dev.understudy.protocol.openaichat.OpenAiChatInbound;
import dev.understudy.protocol.wire.BedrockChunks;
import dev.understudy.protocol.wire.Bytes;
import dev.understudy.vendor.Framing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Carries every recorded answer and request of each vendors' protocol to each of the others, and
 * prints what came through as docs/reference/protocols.md.
 */
final class CrossProtocolTest {
  private static final ChatRequest REQUEST =
      new OpenAiChatInbound()
          .readRequest(
              InboundCall.of(
                  Json.parseObject(
                      """
                      {"model": "m", "messages": [{"role": "user", "content": "x"}],
                       "stream": true, "stream_options": {"include_usage": true}}
                      """)),
              new Losses());

  /** How often something was kept, of how often it was there. */
  private static final class Tally {
    private int all;
    private int kept;
    private String firstLost = "";

    void count(boolean isKept, String id) {
      all++;
      if (isKept) {
        kept++;
      } else if (firstLost.isEmpty()) {
        firstLost = id;
      }
    }
  }

  /** What cannot be kept on the way to a protocol, and why. */
  private static String reason(String feature, ProtocolName to, ProtocolName from) {
    return switch (feature) {
      case "refusal" -> "no refusal apart from text there: it is text, and the stop tells it";
      case "logprobs" -> "no probabilities there";
      case "cache writes" -> "no count for them there; they are in the prompt's total";
      case "vendor's own" ->
          from.equals(to) ? "" : "what tools of the vendor's own did can be told at home only";
      case "media" -> "sound has no place there, or loses its words; the words go as text";
      case "arguments as text" ->
          to.equals(ProtocolName.GEMINI)
              ? "an object and not text there: the same JSON without white space"
              : "no arguments at all are an empty object there";
      case "citations" ->
          "the same words of the same page, given twice for one text, are told once";
      default -> "";
    };
  }

  private static final List<String> FEATURES =
      List.of(
          "text",
          "tool calls",
          "arguments as text",
          "ids of calls",
          "reasoning",
          "seals",
          "refusal",
          "citations",
          "logprobs",
          "media",
          "vendor's own",
          "usage",
          "cache reads",
          "cache writes",
          "thought tokens",
          "stop");

  /** Features of recordings that say nothing about the request. */
  private static final List<String> OF_ANSWERS =
      List.of(
          "content_filter_results",
          "error",
          "no_done_marker",
          "redacted_reasoning",
          "refusal",
          "sse_comment",
          "sse_crlf",
          "truncated_stream");

  @Test
  void everythingRecordedIsCarriedOrAccountedFor() {
    var page = new StringBuilder(INTRODUCTION);
    answers(page);
    requests(page);
    PrintedPage.compare("protocols.md", "CrossProtocolTest", page.toString());
  }

  private static final String INTRODUCTION =
      """
      # What crosses from one protocol to another

      Printed by a test from recorded traffic, and compared by it. A call whose caller and vendor speak
      the same protocol is relayed and loses nothing; this page is about all others.

      """;

  private static void answers(StringBuilder page) {
    var losses = new TreeMap<String, TreeSet<String>>();
    var byWay = new TreeMap<String, Tally>();
    var byVendor = new TreeMap<String, Tally>();
    var counts = new int[2];
    RecordedVendors.each(recording -> {
      if (recording.status() == 200 && !RecordedVendors.isCount(recording)) {
        ProtocolName from = RecordedVendors.protocol(recording).orElseThrow();
        var unread = new Losses();
        List<ReplyEvent> events = events(recording, from, unread);
        unread.kept().forEach(loss -> lost(losses, "read " + from, loss, recording));
        var fold = new ReplyFold();
        events.forEach(fold);
        if (fold.reply().isEmpty()) {
          counts[1]++;
        } else {
          counts[0]++;
          carry(recording, from, events, fold.reply().get(), byWay, byVendor, losses);
        }
      }
    });
    var unexplained = new TreeMap<String, String>();
    var reasons = new TreeMap<String, TreeSet<String>>();
    byWay.forEach((way, tally) -> {
      if (tally.kept < tally.all) {
        String[] words = way.split(" \\| ");
        String why = reason(words[1], new ProtocolName(words[2]), new ProtocolName(words[0]));
        if (why.isEmpty()) {
          unexplained.put(way + " " + tally.kept + " of " + tally.all, tally.firstLost);
        } else {
          reasons
              .computeIfAbsent(
                  "**%s** to `%s`: %s".formatted(words[1], words[2], why), _ -> new TreeSet<>())
              .add("`" + words[0] + "`");
        }
      }
    });
    assertThat(unexplained).isEmpty();
    page.append(
        """
        ## Answers

        %d recorded answers, whole and streamed, are read, written in each of the callers' protocols, whole
        and as a stream, and read there again. A number says how often a feature was carried, and of how
        many where some were not. %d more are no answers but errors in the form of one.

        """
            .formatted(counts[0], counts[1]));
    page.append("| vendor speaks | feature |");
    Protocols.inbounds().forEach(callers -> page.append(" to `%s` |".formatted(callers.name())));
    page.append("\n| --- | --- |")
        .append(" ---: |".repeat(Protocols.inbounds().size()))
        .append('\n');
    for (Outbound vendors : Protocols.outbounds()) {
      for (String feature : FEATURES) {
        String row = "| `%s` | %s |".formatted(vendors.name(), feature);
        var cells = new StringBuilder();
        for (Inbound callers : Protocols.inbounds()) {
          cells.append(cell(byWay, vendors.name() + " | " + feature + " | " + callers.name()));
        }
        if (!cells.toString().replace("–", "").isBlank() && cells.toString().matches(".*\\d.*")) {
          page.append(row).append(cells).append('\n');
        }
      }
    }
    page.append("\nWhat is not carried, and why:\n\n");
    reasons.forEach(
        (why, from) -> page.append("- %s (from %s)\n".formatted(why, String.join(", ", from))));
    page.append(
        "\n## Answers by vendor\n\nThe same, to all four protocols together.\n\n| vendor | protocol |");
    FEATURES.forEach(feature -> page.append(" ").append(feature).append(" |"));
    page.append("\n| --- | --- |").append(" ---: |".repeat(FEATURES.size())).append('\n');
    var vendors = new TreeSet<String>();
    byVendor.keySet().forEach(key -> vendors.add(key.substring(0, key.lastIndexOf(" | "))));
    for (String vendor : vendors) {
      page.append("| ").append(vendor).append(" |");
      FEATURES.forEach(feature -> page.append(cell(byVendor, vendor + " | " + feature)));
      page.append('\n');
    }
    page.append(
        """

        ## Losses of answers

        What is named as lost of an answer, with `reply.` before it: where headers can still be written in
        `x-understudy-losses`, else as [headers.md](headers.md) says. By the protocol that was read, or that
        callers speak. A test finds every part that stays behind among them.

        | protocol | what | why | answers |
        | --- | --- | --- | ---: |
        """);
    losses.forEach((loss, ids) -> page.append("%s %d |\n".formatted(loss, ids.size())));
  }

  private static String cell(Map<String, Tally> tallies, String key) {
    Tally tally = tallies.get(key);
    return tally == null
        ? " – |"
        : tally.kept == tally.all
            ? " %d |".formatted(tally.all)
            : " %d of %d |".formatted(tally.kept, tally.all);
  }

  private static void carry(
      Recording recording,
      ProtocolName from,
      List<ReplyEvent> events,
      ChatReply reply,
      Map<String, Tally> byWay,
      Map<String, Tally> byVendor,
      Map<String, TreeSet<String>> losses) {
    Map<String, Object> said = ReplyEssence.of(reply);
    for (Inbound callers : Protocols.inbounds()) {
      var lostWhole = new Losses();
      var lostStreamed = new Losses();
      var whole = ReplyEssence.of(whole(reply, callers, recording.vendor(), lostWhole));
      var stream = ReplyEssence.of(streamed(events, callers, recording, lostStreamed));
      lostWhole.kept().forEach(loss -> lost(losses, "to " + callers.name(), loss, recording));
      assertThat(lostStreamed.kept())
          .as(recording.id() + " to " + callers.name() + ", streamed")
          .containsExactlyInAnyOrderElementsOf(lostWhole.kept());
      nothingGoesUnsaid(recording, reply, callers, said, whole, lostWhole);
      said.forEach((feature, value) -> {
        String way = from + " | " + feature + " | " + callers.name();
        String vendor = recording.vendor() + " | " + from + " | " + feature;
        for (var back : List.of(whole, stream)) {
          boolean kept = value.equals(back.get(feature));
          String what =
              recording.id()
                  + (back == stream ? " stream " : " whole ")
                  + cut(value)
                  + " -> "
                  + cut(back.get(feature));
          byWay.computeIfAbsent(way, _ -> new Tally()).count(kept, what);
          byVendor.computeIfAbsent(vendor, _ -> new Tally()).count(kept, recording.id());
        }
      });
    }
  }

  /** Whatever of an answer does not arrive is among the losses. */
  private static void nothingGoesUnsaid(
      Recording recording,
      ChatReply reply,
      Inbound callers,
      Map<String, Object> said,
      Map<String, Object> back,
      Losses losses) {
    List<String> paths = losses.kept().stream().map(Losses.Loss::path).toList();
    for (int i = 0; i < reply.parts().size(); i++) {
      if (reply.parts().get(i) instanceof Part.Foreign(var origin, _)
          && !origin.equals(callers.name())) {
        String part = "parts[" + i + "].";
        assertThat(paths).as(recording.id()).anyMatch(path -> path.startsWith(part));
      }
    }
    for (String feature : List.of("media", "logprobs")) {
      if (said.containsKey(feature) && !said.get(feature).equals(back.get(feature))) {
        assertThat(paths)
            .as(recording.id() + " to " + callers.name() + ": " + feature)
            .isNotEmpty();
      }
    }
  }

  private static String cut(Object value) {
    String text = "" + value;
    return text.length() > 160 ? text.substring(0, 160) : text;
  }

  private static List<ReplyEvent> events(Recording recording, ProtocolName from, Losses unread) {
    Outbound outbound = Protocols.outbound(from);
    Dialect dialect = RecordedVendors.dialect(recording.vendor(), from);
    var events = new ArrayList<ReplyEvent>();
    if (!recording.stream()) {
      try {
        ReplyUnfold.unfold(outbound.readReply(recording.body(), dialect, unread), events::add);
      } catch (Malformed e) {
        return List.of();
      }
      return events;
    }
    byte[] body = recording.body();
    if (RecordedVendors.speech(recording.vendor(), from).framing() == Framing.BEDROCK_CHUNKS) {
      var plain = new Bytes();
      var chunks = new BedrockChunks();
      chunks.accept(body, 0, body.length, plain);
      chunks.end(plain);
      body = plain.toByteArray();
    }
    return read(body, outbound, dialect, unread);
  }

  private static List<ReplyEvent> read(
      byte[] body, Outbound outbound, Dialect dialect, Losses unread) {
    var events = new ArrayList<ReplyEvent>();
    var grammar = new EventGrammar();
    var reader = outbound.streamReader(dialect, event -> events.add(grammar.check(event)), unread);
    reader.accept(body, 0, body.length);
    reader.end();
    return events;
  }

  private static ChatReply whole(ChatReply reply, Inbound callers, String vendor, Losses losses) {
    var out = new Bytes();
    callers.writeReply(reply, context(vendor), losses, out);
    return Protocols.outbound(callers.name())
        .readReply(out.take(), Dialect.standard(vendor), new Losses());
  }

  private static ChatReply streamed(
      List<ReplyEvent> events, Inbound callers, Recording recording, Losses losses) {
    var out = new Bytes();
    var writer = callers.streamWriter(context(recording.vendor()), losses);
    events.forEach(event -> writer.write(event, out));
    var fold = new ReplyFold();
    read(
            out.take(),
            Protocols.outbound(callers.name()),
            Dialect.standard(recording.vendor()),
            new Losses())
        .forEach(fold);
    assertThat(fold.failure()).as(recording.id() + " to " + callers.name()).isEmpty();
    return fold.reply().orElseThrow();
  }

  private static ReplyContext context(String vendor) {
    return new ReplyContext(REQUEST, "x1", 1_700_000_000L, true, vendor);
  }

  private static void requests(StringBuilder page) {
    var silent = new TreeMap<String, TreeSet<String>>();
    var refused = new TreeMap<String, TreeSet<String>>();
    var losses = new TreeMap<String, TreeSet<String>>();
    var byFeature = new TreeMap<String, Tally>();
    int[] read = new int[1];
    RecordedVendors.each(recording -> {
      ProtocolName from = RecordedVendors.protocol(recording).orElseThrow();
      Optional<Inbound> inbound =
          Protocols.inbounds().stream().filter(i -> i.name().equals(from)).findFirst();
      if (inbound.isEmpty() || RecordedVendors.isCount(recording) || recording.status() != 200) {
        return;
      }
      var unread = new Losses();
      ChatRequest request;
      try {
        request =
            inbound
                .get()
                .readRequest(
                    new InboundCall(
                        recording.request(), Optional.of("m"), recording.stream(), true),
                    unread);
      } catch (Malformed e) {
        refused
            .computeIfAbsent(
                "`" + e.path() + "`: " + e.getMessage().substring(e.path().length() + 2),
                _ -> new TreeSet<>())
            .add(recording.id());
        return;
      }
      if (request.messages().isEmpty()) {
        refused
            .computeIfAbsent("nothing is said: all texts are empty", _ -> new TreeSet<>())
            .add(recording.id());
        return;
      }
      read[0]++;
      unread.kept().forEach(loss -> lost(losses, "read " + from, loss, recording));
      for (Outbound vendors : Protocols.outbounds()) {
        if (vendors.name().equals(from)) {
          continue;
        }
        var lost = new Losses();
        byte[] written =
            vendors
                .writeRequest(
                    request.withModel(RequestEssence.model(vendors.name())),
                    Dialect.standard("v"),
                    lost)
                .json();
        lost.kept().forEach(loss -> lost(losses, vendors.name().text(), loss, recording));
        for (String gone : RequestEssence.missing(request, written, lost)) {
          silent
              .computeIfAbsent(from + " to " + vendors.name() + ": " + gone, _ -> new TreeSet<>())
              .add(recording.id());
        }
        for (String unknown : readBack(written, vendors.name(), recording.stream())) {
          silent
              .computeIfAbsent(
                  vendors.name() + " does not read of itself: " + unknown, _ -> new TreeSet<>())
              .add(recording.id());
        }
        var features = new ArrayList<>(recording.features());
        features.removeAll(OF_ANSWERS);
        features.add("(all)");
        for (String feature : features) {
          byFeature
              .computeIfAbsent(feature + " | " + vendors.name(), _ -> new Tally())
              .count(lost.isEmpty(), recording.id());
        }
      }
    });
    assertThat(silent).isEmpty();
    page.append(
        """

        ## Requests

        %d recorded requests of callers are read and written in each other vendors' protocol, for one able
        model each: GPT-5.1, Claude Sonnet 4.5 (also on Bedrock), Gemini 2.5 Flash, Command A, with no
        vendor's extras. A test finds every text, tool, call, argument, result, image, document and setting
        in what is written, or among the losses. A number says how many requests were carried without any
        loss, and of how many.

        """
            .formatted(read[0]));
    page.append("| shows |");
    Protocols.outbounds().forEach(vendors -> page.append(" to `%s` |".formatted(vendors.name())));
    page.append("\n| --- |").append(" ---: |".repeat(Protocols.outbounds().size())).append('\n');
    var features = new TreeSet<String>();
    byFeature.keySet().forEach(key -> features.add(key.substring(0, key.indexOf(" | "))));
    for (String feature : features) {
      page.append("| ").append(feature).append(" |");
      Protocols.outbounds()
          .forEach(vendors -> page.append(cell(byFeature, feature + " | " + vendors.name())));
      page.append('\n');
    }
    page.append("\nNot carried, most because they refer to what a vendor keeps:\n\n");
    refused.forEach((why, ids) -> page.append("- %s (%d)\n".formatted(why, ids.size())));
    page.append(
        "\n## Losses\n\nWhat was named as lost, by the protocol that was read or written.\n\n");
    page.append("| protocol | what | why | requests |\n| --- | --- | --- | ---: |\n");
    losses.forEach((loss, ids) -> page.append("%s %d |\n".formatted(loss, ids.size())));
  }

  private static void lost(
      Map<String, TreeSet<String>> losses, String where, Losses.Loss loss, Recording recording) {
    losses
        .computeIfAbsent(
            "| %s | `%s` | %s |"
                .formatted(where, loss.path().replaceAll("\\[\\d+\\]", "[]"), loss.reason()),
            _ -> new TreeSet<>())
        .add(recording.id());
  }

  /** What a protocol's own reader does not know of what its writer wrote. */
  private static List<String> readBack(byte[] written, ProtocolName protocol, boolean stream) {
    Optional<Inbound> inbound =
        Protocols.inbounds().stream().filter(i -> i.name().equals(protocol)).findFirst();
    if (inbound.isEmpty()) {
      return List.of();
    }
    var unread = new Losses();
    try {
      inbound
          .get()
          .readRequest(
              new InboundCall(Json.parseObject(written), Optional.of("m"), stream, true), unread);
    } catch (Malformed e) {
      return List.of(String.valueOf(e.getMessage()));
    }
    return unread.kept().stream().map(Object::toString).toList();
  }
}
