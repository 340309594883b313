/* The least a fan-out can do with one write per delivery: an epoll loop that copies each post's frame to every socket, one send() each.
 * It checks no identity, keeps no order across partial writes beyond a small queue, and stores nothing. Usage: epoll PORT */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST 4096
#define ROOM 65536

struct member { int fd; int upgraded; size_t in; size_t out; char inbox[ROOM]; char *outbox; size_t space; };
static struct member *members[MOST];
static int count;

static uint32_t rotl(uint32_t x, int n) { return (x << n) | (x >> (32 - n)); }

/* SHA-1 (FIPS 180-4) of a short text: the handshake asks for it (RFC 6455, section 4.2.2). */
static void sha1(const char *text, size_t length, unsigned char digest[20]) {
  uint32_t h[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
  unsigned char block[128] = {0};
  size_t total = length + 9 <= 64 ? 64 : 128;
  memcpy(block, text, length);
  block[length] = 0x80;
  for (int i = 0; i < 8; i++) block[total - 1 - i] = (unsigned char)((length * 8) >> (8 * i));
  for (size_t at = 0; at < total; at += 64) {
    uint32_t w[80];
    for (int i = 0; i < 16; i++) w[i] = (uint32_t)block[at + 4 * i] << 24 | (uint32_t)block[at + 4 * i + 1] << 16 | (uint32_t)block[at + 4 * i + 2] << 8 | block[at + 4 * i + 3];
    for (int i = 16; i < 80; i++) w[i] = rotl(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    uint32_t a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
    for (int i = 0; i < 80; i++) {
      uint32_t f = i < 20 ? ((b & c) | (~b & d)) + 0x5A827999 : i < 40 ? (b ^ c ^ d) + 0x6ED9EBA1 : i < 60 ? ((b & c) | (b & d) | (c & d)) + 0x8F1BBCDC : (b ^ c ^ d) + 0xCA62C1D6;
      uint32_t next = rotl(a, 5) + f + e + w[i];
      e = d; d = c; c = rotl(b, 30); b = a; a = next;
    }
    h[0] += a; h[1] += b; h[2] += c; h[3] += d; h[4] += e;
  }
  for (int i = 0; i < 20; i++) digest[i] = (unsigned char)(h[i / 4] >> (24 - 8 * (i % 4)));
}

static void base64(const unsigned char *in, size_t length, char *out) {
  const char *set = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (size_t i = 0; i < length; i += 3) {
    uint32_t v = (uint32_t)in[i] << 16 | (i + 1 < length ? (uint32_t)in[i + 1] << 8 : 0) | (i + 2 < length ? in[i + 2] : 0);
    *out++ = set[v >> 18];
    *out++ = set[v >> 12 & 63];
    *out++ = i + 1 < length ? set[v >> 6 & 63] : '=';
    *out++ = i + 2 < length ? set[v & 63] : '=';
  }
  *out = 0;
}

static void queue(struct member *m, const char *bytes, size_t length) {
  if (m->out + length > m->space) {
    m->space = (m->out + length) * 2;
    m->outbox = realloc(m->outbox, m->space);
  }
  memcpy(m->outbox + m->out, bytes, length);
  m->out += length;
}

static void deliver(struct member *m, const char *bytes, size_t length) {
  if (m->out == 0) {
    ssize_t sent = send(m->fd, bytes, length, MSG_NOSIGNAL);
    if (sent == (ssize_t)length) return;
    if (sent < 0) sent = 0;
    bytes += sent;
    length -= (size_t)sent;
  }
  queue(m, bytes, length);
}

static void drain(struct member *m) {
  if (m->out == 0) return;
  ssize_t sent = send(m->fd, m->outbox, m->out, MSG_NOSIGNAL);
  if (sent <= 0) return;
  memmove(m->outbox, m->outbox + sent, m->out - (size_t)sent);
  m->out -= (size_t)sent;
}

static int upgrade(struct member *m) {
  m->inbox[m->in] = 0;
  char *end = strstr(m->inbox, "\r\n\r\n"), *key = strcasestr(m->inbox, "sec-websocket-key: ");
  if (!end || !key) return 0;
  char joined[128], answer[256], accept[32];
  unsigned char digest[20];
  snprintf(joined, sizeof joined, "%.24s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key + 19);
  sha1(joined, strlen(joined), digest);
  base64(digest, 20, accept);
  int length = snprintf(answer, sizeof answer, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n", accept);
  deliver(m, answer, (size_t)length);
  size_t used = (size_t)(end + 4 - m->inbox);
  memmove(m->inbox, m->inbox + used, m->in - used);
  m->in -= used;
  m->upgraded = 1;
  return 1;
}

static int post(struct member *m) {
  if (m->in < 6) return 0;
  unsigned char *p = (unsigned char *)m->inbox;
  size_t length = p[1] & 127, header = 2;
  if (length == 126) { length = (size_t)p[2] << 8 | p[3]; header = 4; }
  if (m->in < header + 4 + length) return 0;
  char frame[ROOM + 4];
  size_t at = length < 126 ? 2 : 4;
  frame[0] = (char)0x81;
  if (at == 2) frame[1] = (char)length;
  else { frame[1] = 126; frame[2] = (char)(length >> 8); frame[3] = (char)length; }
  for (size_t i = 0; i < length; i++) frame[at + i] = (char)(p[header + 4 + i] ^ p[header + i % 4]);
  size_t used = header + 4 + length;
  memmove(m->inbox, m->inbox + used, m->in - used);
  m->in -= used;
  if ((p[0] & 15) <= 2) for (int i = 0; i < count; i++) if (members[i]->upgraded) deliver(members[i], frame, at + length);
  return 1;
}

int main(int argc, char **argv) {
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), loop = epoll_create1(0), one = 1;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argc > 1 ? argv[1] : "0")), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 1024)) return 1;
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL}, events[256];
  epoll_ctl(loop, EPOLL_CTL_ADD, listener, &event);
  puts("ready");
  fflush(stdout);
  for (;;) {
    int n = epoll_wait(loop, events, 256, 5);
    for (int i = 0; i < n; i++) {
      struct member *m = events[i].data.ptr;
      if (!m) {
        for (int fd; count < MOST && (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0; count++) {
          setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
          m = members[count] = calloc(1, sizeof *m);
          m->fd = fd;
          event.data.ptr = m;
          epoll_ctl(loop, EPOLL_CTL_ADD, fd, &event);
        }
        continue;
      }
      ssize_t got = recv(m->fd, m->inbox + m->in, ROOM - 1 - m->in, 0);
      if (got == 0) { epoll_ctl(loop, EPOLL_CTL_DEL, m->fd, NULL); m->upgraded = 0; continue; }
      if (got > 0) m->in += (size_t)got;
      if (!m->upgraded && !upgrade(m)) continue;
      while (post(m)) {}
    }
    for (int i = 0; i < count; i++) drain(members[i]);
  }
}
