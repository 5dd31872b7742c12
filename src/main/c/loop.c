#include "loop.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "early_log.h"

enum { MOST_AT_ONCE = 1000 };

void loop_hold_signals(struct loop *loop)
{
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &loop->given_mask);
    loop->signals = -1;
}

bool loop_open(struct loop *loop)
{
    /* Whoever ignores SIGCHLD is told nothing of its children. */
    struct sigaction standard = {.sa_handler = SIG_DFL};
    if (sigaction(SIGCHLD, &standard, &loop->given_chld) == -1)
        return false;
    sigset_t all;
    sigfillset(&all);
    loop->signals = signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
    return loop->signals != -1;
}

void loop_release_signals(const struct loop *loop)
{
    sigaction(SIGCHLD, &loop->given_chld, NULL);
    sigprocmask(SIG_SETMASK, &loop->given_mask, NULL);
}

void loop_watch(struct loop *loop, struct child *child, pid_t pid)
{
    *child = (struct child){.next = loop->watched, .pid = pid, .watched = true};
    loop->watched = child;
}

void loop_unwatch(struct loop *loop, struct child *child)
{
    for (struct child **at = &loop->watched; *at != NULL; at = &(*at)->next) {
        if (*at == child) {
            *at = child->next;
            break;
        }
    }
    child->watched = false;
}

/* A terminal's stop signal would freeze the container when there is no shell above the command
   that could let it go on; a process group without a parent gets no such signal either. */
static void let_go_on(struct loop *loop, pid_t pid, int by)
{
    if (loop->main == NULL || loop->main->done || pid != loop->main->pid ||
        !loop->restore_terminal || getpid() != 1)
        return;
    if (by == SIGTSTP || by == SIGTTIN || by == SIGTTOU) {
        tcsetpgrp(STDIN_FILENO, pid);
        kill(-pid, SIGCONT);
    }
}

static void note_end(struct loop *loop, pid_t pid, int status)
{
    for (struct child *child = loop->watched; child != NULL; child = child->next) {
        if (child->pid == pid && !child->done) {
            child->done = true;
            child->status = status;
            return;
        }
    }
}

/* Whoever forks without end must not keep process 1 from its other work. */
static void reap(struct loop *loop)
{
    for (int count = 0; count < MOST_AT_ONCE; count++) {
        int status;
        pid_t pid = waitpid(-1, &status, WNOHANG | (loop->restore_terminal ? WUNTRACED : 0));
        if (pid == -1 && errno == EINTR)
            continue;
        loop->childless = pid == -1 && errno == ECHILD;
        loop->unfinished = pid > 0;
        if (pid <= 0)
            return;
        if (WIFSTOPPED(status))
            let_go_on(loop, pid, WSTOPSIG(status));
        else
            note_end(loop, pid, status);
    }
}

static void take_signals(struct loop *loop)
{
    struct signalfd_siginfo info;
    while (read(loop->signals, &info, sizeof info) == (ssize_t)sizeof info) {
        switch (info.ssi_signo) {
        case SIGTERM:
        case SIGINT:
            if (loop->stop == 0) {
                loop->stop = (int)info.ssi_signo;
                loop->stop_at = now_ms();
            }
            break;
        case SIGHUP:
        case SIGQUIT:
        case SIGUSR1:
        case SIGUSR2:
        case SIGWINCH:
            if (loop->main != NULL && !loop->main->done)
                kill(loop->main->pid, (int)info.ssi_signo);
            break;
        default:
            break;
        }
    }
}

void loop_wait_for(struct loop *loop, const struct child *child, int64_t deadline)
{
    while (!child->done && now_ms() < deadline)
        loop_wait(loop, deadline);
}

void loop_wait(struct loop *loop, int64_t deadline)
{
    struct pollfd fds[1 + EARLY_LOG_FDS] = {{.fd = loop->signals, .events = POLLIN}};
    nfds_t count = 1;
    if (loop->early != NULL) {
        count += early_log_poll(loop->early, fds + 1);
        deadline = earlier(deadline, early_log_deadline(loop->early));
    }
    int timeout = -1;
    if (loop->unfinished) {
        timeout = 0;
    } else if (deadline != FOREVER) {
        int64_t left = deadline - now_ms();
        timeout = left < 0 ? 0 : left > 3600000 ? 3600000 : (int)left;
    }
    int ready = poll(fds, count, timeout);
    if (ready == -1 && errno != EINTR)
        log_error(loop->log, "poll: %s", strerror(errno));
    take_signals(loop);
    reap(loop);
    if (loop->early != NULL)
        early_log_step(loop->early, loop->log);
}
