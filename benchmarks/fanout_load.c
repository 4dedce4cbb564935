/* Readers of a fan-out: N WebSocket connections, what each of them gets, how late, and what is missing. One thread.
 *
 * fanout_load PORT PATH CLIENTS [options]
 *   --first TEXT    a text frame that each sends after the upgrade
 *   --ack TEXT      a client is in when a frame holds this; without it, when it is upgraded
 *   --warm S, --seconds S    what passes before the window that is counted, and the window (1, 5)
 *   --underway N    handshakes at a time, at most (1000; a queue of 4,096 is the kernel's limit)
 *   --reconnect     after the window all connections are cut (RST) and opened anew, as many at a time
 *   --publish PATH  POST the messages itself, over one kept connection, for servers which others publish to:
 *     --rate R|max  messages a second; `max`: the next as soon as all but --window rounds have been read by all
 *     --bytes B --batch B --window K    (300, 1, 3)
 *   --mark TEXT     a message is each TEXT with such nanoseconds behind it, inside a text that somebody wrote; each of them
 *                   is late by itself
 *
 * A message is each `"at":` with the nanoseconds of CLOCK_MONOTONIC at which it was published; a frame that holds one
 * is late by its first. `"seq":` numbers messages: a gap within a connection is lost, a step back is duplicated.
 *
 * Out: a line of JSON when all are in, and one at the end: rates and milliseconds are those of the window; lost,
 * duplicated, closed and silent (got nothing in the second half of the window) are those of the whole time.
 * `cpu_share` is this program's share of its core in the window, `publish_share` what of it publishing took.
 */
#define _GNU_SOURCE
#include "fanout_message.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EVENTS = 512, READ = 1 << 16, MOST_FRAME = 1 << 20, HOSTS = 16, PATIENCE = 120 };
enum state { CONNECTING, UPGRADING, OPEN, GONE };

/* `carry` holds what was read of a frame that is not whole yet. */
struct client { int fd, in, numbered; enum state state; size_t have, room; uint8_t *carry; uint64_t seq, heard; };

struct counts { uint64_t frames, messages, at, cpu; };

static struct {
    int port, many, underway, reconnect, bytes, batch, window, max;
    const char *path, *first, *ack, *publish, *mark;
    double warm, seconds, rate;
} options = { .underway = 1000, .warm = 1, .seconds = 5, .bytes = 300, .batch = 1, .window = 3 };

static struct client *clients;
static int loop, opened, in, closed, recording;
static struct counts counts;
static uint64_t lost, duplicated, read_at;
static float *late;
static size_t many_late, room_late;
static uint8_t heard[MOST_FRAME + 16 + READ];

static struct { int fd, waiting; size_t have; uint64_t posted, next, seq, spent; char *body, answer[4096]; } publisher;

static void wrong(const char *what) { fprintf(stderr, "fanout_load: %s\n", what); exit(1); }

/* ---------------------------------------------------------------- connections */
static void gone(struct client *client) {
    if (client->state == GONE) return;
    close(client->fd);
    client->state = GONE;
    in -= client->in;
    closed++;
}

/* A connection to the server from one of a few addresses, so that ports are not what runs out. */
static int connecting(int host) {
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(options.port), .sin_addr = { htonl(INADDR_LOOPBACK) } };
    struct sockaddr_in from = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK + 1 + host) } };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;
    if (fd < 0) fail("socket");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&from, sizeof from) < 0) fail("bind");
    if (connect(fd, (struct sockaddr *)&to, sizeof to) < 0 && errno != EINPROGRESS) fail("connect");
    return fd;
}

static void open_one(struct client *client) {
    struct epoll_event event = { EPOLLIN | EPOLLOUT, { .ptr = client } };
    uint8_t *carry = client->carry;
    *client = (struct client){ .fd = connecting(opened % HOSTS), .carry = carry, .room = client->room };
    opened++;
    epoll_ctl(loop, EPOLL_CTL_ADD, client->fd, &event);
}

/* All that this program sends is small and goes into an empty buffer. */
static void say(struct client *client, const void *what, size_t size) {
    if (send(client->fd, what, size, MSG_NOSIGNAL) != (ssize_t)size) gone(client);
}

static void say_frame(struct client *client, int kind, const uint8_t *what, size_t size) {
    static const uint8_t mask[4] = { 0x37, 0xfa, 0x21, 0x3d };
    uint8_t out[8 + 65535];
    size_t head = size < 126 ? 2 : 4;
    out[0] = 0x80 | kind;
    out[1] = 0x80 | (size < 126 ? size : 126);
    if (head == 4) { out[2] = size >> 8; out[3] = size; }
    memcpy(out + head, mask, 4);
    for (size_t n = 0; n < size; n++) out[head + 4 + n] = what[n] ^ mask[n % 4];
    say(client, out, head + 4 + size);
}

