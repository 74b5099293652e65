// Callers by the thousand: one thread, HTTP/1.1 on kept connections, and the server's CPU time read over
// exactly the measured window.
//
//   caller -p PORT -m MODEL [-b BYTES] [-k CHUNKSxGAP] [-l DELAY] [-u] [-n] -c CONNECTIONS [-r RATE] [-a RAMP] -w WARM
//          -d SECONDS -P SERVER_PID -V VENDOR_PID -x TEXT [-o FILE]
//   caller -p PORT -m MODEL [-b BYTES] -x TEXT -S COMMAND...
//
// The first form loads a server and prints one line of name=value. Without -r each connection asks again
// once it is answered; with -r requests are sent at RATE a second whatever becomes of them, and their
// latency counts from when they were to be sent, so that a server that stalls is not flattered. Every reply must
// have status 200, end with something that holds TEXT, and be as long as the first one. -k asks for a stream,
// -u without the wish for usage. -l asks the vendor to answer after so many milliseconds. -o adds every latency to a file, in
// microseconds, one a line. -n makes each request a conversation of its own. -a spreads the first requests over so many milliseconds.
//
// The second form starts a server and prints the milliseconds until it has answered, then stops it.
#include "shared.h"

#include <dirent.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/wait.h>

enum { HEAD_MAX = 8192, TAIL_MAX = 256, TREE_MAX = 64, GRACE_SECONDS = 2, START_SECONDS = 120 };

// ---- what is asked ----

static const char *model = "", *expected = "", *pace = NULL, *latencies = NULL;
static int port, delay, bytes = 1000, usage_wanted = 1, numbered = 0;
static char *request, *number = NULL;
static size_t request_length;

static size_t sentence(char *out, size_t room, unsigned *seed) {
  static const char *words[] = {"the",     "brown", "fox",  "reads", "a\\nline", "\\\"quoted\\\"", "naïve", "café",
                                "if (a<b)", "{x;}",  "and",  "then",  "jumps",    "over",           "lazy",  "dogs"};
  size_t n = 0;
  while (1) {
    const char *word = words[(*seed = *seed * 1103515245 + 12345) >> 16 & 15];
    if (n + strlen(word) + 1 > room) return n;
    n += (size_t)sprintf(out + n, "%s ", word);
  }
}

