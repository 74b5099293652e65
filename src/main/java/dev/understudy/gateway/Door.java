package dev.understudy.gateway;

import dev.understudy.chat.ProtocolName;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a caller's path asks for.
 *
 * @param protocol the protocol the caller speaks
 * @param pathModel the model, where the path names it
 * @param query the query without credentials, passed on where the protocol has a use for it
 */
record Door(ProtocolName protocol, Ask ask, Optional<String> pathModel, String query) {

  enum Ask {
    CHAT,
    /** A stream by its path; other protocols say so in the body. */
    CHAT_STREAM,
    COUNT_TOKENS,
    LIST_MODELS,
    GET_MODEL,
    HEALTH
  }

  /** The longest name of a model or route that is looked up, in characters. */
  static final int NAME_MAX = 512;

  boolean isPost() {
    return switch (ask) {
      case CHAT, CHAT_STREAM, COUNT_TOKENS -> true;
      case LIST_MODELS, GET_MODEL, HEALTH -> false;
    };
  }

  /** Whether it is about what is on offer, at paths that several protocols have in common. */
  boolean isOfModels() {
    return ask == Ask.LIST_MODELS || ask == Ask.GET_MODEL;
  }

  /** The door at a path; empty if there is none. */
  static Optional<Door> at(String uri) {
    int mark = uri.indexOf('?');
    String path = mark < 0 ? uri : uri.substring(0, mark);
    String query = mark < 0 ? "" : uri.substring(mark + 1);
    return switch (path) {
      case "/v1/chat/completions" -> door(ProtocolName.OPENAI_CHAT, Ask.CHAT);
      case "/v1/responses" -> door(ProtocolName.OPENAI_RESPONSES, Ask.CHAT);
      case "/v1/responses/input_tokens" -> door(ProtocolName.OPENAI_RESPONSES, Ask.COUNT_TOKENS);
      case "/v1/messages" -> door(ProtocolName.ANTHROPIC_MESSAGES, Ask.CHAT);
      case "/v1/messages/count_tokens" -> door(ProtocolName.ANTHROPIC_MESSAGES, Ask.COUNT_TOKENS);
      case "/v1/models" -> door(ProtocolName.OPENAI_CHAT, Ask.LIST_MODELS);
      case "/v1beta/models", "/v1alpha/models" -> door(ProtocolName.GEMINI, Ask.LIST_MODELS);
      case "/healthz" -> door(ProtocolName.OPENAI_CHAT, Ask.HEALTH);
      default -> ofModel(path, query);
    };
  }

  private static Optional<Door> door(ProtocolName protocol, Ask ask) {
    return Optional.of(new Door(protocol, ask, Optional.empty(), ""));
  }

  private static Optional<Door> ofModel(String path, String query) {
    for (String prefix : new String[] {"/v1beta/models/", "/v1alpha/models/", "/v1/models/"}) {
      if (path.startsWith(prefix) && path.length() > prefix.length()) {
        return model(path.substring(prefix.length()), query);
      }
    }
    return bare(path, query);
  }

  /**
   * Vercel's library for Google takes a model's name with a slash in it for a whole path, and
   * leaves {@code models/} out: see {@code getModelPath} in {@code @ai-sdk/google}.
   */
  private static Optional<Door> bare(String path, String query) {
    for (String prefix : new String[] {"/v1beta/", "/v1alpha/"}) {
      if (path.startsWith(prefix)) {
        return model(path.substring(prefix.length()), query).filter(Door::isPost);
      }
    }
    return Optional.empty();
  }

  /** The part behind {@code models/}: a name, and behind the last colon what to do with it. */
  private static Optional<Door> model(String rest, String query) {
    int colon = rest.lastIndexOf(':');
    Optional<Ask> ask =
        switch (colon < 0 ? "" : rest.substring(colon + 1)) {
          case "generateContent" -> Optional.of(Ask.CHAT);
          case "streamGenerateContent" -> Optional.of(Ask.CHAT_STREAM);
          case "countTokens" -> Optional.of(Ask.COUNT_TOKENS);
          default -> Optional.empty();
        };
    String encoded = ask.isPresent() ? rest.substring(0, colon) : rest;
    return decode(encoded)
        .map(name ->
            new Door(
                ProtocolName.GEMINI,
                ask.orElse(Ask.GET_MODEL),
                Optional.of(name),
                withoutKey(query)));
  }

  private static Optional<String> decode(String encoded) {
    try {
      // A plus sign is itself in a path; only the decoder for forms takes it for a space.
      return Optional.of(URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Of the query only {@code alt} means anything to a vendor; a key must not go there. */
  private static String withoutKey(String query) {
    for (String pair : query.split("&")) {
      if (pair.equals("alt=sse")) {
        return pair;
      }
    }
    return "";
  }

  /** The key that a Gemini caller may put into the query. */
  static Optional<String> keyInQuery(String uri) {
    int mark = uri.indexOf('?');
    if (mark < 0) {
      return Optional.empty();
    }
    for (String pair : uri.substring(mark + 1).split("&")) {
      if (pair.startsWith("key=")) {
        return decode(pair.substring(4));
      }
    }
    return Optional.empty();
  }
}
