package dev.understudy.evaluation;

import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps answers in a file, a line each, appended as they come; a line that a killed run left half
 * written is passed over.
 */
public final class AnswerFile implements AnswerStore, AutoCloseable {
  private final Map<String, Answer.Given> known = new ConcurrentHashMap<>();
  private final FileChannel out;

  /**
   * Opens a file, which is made if it is missing.
   *
   * @throws IOException if it cannot be read or written
   */
  public AnswerFile(Path file) throws IOException {
    if (file.getParent() != null) {
      Files.createDirectories(file.getParent());
    }
    boolean torn = false;
    if (Files.exists(file)) {
      try (BufferedReader lines = Files.newBufferedReader(file)) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          read(line);
        }
      }
      torn = endsWithinALine(file);
    }
    this.out =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    if (torn) {
      out.write(ByteBuffer.wrap(new byte[] {'\n'}));
    }
  }

  private static boolean endsWithinALine(Path file) throws IOException {
    try (FileChannel in = FileChannel.open(file)) {
      if (in.size() == 0) {
        return false;
      }
      var last = ByteBuffer.allocate(1);
      in.read(last, in.size() - 1);
      return last.get(0) != '\n';
    }
  }

  private void read(String line) {
    try {
      ObjectNode node = Json.parseObject(line);
      var calls = new ArrayList<Answer.Call>();
      for (JsonNode call : node.path("calls")) {
        calls.add(new Answer.Call(call.path("tool").asString(), call.path("arguments").asString()));
      }
      var beginnings = new ArrayList<Answer.Beginning>();
      for (JsonNode one : node.path("beginnings")) {
        beginnings.add(
            new Answer.Beginning(one.path("token").asString(), one.path("logprob").asDouble()));
      }
      known.put(
          node.path("key").asString(),
          new Answer.Given(
              node.path("text").asString(),
              calls,
              node.path("cut").asBoolean(),
              node.path("refused").asBoolean(),
              node.path("input_tokens").asLong(),
              node.path("output_tokens").asLong(),
              node.path("millis").asLong(),
              node.path("exchange").asString(),
              node.path("target").asString(""),
              beginnings,
              node.path("sandbox").asBoolean(false)));
    } catch (Malformed e) {
      // Half a line of a run that was killed: its answer is asked for again.
    }
  }

  @Override
  public Optional<Answer.Given> find(String key) {
    return Optional.ofNullable(known.get(key));
  }

  @Override
  public void keep(String key, Answer.Given answer) {
    ObjectNode node = Json.object();
    node.put("key", key).put("text", answer.text());
    var calls = node.putArray("calls");
    for (Answer.Call call : answer.calls()) {
      calls.addObject().put("tool", call.tool()).put("arguments", call.argumentsJson());
    }
    node.put("cut", answer.cut())
        .put("refused", answer.refused())
        .put("input_tokens", answer.inputTokens())
        .put("output_tokens", answer.outputTokens())
        .put("millis", answer.millis())
        .put("exchange", answer.exchange())
        .put("target", answer.target());
    if (answer.sandbox()) {
      node.put("sandbox", true);
    }
    if (!answer.beginnings().isEmpty()) {
      var beginnings = node.putArray("beginnings");
      for (Answer.Beginning one : answer.beginnings()) {
        beginnings.addObject().put("token", one.token()).put("logprob", one.logprob());
      }
    }
    byte[] line = (node + "\n").getBytes(StandardCharsets.UTF_8);
    synchronized (out) {
      try {
        var bytes = ByteBuffer.wrap(line);
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
      } catch (IOException e) {
        throw new UncheckedIOException("an answer that was paid for cannot be kept", e);
      }
    }
    known.put(key, answer);
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
