package dev.understudy.app;

import dev.understudy.gateway.JdkTokenExchange;
import dev.understudy.vendor.TokenExchange;
import java.io.IOException;
import java.net.URI;
import java.util.Map;

/** Makes a client when a token is needed: most never need one, and it brings a thread. */
final class LazyTokens implements TokenExchange {
  @Override
  public String post(URI tokenUri, String form) throws IOException, InterruptedException {
    return new JdkTokenExchange().post(tokenUri, form);
  }

  @Override
  public String local(String method, URI address, Map<String, String> headers)
      throws IOException, InterruptedException {
    return new JdkTokenExchange().local(method, address, headers);
  }

  @Override
  public String ask(String method, URI address, Map<String, String> headers, String body)
      throws IOException, InterruptedException {
    return new JdkTokenExchange().ask(method, address, headers, body);
  }
}
