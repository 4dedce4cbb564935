/* The physical limit beside the hub: a WebSocket server of one thread that does nothing but epoll, accept and send.
 *
 * fanout_bare PORT [--rate R|max] [--bytes 300] [--batch B] [--clients N]
 *   --rate     messages a second (B of them to a frame); `max`: the next frame as soon as the last one has been taken
 *              by every socket; 0 (the default): none
 *   --clients  the first message waits until so many are open
 *
 * A broadcast is a loop of send() of one frame made beforehand. A socket that does not take all of it keeps the rest
 * (a queue of one frame): with `max` the next round waits for it, with a rate the connection misses the frames that
 * come meanwhile, which the generator sees as lost.
 *
 * It is only correct for our own generator, whose key is always that of RFC 6455's example. What clients say after the
 * upgrade is read and not looked at; a first frame gets one acknowledgement.
 */
#define _GNU_SOURCE
#include "fanout_message.h"
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { MOST = 65536, EVENTS = 512, REQUEST = 2048 };

static const char UPGRADED[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                               "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
static const char TAKEN[] = "\x81\x0e{\"subscribed\"}";

/* `request` is there until the upgrade; `rest` is what the socket did not take of a frame. */
struct client { int fd, place, acknowledged; size_t have, rest_size; char *request, *rest, *rest_from; };

static struct client *clients[MOST]; /* the open ones, without holes */
static int open_clients, pending, loop;
static char *frame;
static uint64_t seq;

static void listen_for(struct client *client, uint32_t what, int how) {
    struct epoll_event event = { what, { .ptr = client } };
    if (epoll_ctl(loop, how, client->fd, &event) < 0) fail("epoll_ctl");
}

static void drop(struct client *client) {
    if (!client->request) {
        clients[client->place] = clients[--open_clients];
        clients[client->place]->place = client->place;
    }
    if (client->rest) pending--;
    close(client->fd);
    free(client->request);
    free(client->rest);
    free(client);
}

static void keep_rest(struct client *client, const char *from, size_t size) {
    client->rest = client->rest_from = memcpy(malloc(size), from, size);
    client->rest_size = size;
    pending++;
    listen_for(client, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
}

static void broadcast(int bytes, int batch) {
    size_t size = write_messages(frame + 10, &seq, bytes, batch), head = size < 65536 ? 4 : 10;
    char *start = frame + 10 - head;
    start[0] = (char)0x81;
    start[1] = size < 65536 ? 126 : 127;
    for (size_t n = 0; n < head - 2; n++) start[2 + n] = (char)(size >> 8 * (head - 3 - n));
    for (int n = 0; n < open_clients; n++) {
        if (clients[n]->rest) continue;
        ssize_t sent = send(clients[n]->fd, start, size + head, MSG_NOSIGNAL);
        if (sent == (ssize_t)(size + head)) continue;
        /* A socket that is broken is found by its reading side. */
        if (sent >= 0 || errno == EAGAIN) keep_rest(clients[n], start + (sent > 0 ? sent : 0), size + head - (sent > 0 ? sent : 0));
    }
}

static void writable(struct client *client) {
    ssize_t sent = send(client->fd, client->rest_from, client->rest_size, MSG_NOSIGNAL);
    if (sent < 0) return;
    client->rest_from += sent;
    client->rest_size -= sent;
    if (client->rest_size) return;
    free(client->rest);
    client->rest = NULL;
    pending--;
    listen_for(client, EPOLLIN, EPOLL_CTL_MOD);
}

static void upgrade(struct client *client) {
    if (!memmem(client->request, client->have, "\r\n\r\n", 4)) return;
    free(client->request);
    client->request = NULL;
    client->place = open_clients;
    clients[open_clients++] = client;
    if (send(client->fd, UPGRADED, sizeof UPGRADED - 1, MSG_NOSIGNAL) < 0) drop(client);
}

static void readable(struct client *client) {
    char heard[REQUEST];
    ssize_t got = client->request ? recv(client->fd, client->request + client->have, REQUEST - client->have, 0)
                                  : recv(client->fd, heard, sizeof heard, 0);
    if (got <= 0) {
        if (got == 0 || errno != EAGAIN) drop(client);
        return;
    }
    if (client->request) {
        client->have += got;
        upgrade(client);
    } else if (!client->acknowledged && !client->rest) {
        client->acknowledged = 1;
        send(client->fd, TAKEN, sizeof TAKEN - 1, MSG_NOSIGNAL);
    }
}

static void welcome(int listener) {
    int fd, on = 1;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        if (fd >= MOST) { close(fd); continue; }
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        struct client *client = calloc(1, sizeof *client);
        client->fd = fd;
        client->request = malloc(REQUEST);
        listen_for(client, EPOLLIN, EPOLL_CTL_ADD);
    }
}

static int listening(int port) {
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = { htonl(INADDR_LOOPBACK) } };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&at, sizeof at) < 0 || listen(fd, 4096) < 0) fail("listen");
    return fd;
}

/* A clock that ticks so often; never when it is told 0. */
static int ticking(double per_second) {
    int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    uint64_t each = per_second > 0 ? (uint64_t)(1e9 / per_second) : 0;
    struct timespec step = { each / 1000000000u, each % 1000000000u };
    struct itimerspec clock = { step, step };
    timerfd_settime(fd, 0, &clock, NULL);
    return fd;
}

int main(int argc, char **argv) {
    static const struct option names[] = { { "rate", 1, NULL, 'r' }, { "bytes", 1, NULL, 'y' }, { "batch", 1, NULL, 'b' },
                                           { "clients", 1, NULL, 'c' }, { NULL, 0, NULL, 0 } };
    int bytes = 300, batch = 1, wanted = 1, max = 0, option;
    double rate = 0;
    while ((option = getopt_long(argc, argv, "", names, NULL)) >= 0) {
        if (option == 'r') { max = !strcmp(optarg, "max"); rate = max ? 0 : atof(optarg); }
        else if (option == 'y') bytes = atoi(optarg);
        else if (option == 'b') batch = atoi(optarg);
        else if (option == 'c') wanted = atoi(optarg);
        else return 2;
    }
    if (optind != argc - 1 || bytes < 80 || batch < 1) { fprintf(stderr, "fanout_bare PORT [options]\n"); return 2; }
    raise_limit();
    frame = malloc((size_t)batch * (bytes + 1) + 16);
    int listener = listening(atoi(argv[optind])), clock = ticking(rate / batch), started = 0;
    loop = epoll_create1(0);
    /* The listener and the clock are told from clients by where they point to. */
    struct epoll_event first = { EPOLLIN, { .ptr = &listener } }, second = { EPOLLIN, { .ptr = &clock } }, events[EVENTS];
    epoll_ctl(loop, EPOLL_CTL_ADD, listener, &first);
    epoll_ctl(loop, EPOLL_CTL_ADD, clock, &second);
    for (;;) {
        if (!started) started = open_clients >= wanted;
        int flat_out = max && started && open_clients && !pending;
        if (flat_out) broadcast(bytes, batch);
        int many = epoll_wait(loop, events, EVENTS, flat_out && !pending ? 0 : -1);
        for (int n = 0; n < many; n++) {
            void *who = events[n].data.ptr;
            if (who == &listener) { welcome(listener); continue; }
            if (who == &clock) {
                uint64_t ticks;
                if (read(clock, &ticks, sizeof ticks) > 0 && started) broadcast(bytes, batch);
                continue;
            }
            struct client *client = who;
            if (events[n].events & EPOLLOUT && client->rest) writable(client);
            if (events[n].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) readable(client);
        }
    }
}
