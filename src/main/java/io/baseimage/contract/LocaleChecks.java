package io.baseimage.contract;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** LOC: language and time. */
@ExtendWith(CheckExtension.class)
@Needs({Feature.SHELL})
final class LocaleChecks {

  private static Box box(Lab lab) {
    return lab.shared(
        "plain",
        commons ->
            commons.box().command("sh", "-c", "trap 'exit 0' TERM; sleep 1000 & wait").start());
  }

  @Test
  @Proves("LOC-1")
  @DisplayName("LANG is the variant's, is UTF-8 and exists")
  void language(Lab lab) {
    String lang = String.valueOf(lab.facts().environment().get("LANG"));
    lab.facts()
        .variant()
        .ifPresent(variant -> Verdict.equal(variant.locale(), lang, "LANG of the image"));
    Verdict.matches(lang, "(?i)\\.utf-?8$", "LANG of the image");
    Output locale = box(lab).sh("locale");
    Verdict.equal(0, locale.status(), "locale (" + locale.seen() + ")");
    Verdict.equal("", locale.err(), "the warnings of locale");
    Verdict.equal("UTF-8", box(lab).sh("locale charmap").text(), "the character set");
    Output strict = box(lab).sh("locale -k LC_CTYPE >/dev/null; locale -a");
    String wanted = lang.toLowerCase(java.util.Locale.ROOT).replace("utf-8", "utf8");
    Verdict.holds(
        strict.outLines().stream()
            .map(name -> name.toLowerCase(java.util.Locale.ROOT).replace("utf-8", "utf8"))
            .anyMatch(wanted::equals),
        "locale -a does not list " + lang + ": " + strict.outLines());
  }

  @Test
  @Proves("LOC-1")
  @DisplayName("Perl, Python, bash and sort work in the locale without a complaint")
  void programs(Lab lab) {
    for (String program :
        List.of("perl -e 'print 1'", "python3 -c 'print(\"ä\")'", "bash -c 'echo ä'")) {
      String name = program.replaceFirst(" .*", "");
      Output output = box(lab).sh("command -v " + name + " >/dev/null || exit 0; " + program);
      Verdict.equal(0, output.status(), name + " (" + output.seen() + ")");
      Verdict.equal("", output.err(), "what " + name + " complains of");
    }
    Output sorted = box(lab).sh("printf 'z\\nä\\nb\\n' | sort");
    Verdict.equal("", sorted.err(), "what sort complains of");
    Verdict.equal(3, sorted.outLines().size(), "the lines of sort");
  }

  @Test
  @Proves("LOC-3")
  @DisplayName("the time zone is the variant's, UTC unless it says otherwise")
  void timeZone(Lab lab) {
    String zone = lab.facts().variant().map(variant -> variant.timezone()).orElse("UTC");
    String offset =
        DateTimeFormatter.ofPattern("xx").withZone(ZoneId.of(zone)).format(Instant.now());
    Verdict.equal(offset, box(lab).sh("date +%z").text(), "the offset from UTC in " + zone);
    Output named = box(lab).sh("[ ! -e /etc/timezone ] || cat /etc/timezone");
    String canonical = zone.replaceFirst("^Etc/", "");
    if (!named.text().isEmpty()) {
      Verdict.equal(canonical, named.text().replaceFirst("^Etc/", ""), "/etc/timezone");
    }
    Output link = box(lab).sh("readlink -f /etc/localtime || true");
    if (link.text().contains("/zoneinfo/") && !canonical.equals("UTC")) {
      Verdict.contains(link.text(), "/zoneinfo/" + zone, "/etc/localtime");
    }
  }
}