// A conversation of about so many bytes, with escapes and letters beyond ASCII as real ones have.
static void write_request(void) {
  char *body = malloc((size_t)bytes + 2048), asked[128] = "";
  request = malloc((size_t)bytes + 4096);
  if (!body || !request) die("out of memory");
  if (pace) sprintf(asked, "\"stream\":true,%s", usage_wanted ? "\"stream_options\":{\"include_usage\":true}," : "");
  size_t n = (size_t)sprintf(body,
                             "{\"model\":\"%s\",%s\"temperature\":0.7,\"max_tokens\":512,\"messages\":["
                             "{\"role\":\"system\",\"content\":\"You are a helpful assistant.\"}",
                             model, asked);
  unsigned seed = 7;
  // By the clock, so that no run says again what an earlier one said: a conversation that comes back is known.
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  long long first = ((long long)now.tv_sec * 1000000 + now.tv_nsec / 1000) % 10000000000LL;
  for (int turn = 0; turn % 2 == 0 || n + 400 < (size_t)bytes; turn++) {
    n += (size_t)sprintf(body + n, ",{\"role\":\"%s\",\"content\":\"", turn % 2 ? "assistant" : "user");
    if (turn == 0 && numbered) n += (size_t)sprintf(body + n, "call %010lld ", first);
    if (turn == 0 && delay) n += (size_t)sprintf(body + n, "delay:%d ", delay);
    if (turn == 0 && pace) n += (size_t)sprintf(body + n, "bench:%s ", pace);
    size_t left = (size_t)bytes > n + 60 ? (size_t)bytes - n - 4 : 60;
    n += sentence(body + n, left < 900 ? left : 900, &seed);
    n += (size_t)sprintf(body + n, "\"}");
  }
  n += (size_t)sprintf(body + n, "]}");
  request_length = (size_t)sprintf(request,
                                   "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUser-Agent: bench/1\r\n"
                                   "Accept: */*\r\nAuthorization: Bearer sk-bench-0123456789abcdef\r\n"
                                   "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                                   port, n, body);
  if (numbered) number = strstr(request, "\"call ") + strlen("\"call ");
  free(body);
}

// ---- what the machine says ----

static int tree[TREE_MAX], tree_size;

// The process and all below it.
static void plant(int pid) {
  if (tree_size == TREE_MAX) return;
  tree[tree_size++] = pid;
  DIR *all = opendir("/proc");
  for (struct dirent *entry; all && (entry = readdir(all));) {
    int child = atoi(entry->d_name), parent = 0;
    char path[64], line[512];
    snprintf(path, sizeof path, "/proc/%d/stat", child);
    FILE *file = child > 0 ? fopen(path, "r") : NULL;
    if (!file) continue;
    char *name_end = fgets(line, sizeof line, file) ? strrchr(line, ')') : NULL;
    if (name_end && sscanf(name_end + 1, " %*c %d", &parent) == 1 && parent == pid) plant(child);
    fclose(file);
  }
  if (all) closedir(all);
}

static int64_t cpu_of(int pid) {
  clockid_t clock;
  return pid > 0 && !clock_getcpuclockid(pid, &clock) ? clock_nanos(clock) : 0;
}

static int64_t cpu_of_tree(void) {
  int64_t sum = 0;
  for (int i = 0; i < tree_size; i++) sum += cpu_of(tree[i]);
  return sum;
}

// A figure of /proc/PID/status, in MiB, over the tree.
static double memory(const char *name) {
  double sum = 0;
  for (int i = 0; i < tree_size; i++) {
    char path[64], line[256];
    snprintf(path, sizeof path, "/proc/%d/status", tree[i]);
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file))
      if (!strncmp(line, name, strlen(name))) sum += atof(line + strlen(name));
    if (file) fclose(file);
  }
  return sum / 1024;
}

struct machine {
  int64_t at, server, known;  // nanoseconds; known: the bench's own processes and the server
  double busy, stolen;        // seconds of all cores
};

static struct machine look(int vendor) {
  struct machine m = {.at = nanos(), .server = cpu_of_tree()};
  m.known = m.server + cpu_of(vendor) + clock_nanos(CLOCK_PROCESS_CPUTIME_ID);
  double user = 0, nice = 0, system = 0, irq = 0, soft = 0, steal = 0, hertz = (double)sysconf(_SC_CLK_TCK);
  FILE *file = fopen("/proc/stat", "r");
  if (file && fscanf(file, "cpu %lf %lf %lf %*f %*f %lf %lf %lf", &user, &nice, &system, &irq, &soft, &steal) == 6) {
    m.busy = (user + nice + system + irq + soft) / hertz;
    m.stolen = steal / hertz;
  }
  if (file) fclose(file);
  return m;
}

// ---- callers ----

enum state { UNBORN, CONNECTING, FREE, ASKING };
enum part { HEAD, SIZED, TO_THE_END, CHUNK_SIZE, CHUNK_DATA, CHUNK_END, TRAILER };

struct caller {
  int fd;
  enum state state;
  enum part part;
  int64_t since, born;  // when the request was to be sent; when the first one may be
  size_t written;
  char head[HEAD_MAX], tail[TAIL_MAX + 1];
  size_t head_length, tail_length, trailer;
  long long left, length;  // bytes to come of the body or chunk; of the body so far
  int status, last, answered;
  struct caller *next;  // among those that are free
};

static int poller;
static struct caller *callers, *unused;
static int64_t rate_start, window_from, window_to;
static double rate;
static long issued, in_flight;

// Latencies in nanoseconds, sorted at the end: exact, and cheap enough beside what is measured.
struct sample {
  int64_t *values;
  size_t count, room;
};
static struct sample latency, first_byte;
static long good, bad, reconnects;
static long served;  // good replies while the server's CPU time was measured
static int measuring;
static long long expected_length = -1;
static char first_fault[400];

