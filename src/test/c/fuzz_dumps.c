#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "fuzz.h"
#include "quote.h"

static bool in_shell_dump(const struct var *var)
{
    return !is_personal(var->name) && is_shell_name(var->name) && !belongs_to_shell(var->name);
}

/* One line: export NAME='...'\n, in which '\'' stands for a quote. */
static const char *read_export(const char *at, const char *end, struct buffer *name,
                               struct buffer *value)
{
    static const char word[] = "export ";
    name->length = value->length = 0;
    if ((size_t)(end - at) < strlen(word) || memcmp(at, word, strlen(word)) != 0)
        fuzz_fail(".sh: no export", "");
    for (at += strlen(word); at < end && *at != '='; at++)
        buffer_byte(name, *at);
    buffer_byte(name, '\0');
    if (end - at < 4 || at[1] != '\'')
        fuzz_fail(".sh: no quoted value", name->data);
    for (at += 2; at < end; at++) {
        if (*at != '\'') {
            buffer_byte(value, *at);
        } else if (end - at >= 4 && memcmp(at, "'\\''", 4) == 0) {
            buffer_byte(value, '\'');
            at += 3;
        } else {
            break;
        }
    }
    buffer_byte(value, '\0');
    if (end - at < 2 || at[0] != '\'' || at[1] != '\n')
        fuzz_fail(".sh: no end of a line", name->data);
    return at + 2;
}

static void same(const char *what, const struct var *var, const char *value, size_t length)
{
    if (length != var->length || memcmp(value, var->value, length) != 0)
        fuzz_fail(what, var->name);
}

