package io.baseimage.engine;

import com.github.dockerjava.transport.SSLConfig;
import java.security.KeyManagementException;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * For sockets. Given nothing, docker-java reads all of the machine's certificates before it
 * connects, which takes longer than the first request; with this, nobody is trusted.
 */
final class NoEncryption implements SSLConfig {

  @Override
  public SSLContext getSSLContext() throws KeyManagementException, NoSuchAlgorithmException {
    // Asked for by its name, it is found without a look at every other provider.
    Provider provider = Security.getProvider("SunJSSE");
    SSLContext context =
        provider == null ? SSLContext.getInstance("TLS") : SSLContext.getInstance("TLS", provider);
    context.init(new KeyManager[0], new TrustManager[0], null);
    return context;
  }
}
