// What the caller and the vendor of the bench have in common.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static inline void die(const char *why) {
  fprintf(stderr, "bench: %s%s%s\n", why, errno ? ": " : "", errno ? strerror(errno) : "");
  exit(2);
}

static inline int64_t clock_nanos(clockid_t clock) {
  struct timespec t;
  return clock_gettime(clock, &t) ? 0 : t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

static inline int64_t nanos(void) { return clock_nanos(CLOCK_MONOTONIC); }

static inline struct sockaddr_in loopback(int port) {
  return (struct sockaddr_in){.sin_family = AF_INET,
                              .sin_port = htons((uint16_t)port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static inline void no_delay(int fd) {
  int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

// The value of a header between head and end, or null.
static inline const char *header(const char *head, const char *end, const char *name) {
  size_t n = strlen(name);
  for (const char *at = memchr(head, '\n', (size_t)(end - head)); at && at + n + 2 < end;
       at = memchr(at, '\n', (size_t)(end - at))) {
    at++;
    if (at + n < end && at[n] == ':' && !strncasecmp(at, name, n)) {
      at += n + 1;
      while (*at == ' ') at++;
      return at;
    }
  }
  return NULL;
}

static inline int ends_with(const char *from, const char *to, const char *what) {
  size_t n = strlen(what);
  return (size_t)(to - from) >= n && !memcmp(to - n, what, n);
}
