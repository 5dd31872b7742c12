/* The command line of my_init. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>

enum options_result { OPTIONS_RUN, OPTIONS_HELP, OPTIONS_WRONG };

struct options {
    bool enable_insecure_key;
    bool skip_startup_files;
    bool skip_runit;
    bool kill_all_on_exit;
    bool quiet;
    char *const *command; /* NULL: no main command */
    const char *wrong;    /* the word that is no option; NULL: a command is missing */
};

enum options_result options_read(struct options *options, char *const *arguments);

extern const char options_help[];

#endif
