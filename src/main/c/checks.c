#include "checks.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"

enum { CHECK_MS = 5000, LOOK_MS = 2 };

struct check {
    struct check *next;
    pid_t pid;
    char name[NAME_MAX + 1];
};

static void run_check(int directory)
{
    char script[] = "./check";
    char *arguments[] = {script, NULL};
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (setsid() == -1 || prctl(PR_SET_PDEATHSIG, SIGKILL) == -1 || nothing == -1 ||
        dup2(nothing, STDIN_FILENO) == -1 || dup2(nothing, STDOUT_FILENO) == -1 ||
        dup2(nothing, STDERR_FILENO) == -1 || fchdir(directory) == -1)
        return;
    execv(script, arguments);
}

bool checks_start(struct checks *checks, int directory, const char *name)
{
    struct check *check = calloc(1, sizeof *check);
    struct check **last = &checks->first;
    if (check == NULL)
        return false;
    strncpy(check->name, name, NAME_MAX);
    check->pid = fork();
    if (check->pid == 0) {
        run_check(directory);
        _exit(126);
    }
    if (check->pid == -1) {
        free(check);
        return false;
    }
    while (*last != NULL)
        last = &(*last)->next;
    *last = check;
    return true;
}

static bool has_ended(const struct check *check, int64_t end, int *status)
{
    for (;;) {
        pid_t pid = waitpid(check->pid, status, WNOHANG);
        if (pid != 0)
            return pid == check->pid;
        if (now_ms() >= end)
            return false;
        const struct timespec moment = {.tv_nsec = LOOK_MS * 1000000};
        nanosleep(&moment, NULL);
    }
}

bool checks_next_failed(struct checks *checks, char name[NAME_MAX + 1])
{
    if (checks->end == 0)
        checks->end = now_ms() + CHECK_MS;
    for (;;) {
        struct check *check = checks->first;
        int status = 0;
        if (check == NULL)
            return false;
        bool ended = has_ended(check, checks->end, &status);
        if (!ended)
            kill(-check->pid, SIGKILL);
        memcpy(name, check->name, sizeof check->name);
        checks->first = check->next;
        free(check);
        if (!ended || status != 0)
            return true;
    }
}
