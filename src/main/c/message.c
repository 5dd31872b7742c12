#include "message.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "format.h"

enum { LINE_SIZE = 4096, PATIENCE_MS = 100, PIECE = 128 };

struct said {
    struct said *next;
    char text[];
};

/* Another description of stderr, which alone may be told never to wait: others share the given one.
   -1: there is none to be had. A file has no need of it, and would lose its place. */
static int own_stderr(void)
{
    struct stat status;
    if (fstat(STDERR_FILENO, &status) == -1 || (!S_ISFIFO(status.st_mode) && !S_ISCHR(status.st_mode)))
        return -1;
    return open("/proc/self/fd/2", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

/* A pipe or terminal that nobody empties must not hold up process 1. Where there is no /proc, POLLOUT
   promises room for PIPE_BUF bytes in a pipe, and for a short piece in a terminal. */
static bool write_all(const char *text, size_t length)
{
    int64_t end = now_ms() + PATIENCE_MS;
    int own = own_stderr();
    size_t most = own == -1 && isatty(STDERR_FILENO) ? PIECE : length;
    struct pollfd writable = {.fd = own != -1 ? own : STDERR_FILENO, .events = POLLOUT};
    for (int64_t left = PATIENCE_MS; length > 0 && left >= 0; left = end - now_ms()) {
        if (poll(&writable, 1, (int)left) != 1 || (writable.revents & POLLOUT) == 0)
            break;
        ssize_t written = write(writable.fd, text, length < most ? length : most);
        if (written == -1 && errno != EINTR && errno != EAGAIN)
            break;
        text += written > 0 ? written : 0;
        length -= written > 0 ? (size_t)written : 0;
    }
    if (own != -1)
        close(own);
    return length == 0;
}

/* One write per line, where it fits. */
static bool write_line(char *line, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)line[i] < ' ' || line[i] == 0x7f)
            line[i] = '?';
    line[length++] = '\n';
    return write_all(line, length);
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
    (void)write_line(line, length);
}

void log_warn(struct log *log, const char *pattern, ...)
{
    (void)log;
    char line[LINE_SIZE];
    va_list arguments;
    va_start(arguments, pattern);
    size_t length = compose(line, "WARNING: ", pattern, arguments);
    va_end(arguments);
    (void)write_line(line, length);
}

void log_error(struct log *log, const char *pattern, ...)
{
    (void)log;
    char line[LINE_SIZE];
    va_list arguments;
    va_start(arguments, pattern);
    size_t length = compose(line, "ERROR: ", pattern, arguments);
    va_end(arguments);
    (void)write_line(line, length);
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
    (void)write_line(line, length);
}

bool log_line(const char *text, size_t length)
{
    char line[LINE_SIZE];
    if (length > LINE_SIZE - 1)
        length = LINE_SIZE - 1;
    memcpy(line, text, length);
    return write_line(line, length);
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
