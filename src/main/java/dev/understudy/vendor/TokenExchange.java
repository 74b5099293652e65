package dev.understudy.vendor;

import java.io.IOException;
import java.net.URI;

/** Asks a token server for an access token; the one thing a credential needs the network for. */
public interface TokenExchange {

  /**
   * Posts a form and returns the body of the answer; blocks.
   *
   * @param form {@code application/x-www-form-urlencoded}
   * @throws IOException if there is no answer, or one whose status is not 200; the message holds
   *     neither the form nor the body
   */
  String post(URI tokenUri, String form) throws IOException, InterruptedException;
}
