package dev.understudy.protocol;

import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.Seal;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Carries a seal through a caller who speaks another protocol than its issuer.
 *
 * <p>The caller's protocol has some opaque field for signed reasoning; there the seal travels as
 * text that names its issuer, and comes back with the next turn. Only the issuer sees it unwrapped.
 */
public final class SealText {
  /** What every wrapped seal begins with; a body that holds it must not be relayed as it is. */
  public static final String MARK = "~us1.";

  private SealText() {}

  /** The seal as the caller's protocol is to carry it: bare at home, wrapped elsewhere. */
  public static String write(Seal seal, ProtocolName callersProtocol) {
    return seal.protocol().equals(callersProtocol) ? seal.data() : wrap(seal);
  }

  /** The seal as text. */
  public static String wrap(Seal seal) {
    return MARK
        + String.join(
            ".",
            seal.protocol().text(),
            base64(seal.vendor().orElse("")),
            base64(seal.kind()),
            base64(seal.data()));
  }

  /**
   * Reads what {@link #write} wrote. Text without the mark is a seal of the caller's own protocol,
   * of kind {@code bareKind} and unknown vendor.
   */
  public static Seal read(String text, ProtocolName callersProtocol, String bareKind) {
    return unwrap(text)
        .orElseGet(() -> new Seal(callersProtocol, Optional.empty(), bareKind, text));
  }

  /** Reads a wrapped seal; empty if the text is none. */
  public static Optional<Seal> unwrap(String text) {
    if (!text.startsWith(MARK)) {
      return Optional.empty();
    }
    List<String> fields = List.of(text.substring(MARK.length()).split("\\.", -1));
    if (fields.size() != 4) {
      return Optional.empty();
    }
    try {
      String vendor = plain(fields.get(1));
      return Optional.of(
          new Seal(
              new ProtocolName(fields.get(0)),
              vendor.isEmpty() ? Optional.empty() : Optional.of(vendor),
              plain(fields.get(2)),
              plain(fields.get(3))));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String plain(String base64) {
    return new String(Base64.getUrlDecoder().decode(base64), StandardCharsets.UTF_8);
  }
}
