#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "loop.h"

enum { CHILDREN = 1200 };

static void crowdOfTheEndedIsReapedInParts(void)
{
    struct log log = {0};
    struct loop loop = {.log = &log};
    loop_hold_signals(&loop);
    CHECK(loop_open(&loop));
    for (int i = 0; i < CHILDREN; i++) {
        /* A fork under a sanitizer copies too much for so many. */
        pid_t pid = vfork();
        if (pid == 0)
            _exit(0);
        CHECK(pid > 0);
        siginfo_t info;
        CHECK(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) == 0);
    }
    loop_wait(&loop, FOREVER);
    CHECK(!loop.childless);
    loop_wait(&loop, FOREVER);
    CHECK(loop.childless);
    close(loop.signals);
    loop_release_signals(&loop);
}

/* A terminal, or a pipe, that is full and that nobody reads. */
static void lineOnFullStderr(bool terminal)
{
    int ends[2];
    char text[4000];
    memset(text, 'x', sizeof text);
    if (terminal) {
        ends[0] = posix_openpt(O_RDWR | O_NOCTTY);
        CHECK(ends[0] != -1 && grantpt(ends[0]) == 0 && unlockpt(ends[0]) == 0);
        ends[1] = open(ptsname(ends[0]), O_RDWR | O_NOCTTY);
        CHECK(ends[1] != -1);
    } else {
        CHECK(pipe(ends) == 0);
    }
    pid_t pid = fork();
    if (pid == 0) {
        alarm(10);
        dup2(ends[1], STDERR_FILENO);
        bool taken = true;
        for (int i = 0; i < 100 && taken; i++)
            taken = log_line(text, sizeof text);
        _exit(taken);
    }
    int status;
    CHECK(waitpid(pid, &status, 0) == pid);
    CHECK(status == 0);
    close(ends[0]);
    close(ends[1]);
}

void test_loop(void)
{
    crowdOfTheEndedIsReapedInParts();
    lineOnFullStderr(true);
    lineOnFullStderr(false);
}
