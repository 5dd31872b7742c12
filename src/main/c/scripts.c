/* Startup and shutdown files: programs that run one after another. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "exec.h"
#include "format.h"
#include "my_init.h"
#include "spawn.h"

#define INSECURE_KEY "/usr/sbin/enable_insecure_key"

/* Instead of the deadline of shutdown files: startup files take as long as they like. */
enum { STARTUP = 0 };

/* A file that has only just been forked does not lead a group yet. */
static void signal_group(const struct child *child, int number)
{
    if (kill(-child->pid, number) == -1 && !child->done)
        kill(child->pid, number);
}

static void end_group(struct my_init *init, const struct child *child, int64_t kill_at)
{
    signal_group(child, SIGTERM);
    signal_group(child, SIGCONT);
    loop_wait_for(&init->loop, child, kill_at);
}

static void kill_group(struct my_init *init, const struct child *child)
{
    signal_group(child, SIGKILL);
    loop_wait_for(&init->loop, child, now_ms() + LAST_WAIT_MS);
}

static void stop_startup_file(struct my_init *init, const char *file, const struct child *child)
{
    log_info(&init->log, "Stopping %s...", file);
    end_group(init, child, earlier(now_ms() + process_timeout(init), services_moment(init)));
    if (!child->done)
        log_warn(&init->log, "%s did not end after TERM in time: it is killed", file);
    kill_group(init, child);
}

static void cut_shutdown_file(struct my_init *init, const char *file, const struct child *child,
                              const char *limit)
{
    log_error(&init->log, "%s did not end within %s: it is killed", file, limit);
    end_group(init, child, now_ms());
    kill_group(init, child);
}

/* Waits for the end of a file. False: it was ended before its time. */
static bool await_file(struct my_init *init, const char *file, struct child *child,
                       int64_t deadline)
{
    bool startup = deadline == STARTUP;
    int64_t end = startup ? FOREVER : earlier(now_ms() + process_timeout(init), deadline);
    while (!child->done && now_ms() < end && (!startup || init->loop.stop == 0))
        loop_wait(&init->loop, end);
    bool late = !child->done;
    if (late && startup)
        stop_startup_file(init, file, child);
    else if (late)
        cut_shutdown_file(init, file, child,
                          end < deadline ? "KILL_PROCESS_TIMEOUT" : "the time for the stop");
    loop_unwatch(&init->loop, child);
    return !late;
}

static void report_status(struct my_init *init, const char *file, int status)
{
    char text[64];
    char reason[512];
    explain_status(file, env_get(&init->environment.vars, "PATH"), status_code(status), reason,
                   sizeof reason);
    log_error(&init->log, "%s %s%s", file, status_text(status, text, sizeof text), reason);
}

/* Runs one file to its end. False: it failed; a message has said how. With a deadline it is a
   shutdown file, which is ended when the time is up; a startup file is ended when a stop is asked
   for. */
static bool run_file(struct my_init *init, const char *file, int64_t deadline)
{
    char *arguments[] = {(char *)(uintptr_t)file, NULL};
    bool *unstarted = mmap(NULL, sizeof *unstarted, PROT_READ | PROT_WRITE,
                           MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (unstarted == MAP_FAILED)
        unstarted = NULL;
    const struct program program = {
        .file = file, .arguments = arguments, .apart = true, .unstarted = unstarted};
    struct child child;
    log_info(&init->log, "Running %s...", file);
    bool good = spawn(&init->loop, &child, &program, &init->environment.vars) &&
                await_file(init, file, &child, deadline);
    if (good && child.status != 0) {
        good = false;
        if (unstarted == NULL || !*unstarted)
            report_status(init, file, child.status);
    }
    if (unstarted != NULL)
        munmap(unstarted, sizeof *unstarted);
    return good;
}

static int by_bytes(const struct dirent **left, const struct dirent **right)
{
    return strcmp((*left)->d_name, (*right)->d_name);
}

static int is_entry(const struct dirent *entry)
{
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

static bool may_run(const char *file, struct log *log)
{
    struct stat status;
    if (stat(file, &status) == -1) {
        log_warn(log, "%s is skipped: %s", file,
                 errno == ENOENT ? "a link to nothing" : strerror(errno));
        return false;
    }
    if (S_ISDIR(status.st_mode))
        return false;
    if (S_ISREG(status.st_mode) && access(file, X_OK) == 0)
        return true;
    log_warn(log, "%s is skipped: not executable", file);
    return false;
}

/* A startup file has added or removed variables; one that fails ends the boot. */
static bool start_file(struct my_init *init, const char *file)
{
    bool done = run_file(init, file, STARTUP);
    if (!done && init->loop.stop == 0) {
        log_error(&init->log, "%s failed: the boot ends here", file);
        init->failed = true;
        init->code = 1;
        return false;
    }
    if (done)
        environment_refresh(&init->environment, &init->log);
    return done;
}

static void run_shutdown_file(struct my_init *init, const char *file, int64_t deadline)
{
    if (now_ms() < deadline)
        (void)run_file(init, file, deadline);
    else
        log_error(&init->log, "%s is left out: the time for the stop is up", file);
}

static void run_directory(struct my_init *init, const char *path, bool must_exist,
                          int64_t deadline)
{
    struct dirent **entries;
    int count = scandir(path, &entries, is_entry, by_bytes);
    if (count == -1) {
        if (errno != ENOENT || must_exist)
            log_warn(&init->log, "%s cannot be read: %s", path, strerror(errno));
        return;
    }
    bool going_on = true;
    for (int i = 0; i < count; i++) {
        char file[PATH_MAX];
        size_t length = format(file, sizeof file, "%s/%s", path, entries[i]->d_name);
        free(entries[i]);
        going_on = going_on && (deadline != STARTUP || is_going_on(init));
        if (!going_on || length >= sizeof file || !may_run(file, &init->log))
            continue;
        if (deadline == STARTUP)
            going_on = start_file(init, file);
        else
            run_shutdown_file(init, file, deadline);
    }
    free(entries);
}

static void enable_insecure_key(struct my_init *init)
{
    if (access(INSECURE_KEY, X_OK) == 0) {
        (void)start_file(init, INSECURE_KEY);
        return;
    }
    log_error(&init->log, "--enable-insecure-key: this image has no sshd (%s is missing)",
              INSECURE_KEY);
    init->failed = true;
    init->code = 1;
}

void run_startup_files(struct my_init *init)
{
    if (is_going_on(init) && init->options.enable_insecure_key)
        enable_insecure_key(init);
    if (init->options.skip_startup_files || !is_going_on(init))
        return;
    if (!init->root) {
        log_warn(&init->log, "not root: startup files are left out");
        return;
    }
    const char *wanted = env_get(&init->environment.vars, "ENV_INIT_DIRECTORY");
    bool named = wanted != NULL && *wanted != '\0';
    char path[PATH_MAX];
    format(path, sizeof path, "%s", named ? wanted : "/etc/my_init.d");
    run_directory(init, path, named, STARTUP);
    if (is_going_on(init) && access("/etc/rc.local", X_OK) == 0)
        (void)start_file(init, "/etc/rc.local");
}

void run_shutdown_files(struct my_init *init, const char *directory, int64_t deadline)
{
    if (init->root)
        run_directory(init, directory, false, deadline);
}
