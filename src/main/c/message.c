#include "message.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "format.h"

enum { LINE_SIZE = 4096, PATIENCE_MS = 100 };

struct said {
    struct said *next;
    char text[];
};

/* One write per line. A pipe that nobody empties must not hold up process 1: POLLOUT promises room
   for PIPE_BUF bytes, and a line is no longer than that. */
static void write_line(char *line, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)line[i] < ' ' || line[i] == 0x7f)
            line[i] = '?';
    line[length++] = '\n';
    struct pollfd writable = {.fd = STDERR_FILENO, .events = POLLOUT};
    if (poll(&writable, 1, PATIENCE_MS) != 1 || (writable.revents & POLLOUT) == 0)
        return;
    ssize_t written;
    do
        written = write(STDERR_FILENO, line, length);
    while (written == -1 && errno == EINTR);
}

static size_t compose(char *line, const char *prefix, const char *pattern, va_list arguments)
{
    size_t head = format(line, LINE_SIZE, "*** %s", prefix);
    size_t length = head + format_list(line + head, LINE_SIZE - head, pattern, arguments);
    return length < LINE_SIZE ? length : LINE_SIZE - 1;
}

void log_info(struct log *log, const char *pattern, ...)
{
    if (log->quiet)
        return;
    char line[LINE_SIZE];
    va_list arguments;
    va_start(arguments, pattern);
    size_t length = compose(line, "", pattern, arguments);
    va_end(arguments);
    write_line(line, length);
}

void log_warn(struct log *log, const char *pattern, ...)
{
    (void)log;
    char line[LINE_SIZE];
    va_list arguments;
    va_start(arguments, pattern);
    size_t length = compose(line, "WARNING: ", pattern, arguments);
    va_end(arguments);
    write_line(line, length);
}

void log_error(struct log *log, const char *pattern, ...)
{
    (void)log;
    char line[LINE_SIZE];
    va_list arguments;
    va_start(arguments, pattern);
    size_t length = compose(line, "ERROR: ", pattern, arguments);
    va_end(arguments);
    write_line(line, length);
}

static struct said **list_for(struct log *log, const char *line)
{
    unsigned sum = 0;
    for (; *line != '\0'; line++)
        sum = sum * 31 + (unsigned char)*line;
    return &log->said[sum % SAID_LISTS];
}

void log_warn_once(struct log *log, const char *pattern, ...)
{
    char line[LINE_SIZE];
    va_list arguments;
    va_start(arguments, pattern);
    size_t length = compose(line, "WARNING: ", pattern, arguments);
    va_end(arguments);
    struct said **list = list_for(log, line);
    for (struct said *said = *list; said != NULL; said = said->next)
        if (strcmp(said->text, line) == 0)
            return;
    struct said *said = malloc(sizeof *said + length + 1);
    if (said != NULL) {
        memcpy(said->text, line, length + 1);
        said->next = *list;
        *list = said;
    }
    write_line(line, length);
}

void log_line(const char *text, size_t length)
{
    char line[LINE_SIZE];
    if (length > LINE_SIZE - 1)
        length = LINE_SIZE - 1;
    memcpy(line, text, length);
    write_line(line, length);
}

void log_free(struct log *log)
{
    for (struct said **list = log->said; list < log->said + SAID_LISTS; list++) {
        while (*list != NULL) {
            struct said *next = (*list)->next;
            free(*list);
            *list = next;
        }
    }
}

const char *signal_name(int number)
{
    static const char names[][7] = {
        "signal", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1",
        "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN",
        "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    };
    int count = (int)(sizeof names / sizeof names[0]);
    return names[number > 0 && number < count ? number : 0];
}

const char *status_text(int status, char *text, size_t size)
{
    if (WIFSIGNALED(status))
        format(text, size, "was killed by signal %d (%s)", WTERMSIG(status),
                 signal_name(WTERMSIG(status)));
    else
        format(text, size, "exited with status %d", WEXITSTATUS(status));
    return text;
}

int status_code(int status)
{
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
