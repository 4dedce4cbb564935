/* The physical limit beside the origin: an HTTP server of one thread that does nothing but epoll, read and send.
 *
 * origin_bare PORT PLAYLIST SEGMENT FOLDER
 *   GET /p…  the bytes of the file PLAYLIST at once       GET /s…  those of the file SEGMENT
 *   GET /w…  those of PLAYLIST when a file in FOLDER has been written to or renamed (inotify)
 *
 * It does not parse more than it must (the letter after the slash, the empty line), holds no state but who waits
 * and who has not taken all of a segment, and is only correct for our own generator and for wrk.
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
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST = 20000, EVENTS = 512, REQUEST = 4096 };

struct reply { char *bytes; size_t size; };
struct client { size_t have, sent; const struct reply *sending; int waits; char request[REQUEST]; };

static struct reply playlist, segment;
static struct client *clients[MOST];
static int waiting[MOST], count_waiting, loop;

static void fail(const char *what) { perror(what); exit(1); }

static struct reply read_reply(const char *path, const char *kind) {
    int file = open(path, O_RDONLY);
    struct stat status;
    if (file < 0 || fstat(file, &status) < 0) fail(path);
    char head[512];
    int length = snprintf(head, sizeof head,
        "HTTP/1.1 200 OK\r\ndate: Wed, 20 Oct 2021 01:40:00 GMT\r\naccess-control-allow-origin: *\r\n"
        "content-type: %s\r\ncache-control: public, max-age=1\r\nvary: Accept-Encoding\r\ncontent-length: %lld\r\n\r\n",
        kind, (long long)status.st_size);
    struct reply made = { malloc(length + status.st_size), length + status.st_size };
    memcpy(made.bytes, head, length);
    if (read(file, made.bytes + length, status.st_size) != status.st_size) fail(path);
    close(file);
    return made;
}

static void drop(int fd) {
    for (int n = 0; n < count_waiting; n++)
        if (waiting[n] == fd) waiting[n--] = waiting[--count_waiting];
    free(clients[fd]);
    clients[fd] = NULL;
    close(fd);
}

/* 1: all of it is sent, 0: the rest later, -1: gone */
static int push(int fd, struct client *client) {
    while (client->sent < client->sending->size) {
        ssize_t sent = send(fd, client->sending->bytes + client->sent, client->sending->size - client->sent, MSG_NOSIGNAL);
        if (sent < 0) return errno == EAGAIN ? 0 : -1;
        client->sent += sent;
    }
    client->sending = NULL;
    return 1;
}

static int answer(int fd, struct client *client, const struct reply *reply) {
    client->sending = reply;
    client->sent = 0;
    int done = push(fd, client);
    if (done == 0) {
        struct epoll_event event = { EPOLLIN | EPOLLOUT, { .fd = fd } };
        epoll_ctl(loop, EPOLL_CTL_MOD, fd, &event);
    }
    return done;
}

/* Answer the whole requests that are there. */
static void serve(int fd, struct client *client) {
    char *end;
    while (!client->sending && !client->waits && (end = memmem(client->request, client->have, "\r\n\r\n", 4))) {
        char kind = client->request[5];
        size_t used = end + 4 - client->request;
        memmove(client->request, client->request + used, client->have - used);
        client->have -= used;
        if (kind == 'w') {
            client->waits = 1;
            waiting[count_waiting++] = fd;
        } else if (answer(fd, client, kind == 's' ? &segment : &playlist) < 0) {
            drop(fd);
            return;
        }
    }
}

static void readable(int fd, struct client *client) {
    ssize_t got = recv(fd, client->request + client->have, REQUEST - client->have, 0);
    if (got <= 0) {
        if (got == 0 || errno != EAGAIN) drop(fd);
        return;
    }
    client->have += got;
    serve(fd, client);
}

static void wake(int notes) {
    char heard[8192];
    while (read(notes, heard, sizeof heard) > 0) {}
    int many = count_waiting;
    count_waiting = 0;
    for (int n = 0; n < many; n++) {
        struct client *client = clients[waiting[n]];
        client->waits = 0;
        answer(waiting[n], client, &playlist);
    }
}

static void welcome(int listener) {
    int fd, on = 1;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        if (fd >= MOST) { close(fd); continue; }
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        clients[fd] = calloc(1, sizeof(struct client));
        struct epoll_event event = { EPOLLIN, { .fd = fd } };
        epoll_ctl(loop, EPOLL_CTL_ADD, fd, &event);
    }
}

int main(int argc, char **argv) {
    if (argc != 5) { fprintf(stderr, "origin_bare PORT PLAYLIST SEGMENT FOLDER\n"); return 2; }
    playlist = read_reply(argv[2], "application/vnd.apple.mpegurl");
    segment = read_reply(argv[3], "video/mp4");
    int notes = inotify_init1(IN_NONBLOCK), listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;
    if (inotify_add_watch(notes, argv[4], IN_MODIFY | IN_MOVED_TO) < 0) fail(argv[4]);
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(atoi(argv[1])), .sin_addr = { htonl(INADDR_LOOPBACK) } };
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&at, sizeof at) < 0 || listen(listener, 4096) < 0) fail("listen");
    loop = epoll_create1(0);
    struct epoll_event first = { EPOLLIN, { .fd = listener } }, second = { EPOLLIN, { .fd = notes } }, events[EVENTS];
    epoll_ctl(loop, EPOLL_CTL_ADD, listener, &first);
    epoll_ctl(loop, EPOLL_CTL_ADD, notes, &second);
    for (;;) {
        int many = epoll_wait(loop, events, EVENTS, -1);
        for (int n = 0; n < many; n++) {
            int fd = events[n].data.fd;
            if (fd == listener) { welcome(listener); continue; }
            if (fd == notes) { wake(notes); continue; }
            struct client *client = clients[fd];
            if (!client) continue;
            if (events[n].events & EPOLLOUT && client->sending) {
                int done = push(fd, client);
                if (done < 0) { drop(fd); continue; }
                if (done) {
                    struct epoll_event event = { EPOLLIN, { .fd = fd } };
                    epoll_ctl(loop, EPOLL_CTL_MOD, fd, &event);
                    serve(fd, client);
                    if (!clients[fd]) continue;
                }
            }
            if (events[n].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) readable(fd, client);
        }
    }
}