/* Names whose values a shell makes itself, whatever it has read. */
static bool is_the_shells(const char *name)
{
    static const char *const names[] = {
        "_", "PWD", "OLDPWD", "SHLVL", "BASH_ALIASES", "BASH_ARGC", "BASH_ARGV", "BASH_ARGV0",
        "BASH_CMDS", "BASH_COMMAND", "BASH_LINENO", "BASH_REMATCH", "BASH_SOURCE", "DIRSTACK",
        "EPOCHREALTIME", "FUNCNAME", "GROUPS", "PIPESTATUS", NULL};
    for (size_t i = 0; names[i] != NULL; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

static void expect_by_shell(const char *file, const struct env *vars)
{
    static const char *const shells[] = {"/bin/sh", "/bin/bash", "/bin/dash", "/bin/busybox"};
    const char *shell = shells[fuzz_below(sizeof shells / sizeof shells[0])];
    char command[2048];
    if (access(shell, X_OK) == -1)
        return;
    snprintf(command, sizeof command, "/usr/bin/env -i PATH=/usr/bin:/bin %s%s -c '. %s && exec /usr/bin/env -0' "
             ">%s 2>%s", shell, strstr(shell, "busybox") ? " sh" : "", file, path("env"), path("shell.err"));
    if (system(command) != 0)
        fuzz_fail(".sh: the shell fails", shell);
    size_t length;
    char *got = read_file(path("env"), &length);
    size_t expected = 0;
    size_t found = 0;
    for (size_t i = 0; i < vars->count; i++)
        expected += in_shell_dump(vars->vars[i]) && !is_the_shells(vars->vars[i]->name);
    for (char *at = got; at < got + length; at += strlen(at) + 1) {
        char *equals = strchr(at, '=');
        if (equals == NULL)
            fuzz_fail(".sh: env printed nonsense", at);
        *equals = '\0';
        const struct var *var = env_find(vars, at);
        *equals = '=';
        if (var == NULL || is_the_shells(var->name) || !in_shell_dump(var))
            continue;
        same(".sh: the shell has another value", var, equals + 1, strlen(equals + 1));
        found++;
    }
    if (found != expected)
        fuzz_fail(".sh: the shell lacks variables", shell);
    free(got);
}

void expect_shell(const char *file, const struct env *vars, bool by_shell)
{
    struct buffer name = {0};
    struct buffer value = {0};
    size_t length;
    char *content = read_file(file, &length);
    const char *at = content;
    for (size_t i = 0; i < vars->count; i++) {
        if (!in_shell_dump(vars->vars[i]))
            continue;
        at = read_export(at, content + length, &name, &value);
        if (strcmp(name.data, vars->vars[i]->name) != 0)
            fuzz_fail(".sh: another name", name.data);
        same(".sh: another value", vars->vars[i], value.data, value.length - 1);
    }
    if (at != content + length)
        fuzz_fail(".sh: more than all", at);
    if (by_shell)
        expect_by_shell(file, vars);
    buffer_free(&name);
    buffer_free(&value);
    free(content);
}

/* A code point of a JSON text; the table of well-formed sequences is that of the Unicode standard
   (table 3-7). 0: the bytes are none. */
static size_t sequence(const unsigned char *text, size_t length)
{
    static const struct {
        unsigned char from, to, second_from, second_to;
        size_t length;
    } table[] = {
        {0x00, 0x7f, 0, 0, 1},       {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
        {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
        {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (text[0] < table[i].from || text[0] > table[i].to)
            continue;
        if (table[i].length > length ||
            (table[i].length > 1 &&
             (text[1] < table[i].second_from || text[1] > table[i].second_to)))
            return 0;
        for (size_t at = 2; at < table[i].length; at++)
            if (text[at] < 0x80 || text[at] > 0xbf)
                return 0;
        return table[i].length;
    }
    return 0;
}

static const char *read_escape(const char *at, const char *end, struct buffer *out)
{
    static const char letters[] = "\"\\/bfnrt";
    static const char meaning[] = "\"\\/\b\f\n\r\t";
    const char *letter = at < end && *at != '\0' ? strchr(letters, *at) : NULL;
    if (letter != NULL) {
        buffer_byte(out, meaning[letter - letters]);
        return at + 1;
    }
    char digits[5] = "";
    if (end - at < 5 || *at != 'u')
        fuzz_fail(".json: no such escape", "");
    memcpy(digits, at + 1, 4);
    char *last;
    unsigned long code = strtoul(digits, &last, 16);
    /* my_init writes no others: what is not ASCII stands for itself. */
    if (last != digits + 4 || code == 0 || code > 0x7f)
        fuzz_fail(".json: an escape that was not needed", digits);
    buffer_byte(out, (char)code);
    return at + 5;
}

static const char *read_string(const char *at, const char *end, struct buffer *out)
{
    out->length = 0;
    if (at >= end || *at++ != '"')
        fuzz_fail(".json: no string", "");
    while (at < end && *at != '"') {
        size_t length = sequence((const unsigned char *)at, (size_t)(end - at));
        if (length == 0 || (unsigned char)*at < ' ')
            fuzz_fail(".json: an odd byte", "");
        if (*at == '\\') {
            at = read_escape(at + 1, end, out);
        } else {
            buffer_add(out, at, length);
            at += length;
        }
    }
    if (at >= end)
        fuzz_fail(".json: no end of a string", "");
    return at + 1;
}

static const char *expect_text(const char *at, const char *end, const char *text)
{
    if ((size_t)(end - at) < strlen(text) || memcmp(at, text, strlen(text)) != 0)
        fuzz_fail(".json: not as it should look", text);
    return at + strlen(text);
}

/* Each byte that is part of no character comes back as U+FFFD. */
static void expect_utf8(const char *what, const struct var *var, const char *value, size_t length,
                        const struct buffer *got)
{
    struct buffer expected = {0};
    for (size_t i = 0; i < length;) {
        size_t run = sequence((const unsigned char *)value + i, length - i);
        if (run == 0)
            buffer_text(&expected, "\357\277\275");
        else
            buffer_add(&expected, value + i, run);
        i += run > 0 ? run : 1;
    }
    if (expected.length != got->length ||
        (got->length > 0 && memcmp(expected.data, got->data, got->length) != 0))
        fuzz_fail(what, var->name);
    buffer_free(&expected);
}

void expect_json(const char *file, const struct env *vars)
{
    struct buffer text = {0};
    size_t length;
    char *content = read_file(file, &length);
    const char *end = content + length;
    const char *at = expect_text(content, end, "{");
    for (size_t i = 0; i < vars->count; i++) {
        const struct var *var = vars->vars[i];
        at = read_string(expect_text(at, end, i == 0 ? "\n  " : ",\n  "), end, &text);
        expect_utf8(".json: another name", var, var->name, strlen(var->name), &text);
        at = read_string(expect_text(at, end, ": "), end, &text);
        expect_utf8(".json: another value", var, var->value, var->length, &text);
    }
    at = expect_text(at, end, vars->count > 0 ? "\n}\n" : "}\n");
    if (at != end)
        fuzz_fail(".json: more than all", "");
    buffer_free(&text);
    free(content);
}
