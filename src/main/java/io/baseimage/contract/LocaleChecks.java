package io.baseimage.contract;

import io.baseimage.variant.Variant;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** LOC: language and time. */
@ExtendWith(CheckExtension.class)
@Needs({Feature.SHELL})
final class LocaleChecks {
  private static final String SHANGHAI = "Asia/Shanghai";

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
    Verdict.equal(Set.of("z", "ä", "b"), Set.copyOf(sorted.outLines()), "the lines of sort");
    // Every language has its own place for ä, but all know that a comes before B.
    List<String> expected =
        collation(lab).matches("(C|POSIX)(\\..*)?")
            ? List.of("B", "a", "z")
            : List.of("a", "B", "z");
    Verdict.equal(
        expected,
        box(lab).sh("printf 'z\\nB\\na\\n' | sort").outLines(),
        "the order of sort in " + collation(lab));
  }

  /** The locale whose order holds. */
  private static String collation(Lab lab) {
    Map<String, String> given = lab.facts().environment();
    return Stream.of("LC_ALL", "LC_COLLATE", "LANG")
        .map(name -> given.getOrDefault(name, ""))
        .filter(value -> !value.isEmpty())
        .findFirst()
        .orElse("C");
  }

  @Test
  @Proves("LOC-2")
  @Needs({Feature.ZH_CN, Feature.MY_INIT})
  @DisplayName(
      "Chinese text passes unchanged, date speaks Chinese in Shanghai's time, vim and ping run")
  void chinese(Lab lab) {
    Box box = lab.resident();
    Verdict.matches(
        String.valueOf(lab.facts().environment().get("LANG")), "^zh_CN\\.(UTF-8|utf8)$", "LANG");
    for (String name : List.of("zh_CN.UTF-8", "zh_CN.utf8")) {
      Output charmap = box.sh("LC_ALL=" + name + " locale charmap");
      Verdict.equal("UTF-8\n", charmap.out() + charmap.err(), "the character set of " + name);
    }
    // LOC-3 looks at a variant that says another zone.
    if (lab.facts().variant().map(Variant::timezone).orElse(SHANGHAI).equals(SHANGHAI)) {
      Verdict.equal("+0800", box.sh("date +%z").text(), "the offset from UTC");
    }
    Verdict.contains(box.sh("date -d 2024-05-01 '+%A %B'").out(), "星期三 五月", "date");
    Output ls =
        box.sh("[ ! -e /usr/share/locale/zh_CN/LC_MESSAGES/coreutils.mo ] || ls /no-such-file");
    Verdict.matches(ls.err(), "^$|无法访问", "what ls says of a file that is not there");
    Output file = box.sh("mkdir -p /tmp/目录 && echo 中文，测试 >/tmp/目录/文件 && cat /tmp/目录/*; ls /tmp/目录");
    Verdict.equal("中文，测试\n文件\n", file.out(), "text in a file, and its name");
    if (lab.facts().has(Feature.SYSLOG)) {
      box.sh("logger -t 标签 中文日志");
      box.awaitLog("标签.*: 中文日志", 5);
      box.eventually(5, "grep -q '标签.*: 中文日志' /var/log/syslog", "/var/log/syslog lacks it");
    }
    Output tools = box.sh("vim --version && ping -c 1 127.0.0.1");
    Verdict.equal(0, tools.status(), "vim and ping (" + tools.seen() + ")");
  }

  @Test
  @Proves("LOC-3")
  @DisplayName("the time zone is the variant's, UTC unless it says otherwise")
  void timeZone(Lab lab) {
    String zone =
        lab.facts()
            .variant()
            .map(Variant::timezone)
            .orElse(lab.facts().labels().getOrDefault("io.baseimage.timezone", "UTC"));
    String offset =
        DateTimeFormatter.ofPattern("xx")
            .withZone(ZoneId.of(zone, ZoneId.SHORT_IDS))
            .format(Instant.now());
    Verdict.equal(offset, box(lab).sh("date +%z").text(), "the offset from UTC in " + zone);
    Output named = box(lab).sh("[ ! -e /etc/timezone ] || cat /etc/timezone");
    String canonical = zone.replaceFirst("^Etc/", "");
    if (!named.text().isEmpty()) {
      Verdict.equal(canonical, named.text().replaceFirst("^Etc/", ""), "/etc/timezone");
    }
    // Not what that leads to in turn: releases make links among the names of one zone.
    Output link = box(lab).sh("readlink /etc/localtime || true");
    if (link.text().contains("/zoneinfo/") && !canonical.equals("UTC")) {
      Verdict.contains(link.text(), "/zoneinfo/" + zone, "/etc/localtime");
    }
  }
}
