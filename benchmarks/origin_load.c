/* Viewers that wait: N connections, each with one blocked playlist request; a change every INTERVAL; how long after
 * the change the last byte of its answer is there.
 *
 * origin_load PORT CONNECTIONS INTERVAL_MS SCRIPT LOG AIR
 *
 * The generator makes the changes itself, as the director does, so that one clock measures all. SCRIPT has one change a
 * line, four fields with tabs between them:
 *   A or R    append to AIR, or append to LOG and begin AIR anew (by rename)
 *   the line that is appended
 *   the address that is answered when the change is there
 *   a text that the answer must hold ("-": any)
 * Out, on one line: answers, wrong answers, missing answers, and p50, p99 and the largest in milliseconds.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

enum { MOST_CHANGES = 4096, EVENTS = 512, ANSWER = 65536 };

struct change { char kind, *line, *target, *holds; double at; };
struct viewer { int fd, asked; size_t have; char answer[ANSWER]; };

static struct change changes[MOST_CHANGES];
static int many_changes, made, wrong;
static double *late;
static size_t many_late;
static const char *log_path, *air_path;

static void fail(const char *what) { perror(what); exit(1); }

static double now(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return at.tv_sec + at.tv_nsec / 1e9;
}

static void read_script(const char *path) {
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t room = 0;
    if (!file) fail(path);
    while (getline(&line, &room, file) > 0 && many_changes < MOST_CHANGES) {
        line[strcspn(line, "\n")] = 0;
        char *rest = strdup(line);
        struct change *change = &changes[many_changes++];
        change->kind = *strsep(&rest, "\t");
        change->line = strsep(&rest, "\t");
        change->target = strsep(&rest, "\t");
        change->holds = strsep(&rest, "\t");
        if (!change->holds) { fprintf(stderr, "the script is not as it should be\n"); exit(2); }
    }
    fclose(file);
}

static void append(const char *path, const char *line) {
    char text[ANSWER];
    int length = snprintf(text, sizeof text, "%s\n", line), file = open(path, O_WRONLY | O_APPEND | O_CREAT, 0644);
    if (file < 0 || write(file, text, length) != length) fail(path);
    close(file);
}

static void make(struct change *change) {
    change->at = now();
    append(change->kind == 'R' ? log_path : air_path, change->line);
    if (change->kind == 'R') {
        char fresh[4096];
        snprintf(fresh, sizeof fresh, "%s.new", air_path);
        close(open(fresh, O_WRONLY | O_CREAT | O_TRUNC, 0644));
        if (rename(fresh, air_path) < 0) fail(air_path);
    }
    made++;
}

static void ask(struct viewer *viewer) {
    if (viewer->asked >= many_changes) return;
    char request[1024];
    int length = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nhost: localhost\r\naccept: */*\r\n\r\n",
                          changes[viewer->asked].target);
    if (send(viewer->fd, request, length, MSG_NOSIGNAL) != length) fail("send");
}

/* The size of the whole answer once its head is there, 0 before. */
static size_t size_of(const struct viewer *viewer) {
    const char *end = memmem(viewer->answer, viewer->have, "\r\n\r\n", 4);
    if (!end) return 0;
    const char *length = strcasestr(viewer->answer, "content-length:");
    return end + 4 - viewer->answer + (length ? strtoul(length + 15, NULL, 10) : 0);
}

static void take(struct viewer *viewer) {
    for (;;) {
        ssize_t got = recv(viewer->fd, viewer->answer + viewer->have, ANSWER - 1 - viewer->have, 0);
        if (got == 0) { fprintf(stderr, "a connection was closed\n"); exit(1); }
        if (got < 0) { if (errno == EAGAIN) return; fail("recv"); }
        viewer->have += got;
        viewer->answer[viewer->have] = 0;
        size_t size = size_of(viewer);
        if (!size || viewer->have < size) continue;
        struct change *change = &changes[viewer->asked];
        int good = !strncmp(viewer->answer, "HTTP/1.1 200", 12) && viewer->asked < made
                   && (!strcmp(change->holds, "-") || strstr(viewer->answer, change->holds));
        if (good) late[many_late++] = now() - change->at;
        else wrong++;
        viewer->have = 0;
        viewer->asked++;
        ask(viewer);
    }
}

static int by_size(const void *a, const void *b) {
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static int connected(int port) {
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = { htonl(INADDR_LOOPBACK) } };
    int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) < 0) fail("connect");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

int main(int argc, char **argv) {
    if (argc != 7) { fprintf(stderr, "origin_load PORT CONNECTIONS INTERVAL_MS SCRIPT LOG AIR\n"); return 2; }
    int many = atoi(argv[2]), loop = epoll_create1(0);
    double interval = atof(argv[3]) / 1000;
    read_script(argv[4]);
    log_path = argv[5];
    air_path = argv[6];
    late = calloc((size_t)many * many_changes, sizeof *late);
    struct viewer *viewers = calloc(many, sizeof *viewers);
    struct epoll_event events[EVENTS];
    for (int n = 0; n < many; n++) {
        viewers[n].fd = connected(atoi(argv[1]));
        struct epoll_event event = { EPOLLIN | EPOLLET, { .ptr = &viewers[n] } };
        epoll_ctl(loop, EPOLL_CTL_ADD, viewers[n].fd, &event);
        ask(&viewers[n]);
    }
    /* All of them wait before the first change is made. */
    double next = now() + 2, end = next + interval * many_changes + 5;
    while (now() < end && many_late + wrong < (size_t)many * many_changes) {
        double left = (made < many_changes ? next : end) - now();
        int found = epoll_wait(loop, events, EVENTS, left > 0 ? (int)(left * 1000) + 1 : 0);
        if (made < many_changes && now() >= next) {
            make(&changes[made]);
            next += interval;
        }
        for (int n = 0; n < found; n++) take(events[n].data.ptr);
    }
    qsort(late, many_late, sizeof *late, by_size);
    printf("%zu %d %zu %.3f %.3f %.3f\n", many_late, wrong, (size_t)many * many_changes - many_late - wrong,
           many_late ? late[many_late / 2] * 1000 : 0, many_late ? late[many_late * 99 / 100] * 1000 : 0,
           many_late ? late[many_late - 1] * 1000 : 0);
    return 0;
}
