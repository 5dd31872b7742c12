package io.baseimage.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

final class ImageConfigurationTest {
  @Test
  void ofNamesSettingsAsADockerfileDoes() throws JsonProcessingException {
    assertThat(
            of(
                """
                {"Env": ["PATH=/bin", "EMPTY=", "ODD"], "Cmd": ["/sbin/my_init"], "Entrypoint": null,
                 "Labels": {"a": "1\\u001b[2J"}, "ExposedPorts": {"80/tcp": {}},
                 "Volumes": {"/data": {}}, "User": "", "WorkingDir": "/srv", "OnBuild": [],
                 "StopSignal": "SIGUSR1", "Shell": ["/bin/odd", "-c"],
                 "Healthcheck": {"Test": ["CMD", "x"]}, "Image": "sha256:0"}
                """))
        .hasToString(
            "{CMD=[\"/sbin/my_init\"], ENV EMPTY=, ENV ODD=, ENV PATH=/bin, EXPOSE 80/tcp=,"
                + " HEALTHCHECK={\"Test\":[\"CMD\",\"x\"]}, LABEL a=1?[2J, SHELL=[\"/bin/odd\",\"-c\"],"
                + " STOPSIGNAL=SIGUSR1, VOLUME /data=, WORKDIR=/srv}");
  }

  @Test
  void ofWhenThereIsNoneIsEmpty() throws JsonProcessingException {
    assertThat(of("null")).hasToString("{}");
    assertThat(of("{}")).hasToString("{}");
  }

  private static Object of(String json) throws JsonProcessingException {
    return ImageConfiguration.of(new ObjectMapper().readTree(json)).settings();
  }
}
