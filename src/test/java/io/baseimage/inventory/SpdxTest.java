package io.baseimage.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.cyclonedx.model.Bom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SpdxTest {
  private static final Path LISTS = Path.of("src/main/resources/io/baseimage/inventory");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "MIT",
        "GPL-2.0-or-later AND MIT",
        "GPL-2.0+",
        "Apache-2.0+ OR MIT",
        "GPL-2.0-or-later WITH Classpath-exception-2.0",
        "(GPL-3.0-or-later WITH Bison-exception-2.2) AND GPL-3.0-or-later",
        "LGPL-2.1-or-later AND ((MIT OR BSD-3-Clause) AND Zlib)",
        "LicenseRef-Fedora-Public-Domain",
        "LicenseRef-Callaway-BSD AND GFDL-1.3-no-invariants-or-later",
        "DocumentRef-spdx-tool-1.2:LicenseRef-MIT-Style-2 OR MIT",
      })
  void isExpressionWhenSpdxHasItIsTrue(String text) {
    assertThat(Spdx.isExpression(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "GPLv2+ and LGPLv2+",
        "GPLv2+ AND LGPLv2+",
        "MIT and ISC",
        "ASL 2.0",
        "BSD with advertising",
        "(LGPLv3+ or GPLv2+) and GPLv3+",
        "MIT AND",
        "AND MIT",
        "MIT ISC",
        "MIT OR OR ISC",
        "(MIT",
        "MIT)",
        "(MIT OR) ISC",
        "()",
        "MIT ()",
        ")MIT(",
        "MIT WITH ISC",
        "(MIT) WITH Classpath-exception-2.0",
        "GPL-2.0-only WITH Classpath-exception-2.0 WITH Bison-exception-2.2",
        "Classpath-exception-2.0",
        "Classpath-exception-2.0 AND MIT",
        "MIT++",
        "LicenseRef-",
        "LicenseRef-a b",
        "mit AND isc",
        "MIT, ISC",
        "MIT/ISC",
        "Public Domain",
      })
  void isExpressionWhenSpdxHasItNotIsFalse(String text) {
    assertThat(Spdx.isExpression(text)).isFalse();
  }

  @Test
  void isExpressionWhenAnImageNestsItWithoutEndAnswers() {
    int deep = 1_000_000;
    assertThat(Spdx.isExpression("(".repeat(deep) + "MIT" + ")".repeat(deep))).isTrue();
    assertThat(Spdx.isExpression("(".repeat(deep))).isFalse();
  }

  @Test
  void namesAreThoseThatTheFormatsSchemaHas() throws IOException {
    List<String> known = new ArrayList<>(Files.readAllLines(LISTS.resolve("spdx-licences")));
    known.addAll(Files.readAllLines(LISTS.resolve("spdx-exceptions")));
    JsonNode schema =
        new ObjectMapper().readTree(Bom.class.getResourceAsStream("/spdx.schema.json"));
    List<String> allowed = new ArrayList<>();
    schema.path("enum").forEach(name -> allowed.add(name.asText()));

    assertThat(known).containsExactlyInAnyOrderElementsOf(allowed);
  }
}
