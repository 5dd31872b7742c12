#include "syslog_socket.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "early_log.h"
#include "loop.h"

enum { DRAIN_MS = 300 };

static bool address(struct sockaddr_un *out, const char *path)
{
    *out = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof out->sun_path)
        return false;
    memcpy(out->sun_path, path, strlen(path) + 1);
    return true;
}

int syslog_connect(const char *path)
{
    struct sockaddr_un name;
    if (!address(&name, path))
        return -1;
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd == -1)
        return -1;
    if (connect(fd, (struct sockaddr *)&name, sizeof name) == 0)
        return fd;
    int problem = errno;
    close(fd);
    errno = problem;
    return -1;
}

bool syslog_bind(int fd, const char *path)
{
    struct sockaddr_un name;
    return address(&name, path) && bind(fd, (struct sockaddr *)&name, sizeof name) == 0 &&
           chmod(path, 0666) == 0;
}

/* Messages are read in the order they came. An empty one is no message to any daemon, but it counts
   as unread until all before it are read. */
static bool is_drained(int fd, bool *asked)
{
    int unread = 0;
    if (!*asked)
        *asked = send(fd, "", 0, MSG_NOSIGNAL | MSG_DONTWAIT) == 0;
    if (!*asked)
        return errno != EAGAIN && errno != EINTR;
    return ioctl(fd, TIOCOUTQ, &unread) == -1 || unread == 0;
}

void syslog_drain(struct loop *loop, const char *path)
{
    int64_t end = now_ms() + DRAIN_MS;
    /* What is being handed over to the daemon comes first. */
    while (loop->early != NULL && early_log_is_handing_over(loop->early) && now_ms() < end)
        loop_wait(loop, end);
    int fd = syslog_connect(path);
    if (fd == -1)
        return;
    bool asked = false;
    while (!is_drained(fd, &asked) && now_ms() < end)
        loop_wait(loop, now_ms() + 1);
    close(fd);
}
