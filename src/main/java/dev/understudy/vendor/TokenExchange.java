package dev.understudy.vendor;

import java.io.IOException;
import java.net.URI;
import java.util.Map;

/** Asks for what lets us in for a while; the one thing a credential needs the network for. */
public interface TokenExchange {

  /**
   * Posts a form and returns the body of the answer; blocks.
   *
   * @param form {@code application/x-www-form-urlencoded}
   * @throws IOException if there is no answer, or one whose status is not 200; the message holds
   *     neither the form nor the body
   */
  String post(URI tokenUri, String form) throws IOException, InterruptedException;

  /**
   * Asks a service of this machine or its link, such as a cloud's metadata service, and returns the
   * body of the answer; blocks.
   *
   * @param method without a body
   * @param headers names in lower case
   * @throws IOException if the address is beyond the link, or there is no answer, or one whose
   *     status is not 200; the message holds neither headers nor body
   */
  default String local(String method, URI address, Map<String, String> headers)
      throws IOException, InterruptedException {
    throw new IOException("services of this machine are not asked here");
  }

  /**
   * Sends a request over TLS and returns the body of the answer; blocks.
   *
   * @param headers names in lower case
   * @throws IOException as {@link #post}
   */
  default String ask(String method, URI address, Map<String, String> headers, String body)
      throws IOException, InterruptedException {
    throw new IOException("no service is asked here");
  }
}
