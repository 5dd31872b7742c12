/* Messages: lines on stderr that begin with "*** ". */
#ifndef MESSAGE_H
#define MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

struct said; /* a warning that is not to be repeated */

enum { SAID_LISTS = 64 };

struct log {
    bool quiet;
    struct said *said[SAID_LISTS]; /* in several lists, as there may be thousands */
};

__attribute__((format(printf, 2, 3))) void log_info(struct log *log, const char *pattern, ...);
__attribute__((format(printf, 2, 3))) void log_warn(struct log *log, const char *pattern, ...);
__attribute__((format(printf, 2, 3))) void log_warn_once(struct log *log, const char *pattern, ...);
__attribute__((format(printf, 2, 3))) void log_error(struct log *log, const char *pattern, ...);

/* Writes one line that is not my_init's own; control characters become '?'. False: nobody reads it,
   or not all of it. */
bool log_line(const char *text, size_t length);

void log_free(struct log *log);

/* "TERM" for 15; numbers without a name come back as "signal". */
const char *signal_name(int number);

/* "exited with status 3" or "was killed by signal 9 (KILL)", for a status of waitpid. */
const char *status_text(int status, char *text, size_t size);

/* What a shell makes of it: the status, or 128 + the signal. */
int status_code(int status);

#endif
