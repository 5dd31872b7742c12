/* The datagram socket that syslog() writes to. */
#ifndef SYSLOG_SOCKET_H
#define SYSLOG_SOCKET_H

#include <stdbool.h>

struct loop;

/* A descriptor to send by without waiting; -1: errno says why nobody can be reached. */
int syslog_connect(const char *path);

/* Gives a socket its name, open to all users. */
bool syslog_bind(int fd, const char *path);

/* Waits until the daemon behind path has read all that was sent before, but not long. */
void syslog_drain(struct loop *loop, const char *path);

#endif
