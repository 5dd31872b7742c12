#include "options.h"

#include <stddef.h>
#include <string.h>

const char options_help[] =
    "Usage: my_init [OPTION]... [--] [COMMAND [ARGUMENT]...]\n"
    "\n"
    "Start the container: read the environment, run the startup files, start the\n"
    "services, then run COMMAND if one is given. When COMMAND ends, or TERM or INT\n"
    "arrives, stop everything in order. The exit status is COMMAND's.\n"
    "\n"
    "Options (they end at the first word that is none):\n"
    "  --enable-insecure-key   allow a root login by ssh with a key made for this\n"
    "                          container, for trying things out\n"
    "  --skip-startup-files    do not run /etc/my_init.d/* and /etc/rc.local\n"
    "  --skip-runit            do not start the services of /etc/service\n"
    "                          (needs a COMMAND)\n"
    "  --no-kill-all-on-exit   leave other processes alone at the end\n"
    "  --quiet                 print warnings and errors only\n"
    "  -h, --help              print this text\n"
    "\n"
    "Variables (from the container's environment or /etc/container_environment):\n"
    "  ENV_INIT_DIRECTORY         startup files (/etc/my_init.d)\n"
    "  KILL_PROCESS_TIMEOUT       seconds for COMMAND, each service and each\n"
    "                             shutdown file to end after TERM, before KILL (5)\n"
    "  KILL_ALL_PROCESSES_TIMEOUT seconds for all the others (3)\n"
    "Either may be 0, which means at once, or have a fraction: 0.5 or .5. While neither\n"
    "is set, a stop takes 9 s at most, whatever hangs.\n"
    "\n"
    "Order at the start: /etc/container_environment, --enable-insecure-key,\n"
    "/etc/my_init.d/*, /etc/rc.local, runsvdir -P /etc/service, COMMAND.\n"
    "Order at the end: /etc/my_init.pre_shutdown.d/*, COMMAND, services,\n"
    "/etc/my_init.post_shutdown.d/*, all other processes.\n"
    "\n"
    "Exit status: COMMAND's, or 128 + the number of the signal that ended it;\n"
    "126 COMMAND cannot be run, 127 COMMAND is not found; without a COMMAND, 0 after\n"
    "TERM or INT, or the status of runsvdir if that ended by itself; stopped before\n"
    "COMMAND was started, 128 + the signal; 1 a startup file failed, runsvdir is not\n"
    "there or cannot be started, there is nothing to run as an ordinary user without a\n"
    "COMMAND, or signals cannot be received; 2 wrong usage.\n";

static bool *flag(struct options *options, const char *word)
{
    if (strcmp(word, "--enable-insecure-key") == 0)
        return &options->enable_insecure_key;
    if (strcmp(word, "--skip-startup-files") == 0)
        return &options->skip_startup_files;
    if (strcmp(word, "--skip-runit") == 0)
        return &options->skip_runit;
    if (strcmp(word, "--quiet") == 0)
        return &options->quiet;
    return NULL;
}

enum options_result options_read(struct options *options, char *const *arguments)
{
    *options = (struct options){.kill_all_on_exit = true};
    if (*arguments != NULL)
        arguments++;
    for (; *arguments != NULL && **arguments == '-'; arguments++) {
        const char *word = *arguments;
        if (strcmp(word, "--") == 0) {
            arguments++;
            break;
        }
        bool *wanted = flag(options, word);
        if (wanted != NULL) {
            *wanted = true;
        } else if (strcmp(word, "--no-kill-all-on-exit") == 0) {
            options->kill_all_on_exit = false;
        } else if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
            return OPTIONS_HELP;
        } else {
            options->wrong = word;
            return OPTIONS_WRONG;
        }
    }
    options->command = *arguments != NULL ? arguments : NULL;
    return options->skip_runit && options->command == NULL ? OPTIONS_WRONG : OPTIONS_RUN;
}
