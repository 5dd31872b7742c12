/* The one place where my_init waits: for signals, children and the early syslog socket. */
#ifndef LOOP_H
#define LOOP_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "clock.h"
#include "message.h"

struct early_log;

struct child {
    struct child *next;
    pid_t pid;
    int status;
    bool watched;
    bool done;
};

struct loop {
    struct log *log;
    sigset_t given_mask;         /* what my_init was started with, for its children */
    struct sigaction given_chld;
    int signals;
    int stop;                    /* the signal that asks for a shutdown, or 0 */
    int64_t stop_at;             /* when it came */
    bool childless;              /* the last look found no child at all */
    bool unfinished;             /* the last look left ended children for the next */
    bool restore_terminal;       /* the main command was given the terminal */
    struct child *watched;
    const struct child *main;    /* who gets HUP, QUIT, USR1, USR2, WINCH */
    struct early_log *early;
};

/* How long a killed process may take to go; one that hangs in the kernel is not waited for. */
enum { LAST_WAIT_MS = 500 };

/* The very first thing: from here on no signal is lost. */
void loop_hold_signals(struct loop *loop);

bool loop_open(struct loop *loop);

/* Waits for the next event, or until now_ms() reaches the deadline, and deals with all there is. */
void loop_wait(struct loop *loop, int64_t deadline);

/* Waits for one child, at most until the deadline. */
void loop_wait_for(struct loop *loop, const struct child *child, int64_t deadline);

void loop_watch(struct loop *loop, struct child *child, pid_t pid);
void loop_unwatch(struct loop *loop, struct child *child);

/* Gives a new program the signals as my_init was given them. */
void loop_release_signals(const struct loop *loop);

#endif
