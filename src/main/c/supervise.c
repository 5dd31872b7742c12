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

bool runsv_name(pid_t pid, char *name, size_t size)
{
    char text[512];
    size_t got = process_file(pid, "cmdline", text, sizeof text);
    size_t first = strlen(text) + 1;
    return first < got && strcmp(text, "runsv") == 0 &&
           format(name, size, "%s", text + first) < size;
}
