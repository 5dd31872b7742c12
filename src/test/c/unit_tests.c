#include <stdio.h>

#include "check.h"

int main(void)
{
    make_directory("/tmp");
    test_text();
    test_quoting();
    test_environment();
    test_options();
    test_programs();
    test_early_log();
    test_accounts();
    test_supervise();
    test_loop();
    if (!remove_directory())
        failed_count++;
    printf("%zu passed, %zu failed\n", passed_count, failed_count);
    return failed_count > 0;
}