static void note(struct sample *s, int64_t value) {
  if (s->count == s->room && !(s->values = realloc(s->values, sizeof(int64_t) * (s->room = s->room * 2 + (1 << 20)))))
    die("out of memory");
  s->values[s->count++] = value;
}

static int ascending(const void *a, const void *b) {
  int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return (x > y) - (x < y);
}

static double micros(const struct sample *s, double part) {
  return s->count ? (double)s->values[(size_t)(part * (double)(s->count - 1))] / 1000 : 0;
}

// At a fixed rate what was to be sent in the window counts, otherwise what was answered in it.
static int counts(const struct caller *c, int64_t now) {
  int64_t when = rate > 0 ? c->since : now;
  return when >= window_from && when < window_to;
}

static void fault(const struct caller *c, const char *what) {
  int64_t now = nanos();
  if (c->state == ASKING ? counts(c, now) : now >= window_from) bad++;
  if (!first_fault[0])
    snprintf(first_fault, sizeof first_fault, "%s; status %d, %lld bytes, ends: %.200s", what, c->status, c->length,
             c->tail);
}

static void watch(struct caller *c, uint32_t events, int how) {
  struct epoll_event e = {.events = events, .data.ptr = c};
  epoll_ctl(poller, how, c->fd, &e);
}

static void dial(struct caller *c) {
  struct sockaddr_in at = loopback(port);
  c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (c->fd < 0) die("no socket; raise ulimit -n");
  no_delay(c->fd);
  connect(c->fd, (void *)&at, sizeof at);
  c->state = CONNECTING;
  watch(c, EPOLLIN | EPOLLOUT, EPOLL_CTL_ADD);
}

static void redial(struct caller *c, const char *why) {
  if (why) fault(c, why);
  if (c->state == ASKING) in_flight--;
  if (c->state == FREE)
    for (struct caller **at = &unused; *at; at = &(*at)->next)
      if (*at == c) {
        *at = c->next;
        break;
      }
  close(c->fd);
  reconnects++;
  dial(c);
}

