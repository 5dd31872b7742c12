#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "accounts.h"
#include "check.h"

static const char passwd[] =
    "root:x:0:0:root:/root:/bin/sh\n"
    "\n"
    "#comment\n"
    ":x:1:1::/:/bin/sh\n"
    "empty:x::100::/e:/bin/sh\n"
    "wrapped:x:4294967296:100::/:/bin/sh\n"
    "none:x:4294967295:100::/:/bin/sh\n"
    "negative:x:-1:100::/:/bin/sh\n"
    "letters:x:12a:100::/:/bin/sh\n"
    "groupless:x:1234:::/:/bin/sh\n"
    "short:x:5:5\n"
    "first:x:77:70::/first:/bin/sh\n"
    "second:x:77:71::/second\n"
    "4242:x:78:70::/name:/bin/sh\n"
    "other:x:4242:70::/other:/bin/sh\n"
    "last:x:4294967294:1::/last:/bin/sh";

static void usersWithoutNumbersAreNobody(void)
{
    write_file(path("passwd"), passwd, sizeof passwd - 1);
    struct account account;
    static const char *const nobody[] = {"empty", "wrapped", "none", "negative", "letters",
                                         "groupless", "short", "", ":", "#comment", "root:x", "-1",
                                         "4294967296", "4294967295", "1234", "1", "nowhere", NULL};
    for (size_t i = 0; nobody[i] != NULL; i++) {
        CHECK(!account_find(path("passwd"), nobody[i], &account) && errno == 0);
        buffer_free(&account.content);
    }
    CHECK(!account_find(path("no-passwd"), "root", &account) && errno == ENOENT);
}

static void usersAreFoundByNameThenByNumber(void)
{
    static const struct {
        const char *wanted;
        const char *home;
        uid_t user;
        gid_t group;
    } cases[] = {{"root", "/root", 0, 0},       {"0", "/root", 0, 0},
                 {"first", "/first", 77, 70},   {"77", "/first", 77, 70},
                 {"second", "/second", 77, 71}, {"4242", "/name", 78, 70},
                 {"0078", "/name", 78, 70},     {"last", "/last", 4294967294, 1}};
    struct account account;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        CHECK(account_find(path("passwd"), cases[i].wanted, &account));
        CHECK(account.user == cases[i].user && account.group == cases[i].group);
        CHECK_TEXT(cases[i].home, account.home);
        buffer_free(&account.content);
    }
}

static void allGroupsOfAUserAreFound(void)
{
    static char text[8192];
    size_t length = 0;
    for (int i = 0; i < 100; i++)
        length += (size_t)snprintf(text + length, sizeof text - length, "g%d:x:%d:a,app,b\n", i,
                                   1000 + i);
    length += (size_t)snprintf(text + length, sizeof text - length,
                               "empty:x::app\nwrapped:x:4294967296:app\nown:x:70:app\n"
                               "twice:x:1000:app\nlonger:x:2000:apple,xapp\nbare:x:2001\n"
                               "last:x:2002:app");
    write_file(path("group"), text, length);
    struct account account = {.name = "app", .group = 70};
    struct buffer groups = {0};
    CHECK(account_groups(path("group"), &account, &groups));
    CHECK(groups.length == 102 * sizeof(gid_t));
    gid_t group;
    memcpy(&group, groups.data, sizeof group);
    CHECK(group == 70);
    memcpy(&group, groups.data + 101 * sizeof group, sizeof group);
    CHECK(group == 2002);
    buffer_free(&groups);
    CHECK(account_groups(path("no-group"), &account, &groups));
    CHECK(groups.length == sizeof(gid_t));
    buffer_free(&groups);
    CHECK(!account_groups(path("."), &account, &groups) && errno == EISDIR);
    buffer_free(&groups);
}

void test_accounts(void)
{
    usersWithoutNumbersAreNobody();
    usersAreFoundByNameThenByNumber();
    allGroupsOfAUserAreFound();
}
