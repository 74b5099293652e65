package dev.understudy.gateway;

import dev.understudy.vendor.Vendor;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** What the gateway trusts when it calls vendors: the JVM's authorities, and a vendor's own. */
final class TlsContexts {
  private final Map<List<X509Certificate>, SslContext> byTrust = new ConcurrentHashMap<>();

  /**
   * The context for a vendor.
   *
   * @throws IllegalStateException if its certificates cannot be used
   */
  SslContext of(Vendor vendor) {
    return byTrust.computeIfAbsent(vendor.trust(), TlsContexts::build);
  }

  private static SslContext build(List<X509Certificate> trust) {
    try {
      SslContextBuilder builder =
          SslContextBuilder.forClient()
              .sslProvider(SslProvider.JDK)
              .protocols("TLSv1.3", "TLSv1.2");
      if (!trust.isEmpty()) {
        TrustManagerFactory factory =
            TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store(trust));
        builder.trustManager(factory);
      }
      return builder.build();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("the certificates to trust cannot be used", e);
    }
  }

  private static KeyStore store(List<X509Certificate> trust)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int n = 0;
    for (X509Certificate certificate : trust) {
      store.setCertificateEntry("own-" + n++, certificate);
    }
    TrustManagerFactory system =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    system.init((KeyStore) null);
    for (TrustManager manager : system.getTrustManagers()) {
      if (manager instanceof X509TrustManager x509) {
        for (X509Certificate certificate : x509.getAcceptedIssuers()) {
          store.setCertificateEntry("system-" + n++, certificate);
        }
      }
    }
    return store;
  }
}
