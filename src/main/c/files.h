/* Whole files: read at once, replaced at once. */
#ifndef FILES_H
#define FILES_H

#include <stdbool.h>
#include <sys/types.h>

#include "buffer.h"

/* New files get their name by a rename from this prefix; readers of a directory skip it. */
#define TEMPORARY_PREFIX ".my_init.new."

struct look {
    mode_t mode;
    uid_t owner;
    gid_t group;
};

/* Appends what a descriptor holds, as long as it is not more than limit; errno says why not. */
bool read_all(int fd, size_t limit, struct buffer *out);

/* Replaces directory/name in one step, so that a reader sees the old content or the new, never a
   part. An existing file keeps its mode and owner; a new one gets those of look. Where the name
   cannot be exchanged (a file mounted by itself), the file is written in place. */
bool replace_file(int directory, const char *name, const char *content, size_t length,
                  const struct look *look);

/* The first line of a file, without its end; "" if there is none. */
void first_line(const char *path, char *line, size_t size);

#endif
