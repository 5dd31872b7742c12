#include "syslog_socket.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static bool address(struct sockaddr_un *out, const char *path)
{
    *out = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof out->sun_path)
        return false;
    memcpy(out->sun_path, path, strlen(path) + 1);
    return true;
}

static int connect_by(int type, const char *path)
{
    struct sockaddr_un name;
    if (!address(&name, path))
        return -1;
    int fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd == -1)
        return -1;
    if (connect(fd, (struct sockaddr *)&name, sizeof name) == 0)
        return fd;
    int problem = errno;
    close(fd);
    errno = problem;
    return -1;
}

int syslog_connect(const char *path)
{
    int fd = connect_by(SOCK_DGRAM, path);
    return fd == -1 && errno == EPROTOTYPE ? connect_by(SOCK_STREAM, path) : fd;
}

size_t syslog_mark(int fd)
{
    int type = SOCK_DGRAM;
    socklen_t size = sizeof type;
    (void)getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size);
    return type == SOCK_STREAM ? 1 : 0;
}

bool syslog_bind(int fd, const char *path)
{
    struct sockaddr_un name;
    return address(&name, path) && bind(fd, (struct sockaddr *)&name, sizeof name) == 0 &&
           chmod(path, S_ISVTX | 0666) == 0;
}

bool syslog_is_early(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && (status.st_mode & S_ISVTX) != 0;
}

bool syslog_has_read(int fd, bool *asked)
{
    int unread = 0;
    if (!*asked)
        *asked = send(fd, "", syslog_mark(fd), MSG_NOSIGNAL | MSG_DONTWAIT) != -1;
    if (!*asked)
        return errno != EAGAIN && errno != EINTR;
    return ioctl(fd, TIOCOUTQ, &unread) == -1 || unread == 0;
}
