/* Time in milliseconds. */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>
#include <time.h>

#define FOREVER INT64_MAX

int64_t clock_ms(clockid_t clock);

/* Of the clock that nobody sets. */
int64_t now_ms(void);

int64_t earlier(int64_t a, int64_t b);
int64_t later(int64_t a, int64_t b);

#endif
