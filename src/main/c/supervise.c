#include "supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "format.h"
#include "processes.h"

/* How runsv writes supervise/status: the fields that matter here. */
enum {
    STATUS_SIZE = 20,
    STATUS_PID = 12,
    STATUS_PAUSED = 16,
    STATUS_WANT = 17,
    STATUS_STATE = 19,
};

struct status read_status(int directory, const char *path)
{
    unsigned char bytes[STATUS_SIZE];
    int fd = openat(directory, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd == -1)
        return (struct status){0};
    ssize_t got = read(fd, bytes, sizeof bytes);
    close(fd);
    if (got != STATUS_SIZE) {
        errno = ENOENT;
        return (struct status){0};
    }
    unsigned pid = 0;
    for (int i = 3; i >= 0; i--)
        pid = pid << 8 | bytes[STATUS_PID + i];
    return (struct status){true, (pid_t)pid, bytes[STATUS_PAUSED] != 0, (char)bytes[STATUS_WANT],
                           bytes[STATUS_STATE]};
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

const char *runsv_argument(const char *words, size_t size)
{
    const char *end = words + size;
    const char *first = words;
    const char *second = first + strlen(first) + 1;
    if (second >= end)
        return NULL;
    if (strcmp(first, "runsv") == 0)
        return second;
    /* An emulator's own name comes first, then the program's path, and its first argument or not. */
    const char *third = second + strlen(second) + 1;
    if (strcmp(base_name(second), "runsv") != 0 || third >= end)
        return NULL;
    const char *fourth = third + strlen(third) + 1;
    return strcmp(third, "runsv") == 0 && fourth < end ? fourth : third;
}

bool runsv_name(pid_t pid, char *name, size_t size)
{
    char text[512];
    size_t got = process_file(pid, "comm", text, sizeof text);
    if (got == 0 || strcmp(text, "runsv\n") != 0)
        return false;
    got = process_file(pid, "cmdline", text, sizeof text);
    const char *argument = runsv_argument(text, got);
    return argument != NULL && format(name, size, "%s", argument) < size;
}