static void listen_for(struct client *client) {
    struct epoll_event event = { EPOLLIN | EPOLLRDHUP | EPOLLET, { .ptr = client } };
    epoll_ctl(loop, EPOLL_CTL_MOD, client->fd, &event);
}

static void ask(struct client *client) {
    char request[2048];
    int size = snprintf(request, sizeof request,
        "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nOrigin: http://127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
        options.path, options.port, options.port);
    listen_for(client);
    client->state = UPGRADING;
    say(client, request, size);
}

static void is_in(struct client *client) {
    in += !client->in;
    client->in = 1;
}

/* How much of the bytes the answer to the upgrade takes, 0 while it is not whole. */
static size_t upgraded(struct client *client, const uint8_t *bytes, size_t size) {
    const uint8_t *end = memmem(bytes, size, "\r\n\r\n", 4);
    if (!end) return 0;
    size_t head = end + 4 - bytes;
    if (memcmp(bytes, "HTTP/1.1 101", 12) || !memmem(bytes, head, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", 28)) {
        fprintf(stderr, "%.*s\n", (int)head, bytes);
        wrong("the upgrade was refused");
    }
    client->state = OPEN;
    if (options.first) say_frame(client, 1, (const uint8_t *)options.first, strlen(options.first));
    if (!options.ack) is_in(client);
    return head;
}

/* ---------------------------------------------------------------- frames */
static uint64_t number(const uint8_t *from, const uint8_t *end) {
    uint64_t found = 0;
    while (from < end && *from == ' ') from++;
    while (from < end && *from >= '0' && *from <= '9') found = found * 10 + (*from++ - '0');
    return found;
}

static void numbered(struct client *client, uint64_t seq) {
    if (client->numbered && seq <= client->seq) { duplicated++; return; }
    if (client->numbered) lost += seq - client->seq - 1;
    client->numbered = 1;
    client->seq = seq;
}

static void note_late(uint64_t at) {
    if (!recording) return;
    if (many_late == room_late && !(late = realloc(late, (room_late = room_late * 2 + 65536) * sizeof *late))) fail("realloc");
    late[many_late++] = read_at > at ? (read_at - at) / 1e6f : 0;
}

static void text(struct client *client, const uint8_t *bytes, size_t size) {
    const uint8_t *from = bytes, *end = bytes + size;
    size_t mark = options.mark ? strlen(options.mark) : 0;
    int markers = 0;
    while (mark && (from = memmem(from, end - from, options.mark, mark))) {
        note_late(number(from += mark, end));
        markers++;
    }
    while (!mark && (from = memchr(from, '"', end - from)) && end - from > 6) {
        if (!memcmp(from, "\"at\":", 5)) {
            if (!markers++) note_late(number(from + 5, end));
        } else if (!memcmp(from, "\"seq\":", 6)) {
            numbered(client, number(from + 6, end));
        }
        from++;
    }
    if (markers) {
        counts.frames++;
        counts.messages += markers;
        client->heard = read_at;
    }
    if (!client->in && options.ack && memmem(bytes, size, options.ack, strlen(options.ack))) is_in(client);
}

static void frame(struct client *client, int kind, const uint8_t *bytes, size_t size) {
    if (kind == 8) gone(client);
    else if (kind == 9) say_frame(client, 10, bytes, size);
    else if (kind <= 2) text(client, bytes, size);
}

/* Take the whole frames that are there; how many bytes they were. */
static size_t frames(struct client *client, const uint8_t *bytes, size_t size) {
    size_t used = 0;
    while (client->state == OPEN && size - used >= 2) {
        const uint8_t *at = bytes + used;
        size_t length = at[1], head = length < 126 ? 2 : length == 126 ? 4 : 10;
        if (length & 128) wrong("a frame from the server is masked");
        if (size - used < head) break;
        if (head > 2) length = 0;
        for (size_t n = 2; n < head; n++) length = length << 8 | at[n];
        if (length > MOST_FRAME) wrong("a frame is larger than a megabyte");
        if (size - used < head + length) break;
        frame(client, at[0] & 15, at + head, length);
        used += head + length;
    }
    return used;
}

static void carry(struct client *client, const uint8_t *bytes, size_t size) {
    if (size > client->room && !(client->carry = realloc(client->carry, client->room = size * 2))) fail("realloc");
    if (size) memcpy(client->carry, bytes, size);
    client->have = size;
}

/* Edge-triggered, one read a turn, so that a fast sender does not keep the others from being read: who may have more
 * asks to be told again. To the very end when the peer has closed. */
static void readable(struct client *client, int ending) {
    ssize_t got;
    do {
        if (client->have) memcpy(heard, client->carry, client->have);
        got = recv(client->fd, heard + client->have, READ, 0);
        if (got <= 0) {
            if (got == 0 || errno != EAGAIN) gone(client);
            return;
        }
        size_t all = client->have + got, used = 0;
        read_at = clock_ns();
        if (client->state == UPGRADING) used = upgraded(client, heard, all);
        if (client->state == OPEN) used += frames(client, heard + used, all - used);
        carry(client, heard + used, all - used);
    } while (ending && client->state != GONE);
    if (got == READ && client->state != GONE) listen_for(client);
}

/* ---------------------------------------------------------------- publishing */
static void post(void) {
    char head[512];
    uint64_t began = clock_ns();
    size_t size = write_messages(publisher.body, &publisher.seq, options.bytes, options.batch);
    int length = snprintf(head, sizeof head, "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                          "Content-Length: %zu\r\n\r\n", options.publish, size);
    if (send(publisher.fd, head, length, MSG_NOSIGNAL | MSG_MORE) != length) fail("publish");
    if (send(publisher.fd, publisher.body, size, MSG_NOSIGNAL) != (ssize_t)size) fail("publish");
    publisher.posted++;
    publisher.waiting = 1;
    publisher.spent += clock_ns() - began;
}

static void posted(void) {
    uint64_t began = clock_ns();
    ssize_t got = recv(publisher.fd, publisher.answer + publisher.have, sizeof publisher.answer - 1 - publisher.have, 0);
    if (got <= 0) fail("publish");
    publisher.answer[publisher.have += got] = 0;
    const char *end = strstr(publisher.answer, "\r\n\r\n"), *length = strcasestr(publisher.answer, "content-length:");
    if (!end || publisher.have < (size_t)(end + 4 - publisher.answer) + (length ? strtoul(length + 15, NULL, 10) : 0)) return;
    if (memcmp(publisher.answer, "HTTP/1.1 20", 11)) wrong(publisher.answer);
    publisher.have = publisher.waiting = 0;
    publisher.spent += clock_ns() - began;
}

/* Milliseconds until something is to be posted, at most a hundred; posts what is due. */
static int publish(void) {
    if (!publisher.fd || publisher.waiting) return 100;
    if (options.max) {
        if (counts.frames + (uint64_t)options.window * in < publisher.posted * in) return 100;
        post();
        return 100;
    }
    uint64_t now = clock_ns();
    if (now < publisher.next) return (publisher.next - now) / 1000000 + 1;
    publisher.next += (uint64_t)(1e9 * options.batch / options.rate);
    if (publisher.next < now) publisher.next = now;
    post();
    return 100;
}

static void begin_publishing(void) {
    if (!options.publish || !(options.max || options.rate > 0)) return;
    struct epoll_event event = { EPOLLIN, { .ptr = &publisher } };
    publisher.body = malloc((size_t)options.batch * (options.bytes + 1) + 16);
    publisher.fd = connecting(0);
    fcntl(publisher.fd, F_SETFL, 0);
    epoll_ctl(loop, EPOLL_CTL_ADD, publisher.fd, &event);
    publisher.next = clock_ns();
    /* Frames that were read before are none of the publisher's. */
    counts.frames = counts.messages = 0;
}

/* ---------------------------------------------------------------- the run */
static void turn(int wait_ms) {
    struct epoll_event events[EVENTS];
    int many = epoll_wait(loop, events, EVENTS, wait_ms);
    for (int n = 0; n < many; n++) {
        struct client *client = events[n].data.ptr;
        if ((void *)client == &publisher) { posted(); continue; }
        if (client->state == CONNECTING && events[n].events & (EPOLLHUP | EPOLLERR)) { gone(client); continue; }
        if (client->state == CONNECTING) ask(client);
        else readable(client, events[n].events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR));
    }
}

/* Open all; the seconds until all are in. */
static double gather(uint64_t began) {
    opened = in = closed = 0;
    while (in + closed < options.many && clock_ns() - began < PATIENCE * 1000000000ull) {
        while (opened < options.many && opened - in - closed < options.underway) open_one(&clients[opened]);
        turn(100);
    }
    return (clock_ns() - began) / 1e9;
}

static double regather(void) {
    struct linger cut = { 1, 0 };
    uint64_t began = clock_ns();
    for (int n = 0; n < options.many; n++) {
        if (clients[n].state == GONE) continue;
        setsockopt(clients[n].fd, SOL_SOCKET, SO_LINGER, &cut, sizeof cut);
        close(clients[n].fd);
    }
    return gather(began);
}

static void pass(double seconds) {
    uint64_t end = clock_ns() + (uint64_t)(seconds * 1e9);
    while (clock_ns() < end) {
        int wait_ms = publish(), left = (int)((end - clock_ns()) / 1000000) + 1;
        turn(wait_ms < left ? wait_ms : left);
    }
}

static struct counts snapshot(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    struct counts taken = counts;
    taken.cpu = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000ull + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
    taken.at = clock_ns();
    return taken;
}

static int by_size(const void *a, const void *b) {
    float left = *(const float *)a, right = *(const float *)b;
    return (left > right) - (left < right);
}

static double percentile(double share) { return many_late ? late[(size_t)((many_late - 1) * share)] : 0; }

static void parse(int argc, char **argv) {
    static const struct option names[] = {
        { "first", 1, NULL, 'f' }, { "ack", 1, NULL, 'a' }, { "warm", 1, NULL, 'w' }, { "seconds", 1, NULL, 's' },
        { "underway", 1, NULL, 'u' }, { "reconnect", 0, NULL, 'c' }, { "publish", 1, NULL, 'p' }, { "rate", 1, NULL, 'r' },
        { "bytes", 1, NULL, 'y' }, { "batch", 1, NULL, 'b' }, { "window", 1, NULL, 'k' }, { "mark", 1, NULL, 'm' }, { NULL, 0, NULL, 0 } };
    int option;
    while ((option = getopt_long(argc, argv, "", names, NULL)) >= 0) switch (option) {
        case 'f': options.first = optarg; break; case 'a': options.ack = optarg; break;
        case 'w': options.warm = atof(optarg); break; case 's': options.seconds = atof(optarg); break;
        case 'u': options.underway = atoi(optarg); break; case 'c': options.reconnect = 1; break;
        case 'p': options.publish = optarg; break; case 'r': options.max = !strcmp(optarg, "max"); options.rate = atof(optarg); break;
        case 'y': options.bytes = atoi(optarg); break; case 'b': options.batch = atoi(optarg); break;
        case 'k': options.window = atoi(optarg); break; case 'm': options.mark = optarg; break;
        default: exit(2);
    }
    if (optind != argc - 3) { fprintf(stderr, "fanout_load PORT PATH CLIENTS [options]\n"); exit(2); }
    options.port = atoi(argv[optind]);
    options.path = argv[optind + 1];
    options.many = atoi(argv[optind + 2]);
    if (options.first && strlen(options.first) > 65535) wrong("--first is too long");
}

int main(int argc, char **argv) {
    parse(argc, argv);
    raise_limit();
    loop = epoll_create1(0);
    clients = calloc(options.many, sizeof *clients);
    double connect_s = gather(clock_ns());
    printf("{\"connected\": %d, \"connect_s\": %.3f}\n", in, connect_s);
    fflush(stdout);
    begin_publishing();
    pass(options.warm);
    uint64_t spent = publisher.spent;
    struct counts first = snapshot();
    recording = 1;
    pass(options.seconds);
    struct counts last = snapshot();
    double seconds = (last.at - first.at) / 1e9;
    int silent = 0, closed_early = closed, connected = in;
    for (int n = 0; n < options.many; n++) silent += clients[n].state == OPEN && clients[n].heard + (last.at - first.at) / 2 < last.at;
    qsort(late, many_late, sizeof *late, by_size);
    spent = publisher.spent - spent;
    if (publisher.fd) close(publisher.fd);
    printf("{\"connected\": %d, \"connect_s\": %.3f, \"seconds\": %.3f, \"frames\": %llu, \"messages\": %llu, \"frames_per_s\": %.1f, "
           "\"messages_per_s\": %.1f, \"p50_ms\": %.3f, \"p95_ms\": %.3f, \"p99_ms\": %.3f, \"max_ms\": %.3f, \"lost\": %llu, "
           "\"duplicated\": %llu, \"closed\": %d, \"silent\": %d, \"cpu_share\": %.3f, \"publish_share\": %.4f",
           connected, connect_s, seconds, (unsigned long long)(last.frames - first.frames),
           (unsigned long long)(last.messages - first.messages), (last.frames - first.frames) / seconds,
           (last.messages - first.messages) / seconds, percentile(.5), percentile(.95), percentile(.99), percentile(1),
           (unsigned long long)lost, (unsigned long long)duplicated, closed_early, silent,
           (last.cpu - first.cpu) / 1e6 / seconds, spent / 1e9 / seconds);
    if (options.reconnect) {
        double reconnect_s = regather();
        printf(", \"reconnected\": %d, \"reconnect_s\": %.3f", in, reconnect_s);
    }
    printf("}\n");
    return 0;
}
