/* What runsv tells of its services: by its files, and by its own command line. */
#ifndef SUPERVISE_H
#define SUPERVISE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { STATE_DOWN, STATE_RUN, STATE_FINISH };

struct status {
    bool known;
    pid_t pid;
    bool paused;
    char want;
    int state;
};

/* What runsv has written to supervise/status, or log/supervise/status. Unknown: errno says why. */
struct status read_status(int directory, const char *path);

/* The name of the service in a command line of runsv: words that end in a zero byte each. NULL: it is none of runsv. */
const char *runsv_argument(const char *words, size_t size);

/* The service that a process supervises. False: it is no runsv, or not yet. */
bool runsv_name(pid_t pid, char *name, size_t size);

#endif
