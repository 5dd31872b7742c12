/* The container's environment: read from the directory, kept there, dumped for others. */
#ifndef ENVIRONMENT_H
#define ENVIRONMENT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "env.h"
#include "message.h"

struct environment {
    struct env vars;
    struct env on_disk;    /* what the directory held when it was last read or written */
    const char *directory; /* where variables are files */
    const char *parent;    /* where the two dumps are; NULL: nothing is dumped */
    const char *group_file;
    bool root;
};

/* Takes the strings that the program was started with, adds what the directory holds, fills in
   HOME and PATH where they are missing, and dumps it all. */
void environment_start(struct environment *environment, char *const *strings, struct log *log);

/* Reads the directory again after a startup script. */
void environment_refresh(struct environment *environment, struct log *log);

/* A variable in seconds, as milliseconds. */
int64_t environment_seconds(const struct environment *environment, const char *name,
                            unsigned fallback, struct log *log);

/* Whether somebody has set it to a number of seconds. */
bool environment_has_seconds(const struct environment *environment, const char *name);

void environment_free(struct environment *environment);

/* Reads every regular file of a directory as a variable, sorted. False: it cannot be read to its end;
   errno says why. */
bool directory_read(const char *path, struct env *out, struct log *log);

/* Whether a variable can be a file in the directory. */
bool can_be_filed(const char *name);

void environment_dump(struct environment *environment, struct log *log);

#endif
