/* What the steps of a container's life share. */
#ifndef MY_INIT_H
#define MY_INIT_H

#include "early_log.h"
#include "environment.h"
#include "loop.h"
#include "options.h"

#define SERVICES "/etc/service"

struct my_init {
    struct log log;
    struct options options;
    struct environment environment;
    struct loop loop;
    struct early_log early;
    struct child command; /* watched: it has been started */
    struct child runit;
    bool root;
    bool failed;          /* the boot was given up */
    int code;             /* exit status where no process gives one */
};

/* Startup. Each step does nothing once the boot has failed or a stop is asked for. */
bool is_going_on(const struct my_init *init);
void run_startup_files(struct my_init *init);
void start_services(struct my_init *init);
void start_command(struct my_init *init);

/* Shutdown. Its files must have ended by then, and run no longer than each of them may. */
void run_shutdown_files(struct my_init *init, const char *directory, int64_t deadline);
void stop_services(struct my_init *init, int64_t kill_after, int64_t deadline);
int shut_down(struct my_init *init);

/* Keeps what is logged while the syslog service does not run yet, or any more. */
void open_early_log(struct my_init *init);

/* Whether a service that is to run promises to provide the syslog socket. */
bool has_syslog_service(void);

int64_t process_timeout(struct my_init *init);

/* By when all is over, and by when services are to be told to stop: while nobody has set a timeout,
   whoever asked for the stop waits no longer than docker stop does. Else FOREVER. */
int64_t last_moment(const struct my_init *init);
int64_t services_moment(const struct my_init *init);

#endif
