#include "format.h"

#include <stdbool.h>
#include <string.h>

struct sink {
    char *out;
    size_t size;
    size_t length;
};

static void put(struct sink *sink, const char *text, size_t length)
{
    if (sink->length < sink->size) {
        size_t room = sink->size - sink->length;
        memcpy(sink->out + sink->length, text, length < room ? length : room);
    }
    sink->length += length;
}

static void put_number(struct sink *sink, unsigned long number, bool negative)
{
    char digits[24];
    size_t at = sizeof digits;
    do
        digits[--at] = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    if (negative)
        digits[--at] = '-';
    put(sink, digits + at, sizeof digits - at);
}

static void put_signed(struct sink *sink, long number)
{
    put_number(sink, number < 0 ? -(unsigned long)number : (unsigned long)number, number < 0);
}

size_t format_list(char *out, size_t size, const char *pattern, va_list arguments)
{
    struct sink sink = {out, size, 0};
    while (*pattern != '\0') {
        size_t plain = strcspn(pattern, "%");
        put(&sink, pattern, plain);
        pattern += plain;
        if (*pattern == '\0')
            break;
        pattern++;
        size_t most = (size_t)-1;
        if (strncmp(pattern, ".*", 2) == 0) {
            int given = va_arg(arguments, int);
            most = given > 0 ? (size_t)given : 0;
            pattern += 2;
        }
        bool is_long = *pattern == 'l' || *pattern == 'z';
        if (is_long)
            pattern++;
        char letter;
        const char *text;
        switch (*pattern++) {
        case 's':
            text = va_arg(arguments, const char *);
            put(&sink, text, strnlen(text, most));
            break;
        case 'c':
            letter = (char)va_arg(arguments, int);
            put(&sink, &letter, 1);
            break;
        case 'd':
            put_signed(&sink, is_long ? va_arg(arguments, long) : va_arg(arguments, int));
            break;
        case 'u':
            put_number(&sink, is_long ? va_arg(arguments, unsigned long)
                                      : va_arg(arguments, unsigned), false);
            break;
        default:
            put(&sink, pattern - 1, 1);
            break;
        }
    }
    if (size > 0)
        out[sink.length < size ? sink.length : size - 1] = '\0';
    return sink.length;
}

size_t format(char *out, size_t size, const char *pattern, ...)
{
    va_list arguments;
    va_start(arguments, pattern);
    size_t length = format_list(out, size, pattern, arguments);
    va_end(arguments);
    return length;
}
