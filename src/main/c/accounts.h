/* Users and their groups, as /etc/passwd and /etc/group name them. The C library's own reading takes a
   missing number for 0, which is root, and knows no more than 32 groups. */
#ifndef ACCOUNTS_H
#define ACCOUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "buffer.h"

struct account {
    uid_t user;
    gid_t group;
    const char *name;
    const char *home;
    struct buffer content; /* of the file; the texts above are in it */
};

/* Finds a user by name or by number; a name first, as a user may be called "1000". A line whose numbers
   are none names nobody. False: there is no such user, or errno tells why the file cannot be read. */
bool account_find(const char *file, const char *wanted, struct account *account);

/* The user's group and all that list the user, without what is written twice; as bytes of gid_t.
   False: errno tells why the file cannot be read. */
bool account_groups(const char *file, const struct account *account, struct buffer *groups);

/* The number of a group. False: there is none of that name, or the file cannot be read. */
bool group_find(const char *file, const char *name, gid_t *group);

#endif
