#include "quote.h"

#include <string.h>


static bool is_one_of(const char *name, const char *const *list)
{
    for (; *list != NULL; list++)
        if (strcmp(name, *list) == 0)
            return true;
    return false;
}

bool is_personal(const char *name)
{
    static const char *const names[] = {"HOME", "USER", "GROUP", "UID", "GID", "SHELL", NULL};
    return is_one_of(name, names);
}

bool belongs_to_shell(const char *name)
{
    static const char *const names[] = {
        "BASHOPTS", "BASHPID", "BASH_MONOSECONDS", "BASH_SUBSHELL", "BASH_VERSINFO",
        "EPOCHSECONDS", "EUID", "HISTCMD", "LINENO", "OPTIND", "PPID", "RANDOM", "SECONDS",
        "SHELLOPTS", "SRANDOM", NULL};
    return is_one_of(name, names);
}

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

bool is_shell_name(const char *name)
{
    if (!is_letter(*name))
        return false;
    for (name++; *name != '\0'; name++)
        if (!is_letter(*name) && !(*name >= '0' && *name <= '9'))
            return false;
    return true;
}

void quote_shell(struct buffer *out, const char *value, size_t length)
{
    buffer_byte(out, '\'');
    for (size_t i = 0; i < length;) {
        const char *quote = memchr(value + i, '\'', length - i);
        size_t end = quote != NULL ? (size_t)(quote - value) : length;
        buffer_add(out, value + i, end - i);
        if (quote != NULL)
            buffer_text(out, "'\\''");
        i = quote != NULL ? end + 1 : end;
    }
    buffer_byte(out, '\'');
}

static bool continues(unsigned char byte)
{
    return (byte & 0xc0) == 0x80;
}

/* The length of the well-formed UTF-8 sequence at the start of the text (RFC 3629), or 0. */
static size_t utf8_length(const unsigned char *text, size_t length)
{
    unsigned char first = text[0];
    if (first < 0x80)
        return 1;
    if (first >= 0xc2 && first <= 0xdf)
        return length >= 2 && continues(text[1]) ? 2 : 0;
    if (first >= 0xe0 && first <= 0xef) {
        if (length < 3 || !continues(text[1]) || !continues(text[2]))
            return 0;
        bool overlong = first == 0xe0 && text[1] < 0xa0;
        bool surrogate = first == 0xed && text[1] > 0x9f;
        return overlong || surrogate ? 0 : 3;
    }
    if (first >= 0xf0 && first <= 0xf4) {
        if (length < 4 || !continues(text[1]) || !continues(text[2]) || !continues(text[3]))
            return 0;
        bool overlong = first == 0xf0 && text[1] < 0x90;
        bool beyond = first == 0xf4 && text[1] > 0x8f;
        return overlong || beyond ? 0 : 4;
    }
    return 0;
}

static void escape_json(struct buffer *out, unsigned char byte)
{
    static const char short_forms[][2] = {{'\b', 'b'}, {'\f', 'f'}, {'\n', 'n'}, {'\r', 'r'},
                                          {'\t', 't'}, {'"', '"'},  {'\\', '\\'}};
    for (size_t i = 0; i < sizeof short_forms / sizeof short_forms[0]; i++) {
        if ((unsigned char)short_forms[i][0] == byte) {
            buffer_byte(out, '\\');
            buffer_byte(out, short_forms[i][1]);
            return;
        }
    }
    static const char digits[] = "0123456789abcdef";
    buffer_text(out, "\\u00");
    buffer_byte(out, digits[byte >> 4]);
    buffer_byte(out, digits[byte & 15]);
}

void quote_json(struct buffer *out, const char *value, size_t length)
{
    buffer_byte(out, '"');
    for (size_t i = 0; i < length;) {
        const unsigned char *at = (const unsigned char *)value + i;
        size_t run = utf8_length(at, length - i);
        if (run == 0) {
            buffer_text(out, "\xef\xbf\xbd");
            i++;
            continue;
        }
        if (*at < ' ' || *at == '"' || *at == '\\' || *at == 0x7f)
            escape_json(out, *at);
        else
            buffer_add(out, (const char *)at, run);
        i += run;
    }
    buffer_byte(out, '"');
}

void write_shell(struct buffer *out, const struct env *env)
{
    for (size_t i = 0; i < env->count; i++) {
        const struct var *var = env->vars[i];
        if (is_personal(var->name) || !is_shell_name(var->name) || belongs_to_shell(var->name))
            continue;
        buffer_text(out, "export ");
        buffer_text(out, var->name);
        buffer_byte(out, '=');
        quote_shell(out, var->value, var->length);
        buffer_byte(out, '\n');
    }
}

void write_json(struct buffer *out, const struct env *env)
{
    buffer_text(out, "{");
    for (size_t i = 0; i < env->count; i++) {
        const struct var *var = env->vars[i];
        buffer_text(out, i == 0 ? "\n  " : ",\n  ");
        quote_json(out, var->name, strlen(var->name));
        buffer_text(out, ": ");
        quote_json(out, var->value, var->length);
    }
    buffer_text(out, env->count > 0 ? "\n}\n" : "}\n");
}
