/* What others write and these programs only read: no content may make them stumble. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "accounts.h"
#include "check.h"
#include "fuzz.h"
#include "processes.h"
#include "supervise.h"

static void read_accounts(const char *file, const char *wanted)
{
    struct account account;
    struct buffer groups = {0};
    gid_t group;
    if (account_find(file, wanted, &account)) {
        if (account.user == (uid_t)-1 || account.group == (gid_t)-1)
            fuzz_fail("a user whose number means none", account.name);
        if (account_groups(file, &account, &groups) && groups.length < sizeof group)
            fuzz_fail("a user without a group", account.name);
    }
    (void)group_find(file, wanted, &group);
    buffer_free(&groups);
    buffer_free(&account.content);
}

void fuzz_readers(void)
{
    static const char *const lines[] = {"a:x:0:0::/:/bin/sh", "a", "12", ":", "\n", "a:x:1:a,b",
                                        "4294967295", "4294967296", "-1", ",", "1 (a) S 1 1 1 0 ",
                                        ")", "(", " ", "S", "99999999999999999999"};
    struct buffer content = {0};
    for (size_t left = fuzz_below(40); left > 0; left--) {
        buffer_text(&content, lines[fuzz_below(sizeof lines / sizeof lines[0])]);
        if (fuzz_below(4) == 0)
            buffer_byte(&content, (char)fuzz_below(256));
    }
    const char *file = path("read");
    write_file(file, content.length > 0 ? content.data : "", content.length);
    read_accounts(file, "a");
    read_accounts(file, "12");
    struct status status = read_status(AT_FDCWD, file);
    if (status.known != (content.length >= 20))
        fuzz_fail("a status of another length", file);
    buffer_byte(&content, '\0');
    struct process process = {0};
    if (process_parse(content.data, &process) && strlen(process.name) >= sizeof process.name)
        fuzz_fail("a name too long", process.name);
    unlink(file);
    buffer_free(&content);
}
