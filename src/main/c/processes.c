#include "processes.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "format.h"

enum { FREEZE_LOOKS = 500 };

size_t process_file(pid_t pid, const char *name, char *text, size_t size)
{
    char path[48];
    format(path, sizeof path, "/proc/%ld/%s", (long)pid, name);
    text[0] = '\0';
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd == -1)
        return 0;
    ssize_t got = read(fd, text, size - 1);
    close(fd);
    size_t length = got > 0 ? (size_t)got : 0;
    text[length] = '\0';
    return length;
}

/* What stands behind the name. */
enum { STATE, PARENT, GROUP, SESSION, TERMINAL, START = 19, FIELDS };

bool process_parse(char *text, struct process *process)
{
    char *open = strchr(text, '(');
    char *close = strrchr(text, ')');
    if (open == NULL || close == NULL || close < open || close[1] != ' ' || close[2] == '\0')
        return false;
    *close = '\0';
    unsigned long long fields[FIELDS] = {0};
    const char *at = close + 1;
    for (int i = STATE; i < FIELDS && at != NULL; i++) {
        fields[i] = i == STATE ? 0 : strtoull(at + 1, NULL, 10);
        at = strchr(at + 1, ' ');
    }
    process->state = close[2];
    process->parent = (pid_t)fields[PARENT];
    process->has_terminal = fields[TERMINAL] != 0 && (pid_t)fields[SESSION] == process->pid;
    process->start = fields[START];
    format(process->name, sizeof process->name, "%.*s", 15, open + 1);
    return true;
}

bool process_read(pid_t pid, struct process *process)
{
    char text[512];
    process->pid = pid;
    return process_file(pid, "stat", text, sizeof text) > 0 && process_parse(text, process);
}

static bool add(struct processes *processes, const struct process *process)
{
    if (processes->count == processes->capacity) {
        size_t capacity = processes->capacity > 0 ? 2 * processes->capacity : 64;
        struct process *list = realloc(processes->list, capacity * sizeof *list);
        if (list == NULL)
            return false;
        processes->list = list;
        processes->capacity = capacity;
    }
    processes->list[processes->count++] = *process;
    return true;
}

bool processes_read(struct processes *processes)
{
    processes->count = 0;
    DIR *directory = opendir("/proc");
    if (directory == NULL)
        return false;
    bool complete = true;
    for (const struct dirent *entry = readdir(directory); entry != NULL;
         entry = readdir(directory)) {
        struct process process;
        if (isdigit((unsigned char)entry->d_name[0]) &&
            process_read((pid_t)strtol(entry->d_name, NULL, 10), &process))
            complete = add(processes, &process) && complete;
    }
    closedir(directory);
    return complete && processes->count > 0;
}

void processes_free(struct processes *processes)
{
    free(processes->list);
    *processes = (struct processes){0};
}

bool process_freeze(pid_t pid)
{
    const struct timespec moment = {.tv_nsec = 100000};
    if (kill(pid, SIGSTOP) == -1)
        return false;
    for (int look = 0; look < FREEZE_LOOKS; look++) {
        struct process process;
        if (!process_read(pid, &process) || process.state == 'Z' || process.state == 'X')
            return false;
        if (process.state == 'T' || process.state == 't')
            return true;
        nanosleep(&moment, NULL);
    }
    return false;
}

static const struct process *find(const struct processes *processes, pid_t pid)
{
    for (size_t i = 0; i < processes->count; i++)
        if (processes->list[i].pid == pid)
            return &processes->list[i];
    return NULL;
}

static bool descends(const struct processes *processes, const struct process *process,
                     pid_t ancestor)
{
    /* Processes come and go while /proc is read, so the chain might close into a ring. */
    for (size_t depth = 0; depth < processes->count; depth++) {
        if (process == NULL)
            return false;
        if (process->parent == ancestor)
            return true;
        process = find(processes, process->parent);
    }
    return false;
}

/* Since the list was read it may have ended, and its number be another's. */
static bool signal_process(const struct process *process, int number)
{
    struct process now;
    return process_read(process->pid, &now) && now.start == process->start &&
           kill(process->pid, number) == 0;
}

size_t signal_descendants(int number)
{
    struct processes processes = {0};
    size_t reached = 0;
    if (processes_read(&processes)) {
        for (size_t i = 0; i < processes.count; i++) {
            const struct process *process = &processes.list[i];
            if (process->state != 'Z' && descends(&processes, process, getpid()) &&
                signal_process(process, number))
                reached++;
        }
    }
    processes_free(&processes);
    return reached;
}

bool process_ignores(pid_t pid, int number)
{
    char text[4096];
    process_file(pid, "status", text, sizeof text);
    const char *mask = strstr(text, "\nSigIgn:");
    if (mask == NULL)
        return false;
    return (strtoull(mask + strlen("\nSigIgn:"), NULL, 16) >> (number - 1) & 1) != 0;
}
