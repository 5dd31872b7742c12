#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "exec.h"
#include "format.h"
#include "my_init.h"
#include "spawn.h"
#include "syslog_socket.h"

extern char **environ;

int64_t process_timeout(struct my_init *init)
{
    return environment_seconds(&init->environment, "KILL_PROCESS_TIMEOUT", 5, &init->log);
}

bool is_going_on(const struct my_init *init)
{
    return !init->failed && init->loop.stop == 0;
}

/* Descriptors 0 to 2 are open, so that no file of ours becomes a child's stdout. */
static void open_standard_files(void)
{
    for (int fd = 0; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) == -1 && errno == EBADF)
            (void)open("/dev/null", O_RDWR);
}

static bool prepare(struct my_init *init)
{
    open_standard_files();
    init->root = geteuid() == 0;
    init->log.quiet = init->options.quiet;
    init->loop.log = &init->log;
    init->early = (struct early_log){
        .path = LOG_SOCKET, .directory = "/dev", .socket = -1, .notify = -1, .daemon = -1};
    init->environment.directory = "/etc/container_environment";
    init->environment.parent = "/etc";
    init->environment.group_file = "/etc/group";
    init->environment.root = init->root;
    if (getpid() != 1 && prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == -1)
        log_warn(&init->log, "not PID 1 and no subreaper (%s): orphans are not reaped",
                 strerror(errno));
    if (loop_open(&init->loop))
        return true;
    log_error(&init->log, "no way to receive signals: %s", strerror(errno));
    return false;
}

void open_early_log(struct my_init *init)
{
    if (init->root && !init->options.skip_runit && has_syslog_service()) {
        early_log_open(&init->early, &init->log);
        init->loop.early = &init->early;
    }
}

static void join(char *text, size_t size, char *const *words)
{
    size_t length = 0;
    text[0] = '\0';
    for (; *words != NULL && length < size - 1; words++) {
        length += format(text + length, size - length, "%s%s", length > 0 ? " " : "", *words);
    }
}

void start_command(struct my_init *init)
{
    if (init->options.command == NULL || !is_going_on(init))
        return;
    char text[1024];
    join(text, sizeof text, init->options.command);
    log_info(&init->log, "Running %s...", text);
    const struct program program = {.arguments = init->options.command,
                                    .foreground = has_terminal()};
    if (spawn(&init->loop, &init->command, &program, &init->environment.vars)) {
        init->loop.main = &init->command;
        init->loop.restore_terminal = program.foreground;
    } else {
        init->failed = true;
        init->code = CANNOT_RUN;
    }
}

static void report_command(struct my_init *init)
{
    char name[1024];
    char text[64];
    join(name, sizeof name, init->options.command);
    log_info(&init->log, "%s %s.", name,
             status_text(init->command.status, text, sizeof text));
    if (init->loop.restore_terminal)
        (void)tcsetpgrp(STDIN_FILENO, getpgrp());
}

static void report_runit(struct my_init *init)
{
    char text[64];
    log_error(&init->log, "the runit daemon %s",
              status_text(init->runit.status, text, sizeof text));
    init->code = status_code(init->runit.status);
}

/* Lives as long as the command; without one, as long as runit; or until it is told to stop. */
static void wait_for_the_end(struct my_init *init)
{
    bool runit_ended = false;
    while (is_going_on(init) && !init->command.done) {
        loop_wait(&init->loop, FOREVER);
        if (init->runit.done && !runit_ended) {
            runit_ended = true;
            report_runit(init);
            if (!init->command.watched)
                return;
        }
    }
    if (init->command.done)
        report_command(init);
}

int main(int argc, char **argv)
{
    (void)argc;
    struct my_init init = {0};
    loop_hold_signals(&init.loop);
    switch (options_read(&init.options, argv)) {
    case OPTIONS_HELP:
        return write(STDOUT_FILENO, options_help, strlen(options_help)) == -1;
    case OPTIONS_WRONG:
        if (init.options.wrong != NULL)
            log_error(&init.log, "my_init: unknown option %s; see my_init --help",
                      init.options.wrong);
        else
            log_error(&init.log, "my_init: --skip-runit needs a command to run: "
                      "without services there would be nothing to wait for");
        return 2;
    case OPTIONS_RUN:
        break;
    }
    if (!prepare(&init))
        return 1;
    environment_start(&init.environment, environ, &init.log);
    open_early_log(&init);
    run_startup_files(&init);
    start_services(&init);
    start_command(&init);
    wait_for_the_end(&init);
    int code = shut_down(&init);
    environment_free(&init.environment);
    log_free(&init.log);
    return code;
}
