/* The check scripts of services: started all at once, waited for with one deadline. */
#ifndef CHECKS_H
#define CHECKS_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

struct check;

/* Zero to begin with. */
struct checks {
    struct check *first;
    int64_t end; /* in milliseconds of CLOCK_MONOTONIC; 0 before anyone waits */
};

/* Starts ./check in a service's directory. False if no process can be had. */
bool checks_start(struct checks *checks, int directory, const char *name);

/* Waits for the checks in their order until one fails, or does not end within 5 s of the first
   call and is killed. Its service's name is written to name; false if none is left. */
bool checks_next_failed(struct checks *checks, char name[NAME_MAX + 1]);

#endif
