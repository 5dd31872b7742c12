#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "format.h"
#include "message.h"

static void formatWhenPatternIsKnownAgreesWithPrintf(void)
{
    char ours[128];
    char theirs[128];
    CHECK(format(ours, sizeof ours, "%s|%.*s|%c|%d|%u|%ld|%lu|%zu|%%", "a", 2, "bcd", 'e', INT_MIN,
                 UINT_MAX, LONG_MIN, ULONG_MAX, (size_t)0) ==
          (size_t)snprintf(theirs, sizeof theirs, "%s|%.*s|%c|%d|%u|%ld|%lu|%zu|%%", "a", 2, "bcd",
                           'e', INT_MIN, UINT_MAX, LONG_MIN, ULONG_MAX, (size_t)0));
    CHECK_TEXT(theirs, ours);
}

static void formatWhenRoomIsShortCutsAndTellsTheLength(void)
{
    char text[4] = "xxx";
    CHECK(format(text, sizeof text, "%s", "abcdef") == 6);
    CHECK_TEXT("abc", text);
    CHECK(format(text, 0, "%s", "zz") == 2);
    CHECK_TEXT("abc", text);
}

static void messagesWhenQuietAreWarningsAndErrors(void)
{
    struct log log = {.quiet = true};
    capture_start();
    log_info(&log, "not seen");
    log_warn(&log, "a %s", "b");
    log_error(&log, "line\nbreak\033");
    log_warn_once(&log, "once %d", 1);
    log_warn_once(&log, "once %d", 1);
    log_warn_once(&log, "once %d", 2);
    char *got = capture_end();
    CHECK_TEXT("*** WARNING: a b\n*** ERROR: line?break?\n*** WARNING: once 1\n*** WARNING: once 2\n",
               got);
    free(got);
    log_free(&log);
}

static void messagesWhenLongAreCutAtOneLine(void)
{
    struct log log = {0};
    char *text = malloc(10001);
    if (text == NULL)
        abort();
    memset(text, 'x', 10000);
    text[10000] = '\0';
    capture_start();
    log_info(&log, "%s", text);
    char *got = capture_end();
    CHECK(strlen(got) == 4096 && got[4095] == '\n');
    free(got);
    free(text);
}

static void statusIsNamedAndCounted(void)
{
    char text[64];
    CHECK_TEXT("exited with status 7", status_text(7 << 8, text, sizeof text));
    CHECK_TEXT("was killed by signal 15 (TERM)", status_text(SIGTERM, text, sizeof text));
    CHECK_TEXT("was killed by signal 31 (SYS)", status_text(SIGSYS, text, sizeof text));
    CHECK_TEXT("was killed by signal 40 (signal)", status_text(40, text, sizeof text));
    CHECK(status_code(7 << 8) == 7);
    CHECK(status_code(SIGKILL) == 137);
}

void test_text(void)
{
    formatWhenPatternIsKnownAgreesWithPrintf();
    formatWhenRoomIsShortCutsAndTellsTheLength();
    messagesWhenQuietAreWarningsAndErrors();
    messagesWhenLongAreCutAtOneLine();
    statusIsNamedAndCounted();
}
