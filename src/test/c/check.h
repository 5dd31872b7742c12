/* The smallest test harness that counts. */
#ifndef CHECK_H
#define CHECK_H

#include <stdbool.h>
#include <stddef.h>

void check(bool passed, const char *file, int line, const char *text);
void check_text(const char *expected, const char *got, const char *file, int line);

#define CHECK(condition) check(condition, __FILE__, __LINE__, #condition)
#define CHECK_TEXT(expected, got) check_text(expected, got, __FILE__, __LINE__)

extern size_t passed_count;
extern size_t failed_count;

/* A directory for this run, made first and removed last; path() joins a name to it, in one of a few turning buffers. */
void make_directory(const char *where);
bool remove_directory(void);
const char *path(const char *name);
void write_file(const char *file, const char *content, size_t length);
char *read_file(const char *file, size_t *length);

/* What is written to stderr between the two. */
void capture_start(void);
char *capture_end(void);

void test_environment(void);
void test_quoting(void);
void test_text(void);
void test_options(void);
void test_programs(void);
void test_early_log(void);
void test_accounts(void);
void test_supervise(void);
void test_loop(void);

#endif
