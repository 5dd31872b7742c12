#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "env.h"
#include "quote.h"

static void jsonEscapesWhatItMust(void)
{
    static const struct {
        const char *value;
        const char *json;
    } cases[] = {
        {"", "\"\""},
        {"plain /", "\"plain /\""},
        {"\"\\\b\f\n\r\t\001\037\177", "\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f\\u007f\""},
        {"\303\244\342\202\254\360\237\220\247", "\"\303\244\342\202\254\360\237\220\247\""},
        {"\377a", "\"\357\277\275a\""},
        {"\303", "\"\357\277\275\""},
        {"\300\200", "\"\357\277\275\357\277\275\""},
        {"\355\240\200", "\"\357\277\275\357\277\275\357\277\275\""},
        {"\364\220\200\200", "\"\357\277\275\357\277\275\357\277\275\357\277\275\""},
        {"\340\237\200", "\"\357\277\275\357\277\275\357\277\275\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buffer out = {0};
        quote_json(&out, cases[i].value, strlen(cases[i].value));
        buffer_byte(&out, '\0');
        CHECK_TEXT(cases[i].json, out.data);
        buffer_free(&out);
    }
}

/* Every byte but NUL, in every neighbourhood of quotes, through a real shell and back. */
static void shellGivesBackEveryByte(const char *shell)
{
    if (access(shell, X_OK) == -1)
        return;
    struct buffer value = {0};
    for (int byte = 1; byte < 256; byte++) {
        buffer_byte(&value, (char)byte);
        buffer_byte(&value, '\'');
    }
    buffer_text(&value, "''\n\n");
    struct env env = {0};
    CHECK(env_put(&env, "VALUE", value.data, value.length));
    CHECK(env_put(&env, "EMPTY", "", 0));
    struct buffer out = {0};
    write_shell(&out, &env);
    write_file(path("dump.sh"), out.data, out.length);

    char command[1024];
    snprintf(command, sizeof command,
             "env -i %s -c '. %s && printf %%s%%s \"$EMPTY\" \"$VALUE\"' >%s", shell,
             path("dump.sh"), path("value"));
    CHECK(system(command) == 0);
    size_t length;
    char *got = read_file(path("value"), &length);
    CHECK(got != NULL && length == value.length && memcmp(got, value.data, length) == 0);
    free(got);
    buffer_free(&value);
    buffer_free(&out);
    env_free(&env);
}

static void shellDumpLeavesOutWhatItMust(void)
{
    struct env env = {0};
    const char *names[] = {"A", "HOME", "UID", "GID", "USER", "GROUP", "SHELL", "no-name", "1x",
                           "", "PPID", "_ok9"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        CHECK(env_put(&env, names[i], "v", 1));
    struct buffer out = {0};
    write_shell(&out, &env);
    buffer_byte(&out, '\0');
    CHECK_TEXT("export A='v'\nexport _ok9='v'\n", out.data);
    buffer_free(&out);
    env_free(&env);
}

/* Python's own parser reads the dump; the digest of what it read tells whether it is the same. */
static void jsonIsReadByAnotherParser(void)
{
    struct env env = {0};
    CHECK(env_put(&env, "A\"B", "x\ny\\\t\303\244", 7));
    CHECK(env_put(&env, "BAD", "\377\376", 2));
    CHECK(env_put(&env, "HOME", "/root", 5));
    struct buffer out = {0};
    write_json(&out, &env);
    write_file(path("dump.json"), out.data, out.length);
    char command[1024];
    snprintf(command, sizeof command,
             "python3 -c 'import json; d = json.load(open(\"%s\", encoding=\"utf-8\")); "
             "assert d == {\"A\\\"B\": \"x\\ny\\\\\\t\\u00e4\", \"BAD\": \"\\ufffd\\ufffd\", "
             "\"HOME\": \"/root\"}, d'", path("dump.json"));
    CHECK(system("command -v python3 >/dev/null") != 0 || system(command) == 0);
    buffer_free(&out);
    env_free(&env);
    write_json(&out, &env);
    buffer_byte(&out, '\0');
    CHECK_TEXT("{}\n", out.data);
    buffer_free(&out);
}

void test_quoting(void)
{
    jsonEscapesWhatItMust();
    shellGivesBackEveryByte("/bin/sh");
    shellGivesBackEveryByte("/bin/dash");
    shellGivesBackEveryByte("/bin/bash");
    shellGivesBackEveryByte("/bin/busybox sh");
    shellDumpLeavesOutWhatItMust();
    jsonIsReadByAnotherParser();
}
