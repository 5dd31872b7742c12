#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "exec.h"
#include "processes.h"

static void executable(const char *file, const char *content)
{
    write_file(file, content, strlen(content));
    CHECK(chmod(file, 0755) == 0);
}

static void run(const char *file, int expected_status, const char *expected_text)
{
    char *arguments[] = {(char[]){"x"}, (char[]){"7"}, NULL};
    char *environment[] = {NULL};
    struct log log = {0};
    capture_start();
    pid_t pid = fork();
    if (pid == 0)
        _exit(become(file, arguments, environment, &log));
    int status;
    CHECK(waitpid(pid, &status, 0) == pid);
    char *said = capture_end();
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == expected_status);
    CHECK(strstr(said, expected_text) != NULL);
    free(said);
}

static void becomeSaysWhyAProgramDoesNotStart(void)
{
    executable(path("plain"), "exit $1\n");
    run(path("plain"), 7, "has no interpreter line (#!): /bin/sh runs it");
    executable(path("nope"), "#! /bin/nope -x\n");
    run(path("nope"), 127, "interpreter /bin/nope not found");
    executable(path("crlf"), "#!/bin/sh\r\n");
    run(path("crlf"), 127, "has CRLF line ends");
    executable(path("elf"), "\177ELF\2\1\1 nonsense");
    run(path("elf"), 126, "another kind of machine");
    write_file(path("data"), "x", 1);
    CHECK(chmod(path("data"), 0644) == 0);
    run(path("data"), 126, "not executable");
    run(path("missing"), 127, "not found");
    executable(path("badinterpreter"), "#!/etc/passwd\n");
    run(path("badinterpreter"), 126, "interpreter /etc/passwd may not be executed");
    executable(path("empty"), "");
    run(path("empty"), 0, "has no interpreter line");
}

static void findFollowsThePath(void)
{
    char found[256];
    char list[600];
    CHECK(find_program("sh", "/nowhere:/bin:/usr/bin", found, sizeof found));
    CHECK_TEXT("/bin/sh", found);
    CHECK(!find_program("sh", "", found, sizeof found));
    CHECK(!find_program("sh", NULL, found, sizeof found));
    CHECK(!find_program("", "/bin", found, sizeof found));
    CHECK(!find_program("sh", "/bin", found, 3));
    CHECK(find_program("/bin/sh", NULL, found, sizeof found));
    CHECK(mkdir(path("bin"), 0755) == 0);
    write_file(path("bin/sh"), "x", 1);
    strcpy(list, path("bin"));
    CHECK(!find_program("sh", list, found, sizeof found));
    CHECK_TEXT(path("bin/sh"), found);
    strcat(list, ":/bin");
    CHECK(find_program("sh", list, found, sizeof found));
    CHECK_TEXT("/bin/sh", found);
}

static void processesAreSeen(void)
{
    struct processes processes = {0};
    pid_t pid = fork();
    if (pid == 0) {
        pause();
        _exit(0);
    }
    CHECK(processes_read(&processes));
    bool seen = false;
    for (size_t i = 0; i < processes.count; i++)
        seen = seen || (processes.list[i].pid == pid && processes.list[i].parent == getpid());
    CHECK(seen);
    processes_free(&processes);
    CHECK(process_freeze(pid));
    struct process process;
    CHECK(process_read(pid, &process) && process.state == 'T');
    CHECK(signal_descendants(9) >= 1);
    CHECK(waitpid(pid, NULL, 0) == pid);
    CHECK(!process_read(pid, &process));
    CHECK(!process_freeze(pid));
}

void test_programs(void)
{
    becomeSaysWhyAProgramDoesNotStart();
    findFollowsThePath();
    processesAreSeen();
}