static void write_on(struct caller *c) {
  while (c->written < request_length) {
    ssize_t n = send(c->fd, request + c->written, request_length - c->written, MSG_NOSIGNAL);
    if (n < 0) {
      if (errno == EAGAIN) watch(c, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
      return;  // any other error shows when reading
    }
    c->written += (size_t)n;
  }
}

static void ask(struct caller *c, int64_t since) {
  c->state = ASKING;
  c->part = HEAD;
  c->since = since;
  c->written = c->head_length = c->tail_length = 0;
  c->length = 0;
  c->status = c->last = c->answered = 0;
  c->tail[0] = 0;
  in_flight++;
  // It stands at the beginning, which one send takes even where it does not take all.
  for (int i = 9; number && i >= 0; number[i--] = '0')
    if (number[i] < '9') {
      number[i]++;
      break;
    }
  write_on(c);
}

static int64_t due(long i) { return rate_start + (int64_t)((double)i * 1e9 / rate); }

// Whether the next request should be on its way; after the window there are no more, but late ones go out.
static int is_due(int64_t now) { return due(issued) <= now && due(issued) < window_to; }

static void go_on(struct caller *c) {
  if (rate <= 0) {
    ask(c, nanos());
  } else if (is_due(nanos())) {
    ask(c, due(issued++));
  } else {
    c->state = FREE;
    c->next = unused;
    unused = c;
  }
}

static void answered(struct caller *c) {
  int64_t now = nanos();
  c->tail[c->tail_length] = 0;
  int right = c->status == 200 && strstr(c->tail, expected);
  if (right && expected_length < 0) expected_length = c->length;
  if (!right || c->length != expected_length) {
    fault(c, right ? "a reply of another length" : "not the reply that was expected");
  } else {
    served += measuring;
    if (counts(c, now)) {
      good++;
      note(&latency, now - c->since);
    }
  }
  if (c->last) {
    redial(c, NULL);
  } else {
    in_flight--;
    go_on(c);
  }
}

static void keep(struct caller *c, const char *data, size_t n) {
  c->length += (long long)n;
  if (n >= TAIL_MAX) {
    memcpy(c->tail, data + n - TAIL_MAX, TAIL_MAX);
    c->tail_length = TAIL_MAX;
    return;
  }
  size_t over = c->tail_length + n > TAIL_MAX ? c->tail_length + n - TAIL_MAX : 0;
  memmove(c->tail, c->tail + over, c->tail_length - over);
  memcpy(c->tail + c->tail_length - over, data, n);
  c->tail_length += n - over;
}

// Takes the head's bytes; how many of n were the head's, or -1 if it is none.
static ssize_t take_head(struct caller *c, const char *data, size_t n) {
  size_t before = c->head_length, fits = HEAD_MAX - 1 - before;
  size_t copied = n < fits ? n : fits;
  memcpy(c->head + before, data, copied);
  c->head_length += copied;
  c->head[c->head_length] = 0;
  char *end = strstr(c->head, "\r\n\r\n");
  if (!end) return c->head_length == HEAD_MAX - 1 ? -1 : (ssize_t)n;
  end += 4;
  c->status = c->head_length > 12 ? atoi(c->head + 9) : 0;
  const char *value;
  if ((value = header(c->head, end, "content-length"))) {
    c->left = atoll(value);
    c->part = SIZED;
  } else {
    c->left = 0;
    c->part = header(c->head, end, "transfer-encoding") ? CHUNK_SIZE : TO_THE_END;
  }
  value = header(c->head, end, "connection");
  c->last = c->part == TO_THE_END || (value && !strncasecmp(value, "close", 5));
  return end - c->head - (ssize_t)before;
}

static int hex(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  digit |= 32;
  return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

// Takes what was read; 1 once the reply is complete, -1 if it is none.
static int take(struct caller *c, const char *data, size_t n) {
  size_t i = 0;
  if (c->part == HEAD) {
    ssize_t used = take_head(c, data, n);
    if (used < 0) return -1;
    i = (size_t)used;
    if (c->part == SIZED && !c->left) return 1;
  }
  while (i < n) {
    size_t rest = n - i;
    switch (c->part) {
      case HEAD:
        return -1;
      case TO_THE_END:
        keep(c, data + i, rest);
        i = n;
        break;
      case SIZED:
      case CHUNK_DATA:
        if ((long long)rest > c->left) rest = (size_t)c->left;
        keep(c, data + i, rest);
        i += rest;
        c->left -= (long long)rest;
        if (!c->left && c->part == SIZED) return i == n ? 1 : -1;
        if (!c->left) c->part = CHUNK_END;
        break;
      case CHUNK_SIZE:
        if (data[i] == '\n') {
          c->part = c->left ? CHUNK_DATA : TRAILER;
          c->trailer = 0;
        } else if (hex(data[i]) >= 0) {
          c->left = c->left * 16 + hex(data[i]);
        } else if (data[i] != '\r') {
          return -1;
        }
        i++;
        break;
      case CHUNK_END:
        if (data[i++] == '\n') c->part = CHUNK_SIZE;
        break;
      case TRAILER:  // lines until an empty one
        if (data[i] == '\n' && !c->trailer) return i + 1 == n ? 1 : -1;
        if (data[i] == '\n') c->trailer = 0;
        else if (data[i] != '\r') c->trailer++;
        i++;
        break;
    }
  }
  return 0;
}

static void read_on(struct caller *c) {
  static char data[1 << 18];
  while (1) {
    ssize_t n = recv(c->fd, data, sizeof data, 0);
    if (n < 0 && errno == EAGAIN) return;
    if (n == 0 && c->state == ASKING && c->part == TO_THE_END) {
      answered(c);
      return;
    }
    if (n <= 0 || c->state != ASKING) {
      // A kept connection may be closed between two requests; while asking it may not.
      redial(c, c->state != ASKING && n <= 0 ? NULL : n ? "the connection failed" : "the connection was closed");
      return;
    }
    if (!c->answered) {
      int64_t now = nanos();
      c->answered = 1;
      if (counts(c, now)) note(&first_byte, now - c->since);
    }
    int done = take(c, data, (size_t)n);
    if (done < 0) {
      redial(c, "not an HTTP reply");
      return;
    }
    if (done) {
      answered(c);
      return;
    }
    if ((size_t)n < sizeof data) return;
  }
}

static void serve(struct caller *c, uint32_t events) {
  if (c->state == CONNECTING) {
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error) {
      fault(c, strerror(error));
      close(c->fd);
      usleep(1000);
      dial(c);
    } else {
      watch(c, EPOLLIN, EPOLL_CTL_MOD);
      go_on(c);
    }
    return;
  }
  if (events & EPOLLOUT) {
    watch(c, EPOLLIN, EPOLL_CTL_MOD);
    write_on(c);
  }
  if (events & ~(uint32_t)EPOLLOUT) read_on(c);
}

static int64_t earlier(int64_t a, int64_t b) { return a < b ? a : b; }

static int load(int connections, int ramp, double warm, double seconds, int server, int vendor) {
  plant(server);
  callers = calloc((size_t)connections, sizeof *callers);
  if (!callers) die("out of memory");
  poller = epoll_create1(0);
  int64_t start = nanos();
  rate_start = start + INT64_C(20000000);
  window_from = start + (int64_t)(warm * 1e9);
  window_to = window_from + (int64_t)(seconds * 1e9);
  for (int i = 0; i < connections; i++) callers[i].born = start + INT64_C(1000000) * ramp * i / connections;
  struct machine before = {0}, after = {0};
  double rss = 0;
  int born = 0;
  static struct epoll_event events[1024];
  while (1) {
    int64_t now = nanos();
    if (!before.at && now >= window_from) {
      before = look(vendor);
      measuring = 1;
    }
    if (!after.at && now >= window_to) {
      after = look(vendor);
      measuring = 0;
      rss = memory("VmRSS:");
    }
    if (after.at && (rate <= 0 || (!in_flight && due(issued) >= window_to) ||
                     now > window_to + GRACE_SECONDS * INT64_C(1000000000)))
      break;
    while (born < connections && callers[born].born <= now) dial(&callers[born++]);
    while (rate > 0 && unused && is_due(now)) {
      struct caller *c = unused;
      unused = c->next;
      ask(c, due(issued++));
    }
    int64_t until = now + INT64_C(100000000);
    if (!before.at) until = earlier(until, window_from);
    if (!after.at) until = earlier(until, window_to);
    if (born < connections) until = earlier(until, callers[born].born);
    if (rate > 0 && unused && due(issued) < window_to) until = earlier(until, due(issued));
    int64_t pause = until - nanos();
    struct timespec wait = {pause > 0 ? pause / 1000000000 : 0, pause > 0 ? pause % 1000000000 : 0};
    int n = epoll_pwait2(poller, events, 1024, &wait, NULL);
    for (int i = 0; i < n; i++) serve(events[i].data.ptr, events[i].events);
  }
  // What was to be sent in the window and was not answered in time is an error, sent or not.
  long unanswered = 0;
  for (int i = 0; rate > 0 && i < connections; i++)
    unanswered += callers[i].state == ASKING && counts(&callers[i], 0);
  for (; rate > 0 && due(issued) < window_to; issued++) unanswered += due(issued) >= window_from;
  if (unanswered && !first_fault[0]) snprintf(first_fault, sizeof first_fault, "not answered in time");
  bad += unanswered;

  qsort(latency.values, latency.count, sizeof(int64_t), ascending);
  qsort(first_byte.values, first_byte.count, sizeof(int64_t), ascending);
  double elapsed = (double)(after.at - before.at) / 1e9, server_cpu = (double)(after.server - before.server) / 1e9;
  double others = after.busy - before.busy - (double)(after.known - before.known) / 1e9;
  printf("rps=%.1f good=%ld bad=%ld reconnects=%ld cpu=%.3f core=%.1f p50=%.1f p99=%.1f first50=%.1f first99=%.1f "
         "bytes=%lld rss=%.1f peak=%.1f others=%.1f stolen=%.1f\n",
         (double)served / elapsed, good, bad, reconnects, served ? server_cpu * 1e6 / (double)served : 0,
         server_cpu / elapsed * 100, micros(&latency, .5), micros(&latency, .99), micros(&first_byte, .5),
         micros(&first_byte, .99), expected_length, rss, memory("VmHWM:"), others > 0 ? others / elapsed * 100 : 0,
         (after.stolen - before.stolen) / elapsed * 100);
  FILE *out = latencies ? fopen(latencies, "a") : NULL;
  if (latencies && !out) die(latencies);
  for (size_t i = 0; out && i < latency.count; i++) fprintf(out, "%.1f\n", (double)latency.values[i] / 1000);
  if (out) fclose(out);
  if (first_fault[0]) fprintf(stderr, "bench: first error: %s\n", first_fault);
  return bad || !good ? 1 : 0;
}

// ---- a start ----

static int is_answered(void) {
  static char reply[1 << 16];
  size_t n = 0;
  struct sockaddr_in at = loopback(port);
  struct timeval patience = {.tv_sec = 10};
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 0;
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (!connect(fd, (void *)&at, sizeof at) &&
      send(fd, request, request_length, MSG_NOSIGNAL) == (ssize_t)request_length)
    for (ssize_t got; !yes && n < sizeof reply - 1 && (got = recv(fd, reply + n, sizeof reply - 1 - n, 0)) > 0;) {
      n += (size_t)got;
      reply[n] = 0;
      yes = !strncmp(reply, "HTTP/1.1 200", 12) && strstr(reply, expected);
    }
  close(fd);
  return yes;
}

static int start(char **command) {
  if (is_answered()) die("something answers there already");
  int64_t from = nanos();
  pid_t pid = fork();
  if (!pid) {
    execvp(command[0], command);
    die(command[0]);
  }
  int yes, over = 0;
  while (!(yes = is_answered()) && !(over = waitpid(pid, NULL, WNOHANG) != 0) &&
         nanos() - from < START_SECONDS * INT64_C(1000000000))
    usleep(2000);
  double millis = (double)(nanos() - from) / 1e6;
  if (!over) {
    kill(pid, SIGTERM);
    for (int i = 0; i < 1500 && !waitpid(pid, NULL, WNOHANG); i++) {
      if (i == 1400) kill(pid, SIGKILL);
      usleep(10000);
    }
  }
  if (!yes) {
    fprintf(stderr, "bench: it did not start\n");
    return 1;
  }
  printf("%.0f\n", millis);
  return 0;
}

int main(int count, char **words) {
  int connections = 32, ramp = 0, server = 0, vendor = 0, starting = 0;
  double warm = 1, seconds = 5;
  signal(SIGPIPE, SIG_IGN);
  for (int option; (option = getopt(count, words, "+p:m:b:k:l:unc:r:a:w:d:P:V:x:o:S")) != -1;) switch (option) {
      case 'p': port = atoi(optarg); break;
      case 'm': model = optarg; break;
      case 'b': bytes = atoi(optarg); break;
      case 'k': pace = optarg; break;
      case 'l': delay = atoi(optarg); break;
      case 'o': latencies = optarg; break;
      case 'u': usage_wanted = 0; break;
      case 'n': numbered = 1; break;
      case 'c': connections = atoi(optarg); break;
      case 'r': rate = atof(optarg); break;
      case 'a': ramp = atoi(optarg); break;
      case 'w': warm = atof(optarg); break;
      case 'd': seconds = atof(optarg); break;
      case 'P': server = atoi(optarg); break;
      case 'V': vendor = atoi(optarg); break;
      case 'x': expected = optarg; break;
      case 'S': starting = 1; break;
      default: die("the head of caller.c tells how to use it");
    }
  if (!port || (starting && optind == count)) die("the head of caller.c tells how to use it");
  write_request();
  return starting ? start(words + optind) : load(connections, ramp, warm, seconds, server, vendor);
}
