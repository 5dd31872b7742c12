#include <stdint.h>

#include "check.h"
#include "options.h"

static enum options_result parse(struct options *options, const char *const *words)
{
    return options_read(options, (char *const *)(uintptr_t)words);
}

void test_options(void)
{
    struct options options;
    CHECK(parse(&options, (const char *const[]){"my_init", NULL}) == OPTIONS_RUN);
    CHECK(options.command == NULL && options.kill_all_on_exit && !options.quiet);
    CHECK(parse(&options, (const char *const[]){NULL}) == OPTIONS_RUN);
    CHECK(parse(&options, (const char *const[]){"my_init", "ls", "--quiet", NULL}) == OPTIONS_RUN);
    CHECK_TEXT("ls", options.command[0]);
    CHECK(!options.quiet);
    CHECK(parse(&options, (const char *const[]){"my_init", "--quiet", "--skip-runit",
                                               "--skip-startup-files", "--enable-insecure-key",
                                               "--no-kill-all-on-exit", "--", "--help", NULL}) ==
          OPTIONS_RUN);
    CHECK(options.quiet && options.skip_runit && options.skip_startup_files &&
          options.enable_insecure_key && !options.kill_all_on_exit);
    CHECK_TEXT("--help", options.command[0]);
    CHECK(parse(&options, (const char *const[]){"my_init", "--", NULL}) == OPTIONS_RUN);
    CHECK(options.command == NULL);
    CHECK(parse(&options, (const char *const[]){"my_init", "--help", NULL}) == OPTIONS_HELP);
    CHECK(parse(&options, (const char *const[]){"my_init", "-h", NULL}) == OPTIONS_HELP);
    CHECK(parse(&options, (const char *const[]){"my_init", "-x", "ls", NULL}) == OPTIONS_WRONG);
    CHECK_TEXT("-x", options.wrong);
    CHECK(parse(&options, (const char *const[]){"my_init", "--quie", NULL}) == OPTIONS_WRONG);
    CHECK(parse(&options, (const char *const[]){"my_init", "--skip-runit", NULL}) == OPTIONS_WRONG);
    CHECK(options.wrong == NULL);
    CHECK(parse(&options, (const char *const[]){"my_init", "--skip-runit", "--", NULL}) ==
          OPTIONS_WRONG);
}
