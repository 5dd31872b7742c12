/* A look at all processes, by way of /proc. */
#ifndef PROCESSES_H
#define PROCESSES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct process {
    pid_t pid;
    pid_t parent;
    char state;
    bool has_terminal; /* and leads its session, as a shell does */
    char name[16];
    unsigned long long start; /* in hundredths of a second of CLOCK_BOOTTIME */
};

struct processes {
    struct process *list;
    size_t count;
    size_t capacity;
};

/* What /proc/PID/name holds, as far as it fits, with a NUL behind it. 0: it cannot be read. */
size_t process_file(pid_t pid, const char *name, char *text, size_t size);

/* False: /proc is not to be read. */
bool processes_read(struct processes *processes);
bool process_read(pid_t pid, struct process *process);

/* Takes the text of /proc/PID/stat, "12 (a name) S 1 ...", apart: the name may hold anything, so the last
   ')' ends it. */
bool process_parse(char *text, struct process *process);

void processes_free(struct processes *processes);

/* Stops a process, so that it can start nothing while one looks. False: it has gone. */
bool process_freeze(pid_t pid);

/* Whether a process ignores a signal; its mask in /proc says so. */
bool process_ignores(pid_t pid, int number);

/* Sends a signal to every descendant of this process. The number of those that it reached. */
size_t signal_descendants(int number);

#endif
