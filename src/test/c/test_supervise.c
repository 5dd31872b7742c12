#include <string.h>

#include "check.h"
#include "supervise.h"

#define ARGUMENT(words) runsv_argument(words, sizeof(words))

static void aCommandLineOfRunsvNamesItsService(void)
{
    CHECK_TEXT("web", ARGUMENT("runsv\0web"));
    CHECK_TEXT("runsv", ARGUMENT("runsv\0runsv"));
}

static void anEmulatedOneDoesToo(void)
{
    CHECK_TEXT("web", ARGUMENT("/usr/bin/qemu-aarch64-static\0/usr/bin/runsv\0web"));
    CHECK_TEXT("web", ARGUMENT("/usr/libexec/qemu-binfmt/aarch64-binfmt-P\0/usr/bin/runsv\0runsv\0web"));
}

static void anotherCommandLineNamesNone(void)
{
    CHECK(runsv_argument("", 0) == NULL);
    CHECK(ARGUMENT("runsv") == NULL);
    CHECK(ARGUMENT("runsvdir\0-P\0/etc/service") == NULL);
    CHECK(ARGUMENT("qemu\0/usr/bin/runsv") == NULL);
    CHECK(ARGUMENT("qemu\0/usr/bin/runsvdir\0runsvdir\0-P") == NULL);
}

void test_supervise(void)
{
    aCommandLineOfRunsvNamesItsService();
    anEmulatedOneDoesToo();
    anotherCommandLineNamesNone();
}
