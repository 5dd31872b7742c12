/* Starting runit. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "exec.h"
#include "format.h"
#include "my_init.h"
#include "spawn.h"

#define RUNIT_PATH "/usr/bin:/usr/sbin:/sbin:/bin:/usr/local/bin:/usr/local/sbin"

static bool provides_log(int services, const char *name)
{
    char path[NAME_MAX + 32];
    format(path, sizeof path, "%s/" PROVIDES_LOG, name);
    if (faccessat(services, path, F_OK, 0) == -1)
        return false;
    format(path, sizeof path, "%s/run", name);
    if (faccessat(services, path, X_OK, 0) == -1)
        return false;
    format(path, sizeof path, "%s/down", name);
    return faccessat(services, path, F_OK, 0) == -1;
}

bool has_syslog_service(void)
{
    DIR *services = opendir(SERVICES);
    if (services == NULL)
        return false;
    bool found = false;
    for (const struct dirent *entry = readdir(services); entry != NULL && !found;
         entry = readdir(services))
        found = entry->d_name[0] != '.' && provides_log(dirfd(services), entry->d_name);
    closedir(services);
    return found;
}

/* A link supervise -> /run/... lets a service run on a read-only root. runsv makes the directory
   that the link names, but not those above it, and /run is empty at each start. */
static void make_way_for_link(int services, const char *name, const char *below)
{
    char link[NAME_MAX + 32];
    char target[PATH_MAX];
    format(link, sizeof link, "%s/%s", name, below);
    ssize_t length = readlinkat(services, link, target, sizeof target - 1);
    if (length <= 0 || target[0] != '/')
        return;
    target[length] = '\0';
    for (char *slash = strchr(target + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        /* What cannot be made shows when runsv tries; it has the better message. */
        (void)mkdir(target, 0755);
        *slash = '/';
    }
}

static void make_way_for_links(void)
{
    DIR *services = opendir(SERVICES);
    if (services == NULL)
        return;
    for (const struct dirent *entry = readdir(services); entry != NULL;
         entry = readdir(services)) {
        if (entry->d_name[0] == '.')
            continue;
        make_way_for_link(dirfd(services), entry->d_name, "supervise");
        make_way_for_link(dirfd(services), entry->d_name, "log/supervise");
    }
    closedir(services);
}

/* A directory that was changed in the current second, or in the future of a clock that has jumped,
   makes runsvdir wait for a second before it looks: what comes later in that second would go
   unseen. With an older date each later change is another date, so nothing is missed. */
static void set_date_back(void)
{
    time_t now = time(NULL);
    const struct timespec dates[] = {{.tv_nsec = UTIME_OMIT}, {.tv_sec = now - 10}};
    struct stat status;
    /* Where it cannot be changed, runsvdir waits. */
    if (stat(SERVICES, &status) == 0 && status.st_mtime >= now)
        (void)utimensat(AT_FDCWD, SERVICES, dates, 0);
}

static void give_up(struct my_init *init)
{
    init->failed = true;
    init->code = 1;
}

/* Finds it, and the directory where it should find runsv in turn. */
static bool find_runsvdir(const struct my_init *init, char found[PATH_MAX],
                          char directory[PATH_MAX])
{
    const char *path = env_get(&init->environment.vars, "PATH");
    if (!find_program("runsvdir", path, found, PATH_MAX) &&
        !find_program("runsvdir", RUNIT_PATH, found, PATH_MAX))
        return false;
    format(directory, PATH_MAX, "%.*s", (int)(strrchr(found, '/') - found), found);
    return true;
}

void start_services(struct my_init *init)
{
    if (init->options.skip_runit || !is_going_on(init))
        return;
    if (!init->root) {
        if (init->options.command != NULL) {
            log_warn(&init->log, "not root: services are left out");
            return;
        }
        log_error(&init->log, "not root: services cannot be started, and there is no command");
        give_up(init);
        return;
    }
    /* A startup file may have taken the syslog service away. */
    if (!has_syslog_service())
        early_log_close(&init->early, &init->log, now_ms() + LAST_WAIT_MS);
    if (mkdir(SERVICES, 0755) == -1 && errno != EEXIST)
        log_warn(&init->log, "%s is missing and cannot be made: %s", SERVICES, strerror(errno));
    make_way_for_links();
    set_date_back();

    char file[PATH_MAX];
    char beside[PATH_MAX];
    char name[] = "runsvdir";
    char option[] = "-P";
    char directory[] = SERVICES;
    char *arguments[] = {name, option, directory, NULL};
    const struct program program = {
        .file = file, .arguments = arguments, .directory = beside, .apart = true};
    log_info(&init->log, "Booting runit daemon...");
    if (!find_runsvdir(init, file, beside)) {
        log_error(&init->log, "runsvdir not found: runit is not installed in this image");
        give_up(init);
    } else if (!spawn(&init->loop, &init->runit, &program, &init->environment.vars)) {
        give_up(init);
    } else {
        log_info(&init->log, "Runit started as PID %ld", (long)init->runit.pid);
    }
}
