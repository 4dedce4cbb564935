/* What the C programs of the fan-out bench share: the clock, and the message that is fanned out. */
#ifndef FANOUT_MESSAGE_H
#define FANOUT_MESSAGE_H
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static void fail(const char *what) { perror(what); exit(1); }

/* CLOCK_MONOTONIC is one clock for all processes of a machine; Python calls it time.monotonic_ns(). */
static uint64_t clock_ns(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (uint64_t)at.tv_sec * 1000000000u + at.tv_nsec;
}

/* BATCH messages of BYTES bytes each, numbered on from *SEQ: one object, or an array when there are several. */
static size_t write_messages(char *to, uint64_t *seq, int bytes, int batch) {
    char *at = to;
    uint64_t now = clock_ns();
    if (batch > 1) *at++ = '[';
    for (int n = 0; n < batch; n++) {
        if (n) *at++ = ',';
        int head = sprintf(at, "{\"seq\":%llu,\"at\":%llu,\"text\":\"", (unsigned long long)++*seq, (unsigned long long)now);
        memset(at + head, 'x', bytes - head - 2);
        memcpy(at + bytes - 2, "\"}", 2);
        at += bytes;
    }
    if (batch > 1) *at++ = ']';
    return at - to;
}

/* As many files as the system allows this process. */
static void raise_limit(void) {
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}
#endif
