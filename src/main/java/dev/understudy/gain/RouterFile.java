package dev.understudy.gain;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * A trained router on disk: a mark, a version, the model, compressed, with its SHA-256, and what
 * its last check came to, with another.
 *
 * @param digest of the model, in hex; what a proof is about
 * @param proof what its last check came to, if it was checked
 */
public record RouterFile(GainModel model, String digest, Optional<Proof> proof) {
  private static final byte[] MARK = "understudy router\n".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 2;

  /** A longer file is none of ours. */
  public static final int BYTES_MAX = 32 << 20;

  private static final int DIGEST_BYTES = 32;
  private static final int DOMAINS_MAX = 100_000;
  private static final int TREES_MAX = 100_000;

  /** Writes a model that nobody has checked yet. */
  public static RouterFile write(GainModel model, Path file) throws IOException {
    byte[] packed = packed(model);
    RouterFile made = new RouterFile(model, hex(sha256(packed)), Optional.empty());
    made.save(file, packed);
    return made;
  }

  /** Writes the same with what a check came to. */
  public RouterFile with(Proof checked, Path file) throws IOException {
    RouterFile made = new RouterFile(model, digest, Optional.of(checked));
    made.save(file, packed(model));
    return made;
  }

  private void save(Path file, byte[] packed) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      out.write(MARK);
      out.writeInt(VERSION);
      part(out, packed);
      byte[] said = proof.isEmpty() ? new byte[0] : said(proof.get());
      part(out, said);
    }
    if (bytes.size() > BYTES_MAX) {
      throw new IOException(
          "the model comes to %d bytes, and %d are the most a file may have"
              .formatted(bytes.size(), BYTES_MAX));
    }
    Path whole = file.toAbsolutePath();
    if (Files.isDirectory(whole)) {
      throw new IOException(file + " is a folder, and a router is one file: name it too");
    }
    Files.createDirectories(whole.getParent());
    // In one step, so that a gateway that reads it meanwhile finds the one or the other.
    Path beside = Files.createTempFile(whole.getParent(), ".router", ".tmp");
    try {
      Files.write(beside, bytes.toByteArray());
      Files.move(
          beside, whole, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read, is damaged, or is of another version
   */
  public static RouterFile read(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException(file + " is a folder, and a router is one file");
    }
    if (Files.size(file) > BYTES_MAX) {
      throw damaged(file, "it has more than " + BYTES_MAX + " bytes");
    }
    byte[] bytes = Files.readAllBytes(file);
    if (bytes.length < MARK.length || !Arrays.equals(bytes, 0, MARK.length, MARK, 0, MARK.length)) {
      throw new IOException(file + " is not a router's file");
    }
    try (var in =
        new DataInputStream(
            new ByteArrayInputStream(bytes, MARK.length, bytes.length - MARK.length))) {
      int version = in.readInt();
      if (version != VERSION) {
        throw new IOException(
            "%s is of version %d, and this gateway reads version %d: train it again"
                .formatted(file, version, VERSION));
      }
      byte[] packed = part(in);
      byte[] said = part(in);
      if (in.available() > 0) {
        throw new Damaged("it goes on after its end");
      }
      String digest = hex(sha256(packed));
      Optional<Proof> proof = said.length == 0 ? Optional.empty() : Optional.of(proof(said));
      if (proof.isPresent() && !proof.get().model().equals(digest)) {
        throw new Damaged("its proof is of another model");
      }
      return new RouterFile(unpacked(packed), digest, proof);
    } catch (Damaged e) {
      throw damaged(file, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      if (e.getMessage() != null && e.getMessage().startsWith(file.toString())) {
        throw e;
      }
      throw damaged(file, "it ends too soon");
    } catch (IllegalArgumentException e) {
      throw damaged(file, String.valueOf(e.getMessage()));
    }
  }

  private static final class Damaged extends IOException {
    private static final long serialVersionUID = 1L;

    Damaged(String what) {
      super(what);
    }
  }

  private static IOException damaged(Path file, String why) {
    return new IOException(
        "%s is damaged: %s; train it again, or fetch it again".formatted(file, why));
  }

  private static void part(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(sha256(bytes));
    out.write(bytes);
  }

  private static byte[] part(DataInputStream in) throws IOException {
    int length = in.readInt();
    byte[] sum = in.readNBytes(DIGEST_BYTES);
    if (length < 0 || length > in.available()) {
      throw new Damaged("it ends too soon");
    }
    byte[] bytes = in.readNBytes(length);
    if (!MessageDigest.isEqual(sum, sha256(bytes))) {
      throw new Damaged("its checksum is wrong");
    }
    return bytes;
  }

  /** The SHA-256 of a file's bytes, in hex. */
  public static String digest(byte[] bytes) {
    return hex(sha256(bytes));
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  // --- the proof ---

  private static byte[] said(Proof proof) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.writeUTF(proof.model());
    out.writeUTF(proof.data());
    out.writeLong(proof.at().toEpochMilli());
    out.writeUTF(proof.verdict().name());
    out.writeInt(proof.cases());
    for (double figure :
        new double[] {
          proof.threshold(),
          proof.strongShare(),
          proof.router(),
          proof.strong(),
          proof.lower(),
          proof.upper(),
          proof.margin(),
          proof.alpha()
        }) {
      out.writeDouble(figure);
    }
    return bytes.toByteArray();
  }

  private static Proof proof(byte[] bytes) throws IOException {
    var in = new DataInputStream(new ByteArrayInputStream(bytes));
    String model = in.readUTF();
    String data = in.readUTF();
    Instant at = Instant.ofEpochMilli(in.readLong());
    Proof.Verdict verdict = Proof.Verdict.valueOf(in.readUTF());
    int cases = in.readInt();
    return new Proof(
        model,
        data,
        at,
        verdict,
        in.readDouble(),
        in.readDouble(),
        cases,
        in.readDouble(),
        in.readDouble(),
        in.readDouble(),
        in.readDouble(),
        in.readDouble(),
        in.readDouble());
  }

  // --- the model ---

  private static byte[] packed(GainModel model) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(new DeflaterOutputStream(bytes))) {
      GainModel.About about = model.about();
      out.writeUTF(about.cheap());
      out.writeUTF(about.strong());
      out.writeInt(about.outcomes());
      out.writeDouble(about.cheapMean());
      out.writeDouble(about.strongMean());
      out.writeDouble(about.area());
      out.writeLong(about.seed());
      Stack stack = model.stack();
      out.write(stack.scale().sixteenths);
      floats(out, stack.formScale().means());
      floats(out, stack.formScale().spreads());
      out.write(stack.topics().shares);
      floats(out, stack.topics().units);
      line(out, stack.cheapLine());
      line(out, stack.strongLine());
      domains(out, stack.domains());
      forest(out, stack.plain());
      forest(out, stack.full());
      Mix mix = model.mix();
      floats(out, new float[] {mix.plain(), mix.full(), mix.line()});
      curve(out, model.known());
      curve(out, model.unknown());
      floats(out, model.usualForm());
      floats(out, model.quantiles());
      out.writeInt(model.learned().length);
      for (int hash : model.learned()) {
        out.writeInt(hash);
      }
    }
    return bytes.toByteArray();
  }

  private static GainModel unpacked(byte[] packed) throws IOException {
    try (var in = new DataInputStream(new InflaterInputStream(new ByteArrayInputStream(packed)))) {
      var about =
          new GainModel.About(
              in.readUTF(),
              in.readUTF(),
              in.readInt(),
              in.readDouble(),
              in.readDouble(),
              in.readDouble(),
              in.readLong());
      byte[] sixteenths = new byte[Reading.BUCKETS];
      in.readFully(sixteenths);
      int size = Reading.FORM.size();
      var formScale = new FormScale(floats(in, size), floats(in, size));
      byte[] shares = new byte[Topics.COUNT * Reading.WORD_BUCKETS];
      in.readFully(shares);
      var topics = new Topics(shares, floats(in, Topics.COUNT));
      WordLine cheap = line(in);
      WordLine strong = line(in);
      Domains domains = domains(in);
      Forest plain = forest(in, Stack.PLAIN);
      Forest full = forest(in, Stack.FULL);
      float[] mix = floats(in, 3);
      Isotonic known = curve(in);
      Isotonic unknown = curve(in);
      float[] usual = floats(in, Reading.FORM.size());
      float[] quantiles = floats(in, GainTrainer.QUANTILES);
      int count = bounded(in.readInt(), GainTrainer.OUTCOMES_MAX, "prompts");
      int[] learned = new int[count];
      for (int i = 0; i < count; i++) {
        learned[i] = in.readInt();
      }
      return new GainModel(
          about,
          new Stack(
              new WordScale(sixteenths), formScale, topics, cheap, strong, domains, plain, full),
          new Mix(mix[0], mix[1], mix[2]),
          known,
          unknown,
          usual,
          quantiles,
          learned);
    }
  }

  private static int bounded(int count, int most, String what) throws IOException {
    if (count < 0 || count > most) {
      throw new Damaged("it speaks of " + count + " " + what);
    }
    return count;
  }

  private static void floats(DataOutputStream out, float[] values) throws IOException {
    for (float value : values) {
      out.writeFloat(value);
    }
  }

  private static float[] floats(DataInputStream in, int count) throws IOException {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = in.readFloat();
      if (!Float.isFinite(values[i])) {
        throw new Damaged("a figure in it is not finite");
      }
    }
    return values;
  }

  private static void line(DataOutputStream out, WordLine line) throws IOException {
    out.writeFloat(line.unit);
    out.writeFloat(line.offset);
    floats(out, line.formWeights);
    for (short weight : line.weights) {
      out.writeShort(weight);
    }
  }

  private static WordLine line(DataInputStream in) throws IOException {
    float[] figures = floats(in, 2);
    float[] formWeights = floats(in, Reading.FORM.size());
    byte[] bytes = in.readNBytes(2 * Reading.BUCKETS);
    if (bytes.length < 2 * Reading.BUCKETS) {
      throw new Damaged("it ends too soon");
    }
    short[] weights = new short[Reading.BUCKETS];
    ByteBuffer.wrap(bytes).asShortBuffer().get(weights);
    return new WordLine(weights, figures[0], formWeights, figures[1]);
  }

  private static void domains(DataOutputStream out, Domains domains) throws IOException {
    floats(out, new float[] {domains.all.cheap(), domains.all.strong()});
    out.writeInt(domains.known.size());
    for (var entry : new TreeMap<>(domains.known).entrySet()) {
      out.writeUTF(entry.getKey());
      floats(out, new float[] {entry.getValue().cheap(), entry.getValue().strong()});
    }
  }

  private static Domains domains(DataInputStream in) throws IOException {
    float[] all = floats(in, 2);
    int count = bounded(in.readInt(), DOMAINS_MAX, "domains");
    Map<String, Domains.Means> known = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      String name = in.readUTF();
      float[] means = floats(in, 2);
      known.put(name, new Domains.Means(means[0], means[1]));
    }
    return new Domains(new Domains.Means(all[0], all[1]), known);
  }

  private static void forest(DataOutputStream out, Forest forest) throws IOException {
    out.writeInt(forest.leaves.length / Forest.LEAVES);
    out.writeFloat(forest.offset);
    out.write(forest.figures);
    floats(out, forest.bounds);
    floats(out, forest.leaves);
  }

  private static Forest forest(DataInputStream in, int width) throws IOException {
    int trees = bounded(in.readInt(), TREES_MAX, "trees");
    float offset = floats(in, 1)[0];
    byte[] figures = new byte[trees * Forest.QUESTIONS];
    in.readFully(figures);
    for (byte figure : figures) {
      bounded(figure, width - 1, "as a figure");
    }
    return new Forest(
        offset, figures, floats(in, figures.length), floats(in, trees * Forest.LEAVES));
  }

  private static void curve(DataOutputStream out, Isotonic curve) throws IOException {
    out.writeInt(curve.scores.length);
    floats(out, curve.scores);
    floats(out, curve.values);
  }

  private static Isotonic curve(DataInputStream in) throws IOException {
    int count = bounded(in.readInt(), 100_000, "steps");
    return new Isotonic(floats(in, count), floats(in, count));
  }
}
