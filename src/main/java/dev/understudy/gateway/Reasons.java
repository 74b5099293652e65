package dev.understudy.gateway;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** Why a connection failed, in words that hold no address, key or text of the call. */
final class Reasons {
  private Reasons() {}

  static String of(Throwable cause) {
    String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    return switch (cause) {
      case UnknownHostException _, UnresolvedAddressException _ -> "its name has no address";
      case SSLException _ -> "the encrypted connection failed: " + tls(cause);
      case ConnectException _ when message.contains("timed out") -> "the connection timed out";
      case ConnectException _ when message.contains("refused") -> "the connection was refused";
      case ConnectException _ -> "the connection could not be made";
      case ClosedChannelException _ -> "the connection was closed";
      default ->
          message.contains("reset")
              ? "the connection was reset"
              : "the connection failed (" + cause.getClass().getSimpleName() + ")";
    };
  }

  /** Why an address cannot be listened on. */
  static String bind(Throwable cause) {
    String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    if (message.contains("in use")) {
      return "the port is in use";
    }
    if (message.contains("permission")) {
      return "the system does not permit it";
    }
    return message.contains("assign") ? "the address is not of this machine" : message;
  }

  private static String tls(Throwable cause) {
    Throwable root = cause;
    for (int i = 0; i < 8 && root.getCause() != null; i++) {
      root = root.getCause();
    }
    String text = String.valueOf(root.getMessage());
    return text.length() > 120 ? text.substring(0, 120) : text;
  }
}
