/* The syslog socket of the boot: until the syslog service listens itself, my_init keeps what is
   logged and hands it over then. */
#ifndef EARLY_LOG_H
#define EARLY_LOG_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "buffer.h"
#include "message.h"

/* A service directory that holds a file of this name promises to provide the socket. */
#define PROVIDES_LOG "provides-dev-log"

enum { EARLY_LOG_FDS = 3 };

struct early_log {
    const char *path;
    const char *directory;  /* of the path, to be told of changes */
    int socket;             /* ours, -1: not ours any more */
    int notify;
    int daemon;             /* connected to the service's socket while handing over */
    size_t mark;            /* the length of the end mark that it wants */
    dev_t device;
    ino_t inode;
    struct buffer kept;     /* each message behind its length, and behind it a zero byte */
    size_t sent;            /* bytes of kept that are handed over */
    size_t part;            /* bytes of the next message that a stream has taken */
    size_t dropped;
    bool closing;           /* nothing new comes in any more */
    int64_t look_again;
    int64_t pause;          /* between two looks; it grows */
};

void early_log_open(struct early_log *early, struct log *log);
nfds_t early_log_poll(const struct early_log *early, struct pollfd *fds);
int64_t early_log_deadline(const struct early_log *early);
void early_log_step(struct early_log *early, struct log *log);

bool early_log_is_handing_over(const struct early_log *early);

/* Prints what nobody took over, as far as there is time, and removes the socket, if it is still ours. */
void early_log_close(struct early_log *early, struct log *log, int64_t deadline);

#endif
