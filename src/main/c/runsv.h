/* The runsv processes: one for each of runit's services. */
#ifndef RUNSV_H
#define RUNSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "loop.h"

struct service {
    struct child runsv;
    struct child logger; /* watched: it outlives its runsv */
    int directory;
    bool syslog;
    bool out_of_time;
    int64_t told;
    char name[256];
};

struct services {
    struct service *list;
    size_t count;
};

/* Finds all runsv processes and watches them. With runsvdir frozen the list is whole, and stays so.
   A runsvdir of 0 has ended. False: they cannot be found. */
bool find_services(struct loop *loop, pid_t runsvdir, struct services *services);

/* One that was only just being started may have changed to its directory since. */
void look_again(struct service *service);

void forget_services(struct loop *loop, struct services *services);

#endif
