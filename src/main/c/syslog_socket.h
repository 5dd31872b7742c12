/* The socket that syslog() writes to: datagrams, or the stream that a daemon may choose. */
#ifndef SYSLOG_SOCKET_H
#define SYSLOG_SOCKET_H

#include <stdbool.h>
#include <stddef.h>

#define LOG_SOCKET "/dev/log"

/* A descriptor to send by without waiting; -1: errno says why nobody can be reached. */
int syslog_connect(const char *path);

/* How long the end mark of a message is: in a stream the zero byte behind it, as syslog() sends it. */
size_t syslog_mark(int fd);

/* Gives my_init's own socket its name, open to all users. Its sticky bit tells it from a daemon's. */
bool syslog_bind(int fd, const char *path);

/* Whether the socket is my_init's: the daemon has not come yet. */
bool syslog_is_early(const char *path);

/* Whether the daemon has read all that was sent before. Messages are read in the order they came:
   an empty one, which is no message to any daemon, is sent once and counts as unread until then. */
bool syslog_has_read(int fd, bool *asked);

#endif
