package io.baseimage.engine;

import com.github.dockerjava.transport.SSLConfig;
import java.net.InetAddress;
import java.net.Socket;
import java.security.SecureRandom;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/**
 * For sockets. Given nothing, docker-java reads all of the machine's certificates before it
 * connects, which takes longer than the first request, and Java's own empty context loads half of
 * its cryptography. This one can do nothing, as nothing is asked of it.
 */
final class NoEncryption implements SSLConfig {

  @Override
  public SSLContext getSSLContext() {
    return new SSLContext(new Refusal(), null, "TLS") {};
  }

  private static UnsupportedOperationException refused() {
    return new UnsupportedOperationException("this connection is not encrypted");
  }

  private static final class Refusal extends SSLContextSpi {
    @Override
    protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random) {
      throw refused();
    }

    @Override
    protected SSLSocketFactory engineGetSocketFactory() {
      return new NoSockets();
    }

    @Override
    protected SSLServerSocketFactory engineGetServerSocketFactory() {
      throw refused();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine() {
      throw refused();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine(String host, int port) {
      throw refused();
    }

    @Override
    protected SSLSessionContext engineGetServerSessionContext() {
      throw refused();
    }

    @Override
    protected SSLSessionContext engineGetClientSessionContext() {
      throw refused();
    }
  }

  private static final class NoSockets extends SSLSocketFactory {
    @Override
    public String[] getDefaultCipherSuites() {
      return new String[0];
    }

    @Override
    public String[] getSupportedCipherSuites() {
      return new String[0];
    }

    @Override
    public Socket createSocket(Socket socket, String host, int port, boolean autoClose) {
      throw refused();
    }

    @Override
    public Socket createSocket(String host, int port) {
      throw refused();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
      throw refused();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
      throw refused();
    }

    @Override
    public Socket createSocket(
        InetAddress address, int port, InetAddress localAddress, int localPort) {
      throw refused();
    }
  }
}
