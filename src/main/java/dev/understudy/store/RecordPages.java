package dev.understudy.store;

import dev.understudy.ledger.AttemptBook.Finished;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** Writes the records of calls within one transaction, some dozens compressed together. */
final class RecordPages {
  private static final int TOGETHER = 64;

  /** Bytes before a record: its name's length, when its call began, its own length. */
  private static final int HEAD = 16;

  private static final int ASKED_AT_ONCE = 256;
  private static final String MORE = ", ?".repeat(ASKED_AT_ONCE - 1);

  private RecordPages() {}

  /** Records compressed together, made before the transaction begins. */
  @SuppressWarnings("ArrayRecordComponent") // written, never compared
  record Block(List<Finished> calls, byte[] bytes) {
    long firstAt() {
      return calls.stream().mapToLong(Finished::startedAtMillis).min().orElse(0);
    }

    long lastAt() {
      return calls.stream().mapToLong(Finished::startedAtMillis).max().orElse(0);
    }
  }

  /** Packs those that have a record. */
  static List<Block> pack(List<Finished> calls) {
    List<Finished> told = calls.stream().filter(call -> call.record().length > 0).toList();
    var blocks = new ArrayList<Block>();
    for (int from = 0; from < told.size(); from += TOGETHER) {
      List<Finished> some = told.subList(from, Math.min(told.size(), from + TOGETHER));
      blocks.add(new Block(some, deflated(some)));
    }
    return blocks;
  }

  /** Writes blocks, of each the calls that are not kept yet. */
  static void write(Session session, List<Block> blocks) throws SQLException {
    Set<String> kept = kept(session, blocks);
    for (Block block : blocks) {
      var fresh = new ArrayList<Finished>();
      for (Finished call : block.calls()) {
        if (kept.add(call.exchange())) {
          fresh.add(call);
        }
      }
      if (fresh.isEmpty()) {
        continue;
      }
      Block written =
          fresh.size() == block.calls().size() ? block : new Block(fresh, deflated(fresh));
      long id =
          session
              .one(
                  """
                  INSERT INTO exchange_blocks (first_at, last_at, records, bytes)
                  VALUES (?, ?, ?, ?) RETURNING id
                  """,
                  row -> row.whole(1),
                  written.firstAt(),
                  written.lastAt(),
                  fresh.size(),
                  written.bytes())
              .orElseThrow();
      session.batch(
          "INSERT INTO exchange_places (exchange, block_id) VALUES (?, ?)",
          fresh.stream().map(call -> new Object[] {call.exchange(), id}).toList());
    }
  }

  private static Set<String> kept(Session session, List<Block> blocks) throws SQLException {
    List<String> names =
        blocks.stream().flatMap(block -> block.calls().stream()).map(Finished::exchange).toList();
    var kept = new HashSet<String>();
    for (int from = 0; from < names.size(); from += ASKED_AT_ONCE) {
      var asked = new Object[ASKED_AT_ONCE];
      for (int i = 0; i < ASKED_AT_ONCE; i++) {
        asked[i] = names.get(Math.min(from + i, names.size() - 1));
      }
      session.each(
          "SELECT exchange FROM exchange_places WHERE exchange IN (?" + MORE + ")",
          row -> kept.add(row.text(1)),
          asked);
    }
    return kept;
  }

  private static byte[] deflated(List<Finished> calls) {
    var names = new ArrayList<byte[]>(calls.size());
    int plain = 0;
    for (Finished call : calls) {
      byte[] name = call.exchange().getBytes(StandardCharsets.UTF_8);
      names.add(name);
      plain += HEAD + name.length + call.record().length;
    }
    var out = new ByteArrayOutputStream(plain / 5 + 100);
    out.writeBytes(ByteBuffer.allocate(4).putInt(plain).array());
    // Many records of much the same words: the quickest way makes a tenth of them already.
    var deflater = new Deflater(Deflater.BEST_SPEED, true);
    var piece = new byte[8 << 10];
    try {
      for (int i = 0; i < names.size(); i++) {
        Finished call = calls.get(i);
        byte[] head =
            ByteBuffer.allocate(HEAD)
                .putInt(names.get(i).length)
                .putLong(call.startedAtMillis())
                .putInt(call.record().length)
                .array();
        deflate(deflater, head, piece, out);
        deflate(deflater, names.get(i), piece, out);
        deflate(deflater, call.record(), piece, out);
      }
      deflater.finish();
      while (!deflater.finished()) {
        out.write(piece, 0, deflater.deflate(piece));
      }
    } finally {
      deflater.end();
    }
    return out.toByteArray();
  }

  private static void deflate(
      Deflater deflater, byte[] bytes, byte[] piece, ByteArrayOutputStream out) {
    deflater.setInput(bytes);
    while (!deflater.needsInput()) {
      out.write(piece, 0, deflater.deflate(piece));
    }
  }

  /** What is done with a record. */
  @FunctionalInterface
  interface Use {
    void record(String exchange, long startedAtMillis, byte[] json);
  }

  static void unpack(byte[] block, Use use) throws SQLException {
    ByteBuffer plain = ByteBuffer.wrap(inflated(block));
    while (plain.hasRemaining()) {
      int name = plain.getInt();
      long at = plain.getLong();
      var json = new byte[plain.getInt()];
      var bytes = new byte[name];
      plain.get(bytes);
      plain.get(json);
      use.record(new String(bytes, StandardCharsets.UTF_8), at, json);
    }
  }

  private static byte[] inflated(byte[] block) throws SQLException {
    var inflater = new Inflater(true);
    try {
      var plain = new byte[ByteBuffer.wrap(block).getInt()];
      inflater.setInput(block, 4, block.length - 4);
      int length = 0;
      while (length < plain.length) {
        int more = inflater.inflate(plain, length, plain.length - length);
        if (more == 0) {
          throw new SQLException("a block of records is damaged");
        }
        length += more;
      }
      return plain;
    } catch (DataFormatException e) {
      throw new SQLException("a block of records is damaged", e);
    } finally {
      inflater.end();
    }
  }
}
