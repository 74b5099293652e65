package dev.understudy.sandbox;

import dev.understudy.chat.ProtocolName;
import java.util.List;

/** One vendor in a box: an HTTP server on loopback that answers as that vendor would. */
public final class SandboxServer implements AutoCloseable {
  private final SandboxProfile profile;
  private final Faults faults = new Faults();
  private final SeenRequests seen = new SeenRequests();
  private final RateKeeper keeper = new RateKeeper(System::nanoTime);
  private final List<Voice> voices;
  private final LoopbackServer server;
  private volatile Pace pace;

  private SandboxServer(SandboxProfile profile) {
    this.profile = profile;
    this.pace = profile.pace();
    this.voices = Voices.of(profile.accent());
    this.server = new LoopbackServer(profile.port(), () -> new SandboxHandler(this));
  }

  /**
   * Starts a vendor.
   *
   * @throws IllegalStateException if its port is taken
   */
  public static SandboxServer start(SandboxProfile profile) {
    return new SandboxServer(profile);
  }

  /** Starts a vendor by name on any free port, at once and without a key. */
  public static SandboxServer start(String vendor) {
    return start(SandboxProfile.of(vendor));
  }

  public SandboxProfile profile() {
    return profile;
  }

  public int port() {
    return server.port();
  }

  /** What the vendor's own SDK takes as its base address. */
  public String url() {
    String origin = "http://127.0.0.1:" + port();
    return switch (profile.accent()) {
      case OPENAI, XAI, MAI -> origin + "/v1";
      case META -> origin + "/compat/v1";
      case DEEPSEEK, ANTHROPIC, GOOGLE, BEDROCK -> origin;
    };
  }

  /** The protocols it speaks, of which its namesake may speak more. */
  public List<ProtocolName> protocols() {
    return switch (profile.accent()) {
      case OPENAI, XAI -> List.of(ProtocolName.OPENAI_CHAT, ProtocolName.OPENAI_RESPONSES);
      case DEEPSEEK, META, MAI -> List.of(ProtocolName.OPENAI_CHAT);
      case ANTHROPIC -> List.of(ProtocolName.ANTHROPIC_MESSAGES);
      case GOOGLE -> List.of(ProtocolName.GEMINI);
      case BEDROCK -> List.of(ProtocolName.BEDROCK_CONVERSE, ProtocolName.ANTHROPIC_MESSAGES);
    };
  }

  public Faults faults() {
    return faults;
  }

  /** The last requests, at most 100, oldest first. */
  public List<SeenRequest> requests() {
    return seen.all();
  }

  /** How many requests there were since the start. */
  public long requestCount() {
    return seen.count();
  }

  public void forgetRequests() {
    seen.clear();
  }

  public Pace pace() {
    return pace;
  }

  /** How fast it answers from the next request on. */
  public void pace(Pace newPace) {
    pace = newPace;
  }

  /** What it allows in a minute. */
  public RateLimit limit() {
    return keeper.limit();
  }

  /** What it allows in a minute from the next request on; what was used before is forgotten. */
  public void limit(RateLimit newLimit) {
    keeper.set(newLimit);
  }

  /** How many requests kept to the limit since it was set. */
  public long takenCount() {
    return keeper.taken();
  }

  /** How many requests were refused since the limit was set, because they were too many. */
  public long turnedAwayCount() {
    return keeper.refused();
  }

  /** Stops listening and drops every connection until {@link #accept()}. */
  public void refuse() {
    server.refuse();
  }

  public void accept() {
    server.accept();
  }

  @Override
  public void close() {
    server.close();
  }

  RateKeeper keeper() {
    return keeper;
  }

  SeenRequests seen() {
    return seen;
  }

  List<Voice> voices() {
    return voices;
  }

  LoopbackServer loopback() {
    return server;
  }
}
