// A model vendor that costs next to nothing: one thread, every reply written down beforehand.
//
//   vendor PORT
//
// Speaks Chat Completions at .../chat/completions and Anthropic Messages at .../messages, on the loopback only. A
// request that asks for a stream says in its text how it is to come: "bench:50x20" is 50 chunks, 20 ms
// apart; a gap of 0 is all chunks in one write. Any other request gets one answer of about 1 kB, at once or, if its text
// says "delay:250", after so many ms.
// What a gateway must not lose is demanded: the path, the model, and the wish for a stream.
#include "shared.h"

#include <sys/epoll.h>

enum { TEXT_BYTES = 600, CHUNKS_MAX = 1000, GAP_MAX = 1000, SLOTS = 1024, SCRIPTS_MAX = 16, FRAME_MAX = 1024 };

// All bytes of one reply. Frame i ends at ends[i]; a paced reply sends one frame at a time.
struct script {
  int anthropic, chunks, frames;
  char *bytes;
  size_t *ends;
};

struct caller {
  int fd;
  char *in;
  size_t filled, room;
  const struct script *script;  // the reply under way, or null
  size_t sent, due;             // of the script's bytes: written, and allowed to be written
  int frame, gap;
  struct caller *next, **link;  // where it stands in the timer's slot
};

static int poller;
static struct caller *slots[SLOTS];  // callers whose next frame is due in that millisecond
static long tick, waiting;
static struct script scripts[SCRIPTS_MAX];
static int script_count;
static struct script whole[2], refusal;

static void append(struct script *s, const char *text) {
  size_t at = s->frames ? s->ends[s->frames - 1] : 0, n = strlen(text);
  memcpy(s->bytes + at, text, n);
  s->ends[s->frames++] = at + n;
}

static struct script room_for(int frames, size_t bytes) {
  struct script s = {.bytes = malloc(bytes), .ends = malloc(sizeof(size_t) * (size_t)frames)};
  if (!s.bytes || !s.ends) die("out of memory");
  return s;
}

static struct script one_piece(const char *status, const char *body) {
  struct script s = room_for(1, strlen(body) + 512);
  char *all = malloc(strlen(body) + 512);
  sprintf(all,
          "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n"
          "x-request-id: req_0123456789abcdef\r\n\r\n%s",
          status, strlen(body), body);
  append(&s, all);
  free(all);
  return s;
}

static void whole_replies(void) {
  char text[TEXT_BYTES + 1], body[2048];
  for (int i = 0; i < TEXT_BYTES; i++) text[i] = "A vendor's answer, of no use to anybody. "[i % 41];
  text[TEXT_BYTES] = 0;
  snprintf(body, sizeof body,
           "{\"id\":\"chatcmpl-bench00000000000000000001\",\"object\":\"chat.completion\",\"created\":1760000000,"
           "\"model\":\"bench-1\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"%s\","
           "\"refusal\":null},\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":123,"
           "\"completion_tokens\":210,\"total_tokens\":333,\"prompt_tokens_details\":{\"cached_tokens\":0},"
           "\"completion_tokens_details\":{\"reasoning_tokens\":0}},\"system_fingerprint\":\"fp_bench\"}",
           text);
  whole[0] = one_piece("200 OK", body);
  snprintf(body, sizeof body,
           "{\"id\":\"msg_bench00000000000000000001\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"bench-1\","
           "\"content\":[{\"type\":\"text\",\"text\":\"%s\"}],\"stop_reason\":\"end_turn\",\"stop_sequence\":null,"
           "\"usage\":{\"input_tokens\":123,\"cache_creation_input_tokens\":0,\"cache_read_input_tokens\":0,"
           "\"output_tokens\":210,\"service_tier\":\"standard\"}}",
           text);
  whole[1] = one_piece("200 OK", body);
  refusal = one_piece("400 Bad Request",
                      "{\"error\":{\"message\":\"the bench's vendor was asked for something else\","
                      "\"type\":\"invalid_request_error\"}}");
}

// One HTTP chunk with these events.
static char *chunk(char *out, const char *events) {
  sprintf(out, "%zx\r\n%s\r\n", strlen(events), events);
  return out;
}

#define SSE_HEAD                                                                                            \
  "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\n"                       \
  "x-request-id: req_0123456789abcdef\r\nTransfer-Encoding: chunked\r\n\r\n"
#define CHAT_CHUNK                                                                                          \
  "data: {\"id\":\"chatcmpl-bench00000000000000000001\",\"object\":\"chat.completion.chunk\","              \
  "\"created\":1760000000,\"model\":\"bench-1\",\"system_fingerprint\":\"fp_bench\",\"choices\":["

static void chat_stream(struct script *s) {
  char events[FRAME_MAX], out[FRAME_MAX + 512];
  char head[FRAME_MAX * 2];
  sprintf(head, "%s%s", SSE_HEAD,
          chunk(out, CHAT_CHUNK "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},"
                                "\"logprobs\":null,\"finish_reason\":null}]}\n\n"));
  append(s, head);
  for (int i = 0; i < s->chunks; i++) {
    sprintf(events,
            CHAT_CHUNK "{\"index\":0,\"delta\":{\"content\":\" word%d\"},\"logprobs\":null,"
                       "\"finish_reason\":null}]}\n\n",
            i);
    append(s, chunk(out, events));
  }
  append(s, chunk(out, CHAT_CHUNK "{\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\"stop\"}]}\n\n"));
  sprintf(events,
          CHAT_CHUNK "],\"usage\":{\"prompt_tokens\":123,\"completion_tokens\":%d,\"total_tokens\":%d}}\n\n"
                     "data: [DONE]\n\n",
          s->chunks, s->chunks + 123);
  strcat(chunk(out, events), "0\r\n\r\n");
  append(s, out);
}

static void anthropic_stream(struct script *s) {
  char events[FRAME_MAX], out[FRAME_MAX + 512];
  char head[FRAME_MAX * 2];
  sprintf(head, "%s%s", SSE_HEAD,
          chunk(out,
                "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":"
                "\"msg_bench00000000000000000001\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"bench-1\","
                "\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,\"usage\":{\"input_tokens\":123,"
                "\"output_tokens\":1}}}\n\n"
                "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,"
                "\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n"));
  append(s, head);
  for (int i = 0; i < s->chunks; i++) {
    sprintf(events,
            "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
            "\"delta\":{\"type\":\"text_delta\",\"text\":\" word%d\"}}\n\n",
            i);
    append(s, chunk(out, events));
  }
  append(s, chunk(out, "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n"));
  sprintf(events,
          "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\","
          "\"stop_sequence\":null},\"usage\":{\"output_tokens\":%d}}\n\n"
          "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n",
          s->chunks);
  strcat(chunk(out, events), "0\r\n\r\n");
  append(s, out);
}

static const struct script *stream(int anthropic, int chunks) {
  for (int i = 0; i < script_count; i++)
    if (scripts[i].anthropic == anthropic && scripts[i].chunks == chunks) return &scripts[i];
  if (script_count == SCRIPTS_MAX) return &refusal;
  struct script *s = &scripts[script_count++];
  *s = room_for(chunks + 3, (size_t)(chunks + 6) * FRAME_MAX);
  s->anthropic = anthropic;
  s->chunks = chunks;
  if (anthropic) anthropic_stream(s);
  else chat_stream(s);
  return s;
}

static const struct script *reply_to(const char *head, const char *body, size_t length, int *gap, int *delay) {
  *gap = *delay = 0;
  const char *target = strchr(head, ' '), *end = target ? strchr(++target, ' ') : NULL;
  if (!end || strncmp(head, "POST", 4) || !memmem(body, length, "\"model\":\"", 9)) return &refusal;
  int anthropic = ends_with(target, end, "/messages");
  if (!anthropic && !ends_with(target, end, "/chat/completions")) return &refusal;
  const char *mark = memmem(body, length, "bench:", 6);
  int asked = memmem(body, length, "\"stream\":true", 13) != NULL;
  if (!mark != !asked) return &refusal;
  const char *late = mark ? NULL : memmem(body, length, "delay:", 6);
  if (late && (sscanf(late, "delay:%d", delay) != 1 || *delay < 0 || *delay > GAP_MAX)) {
    *delay = 0;
    return &refusal;
  }
  if (!mark) return &whole[anthropic];
  int chunks = 0;
  if (sscanf(mark, "bench:%dx%d", &chunks, gap) != 2 || chunks < 1 || chunks > CHUNKS_MAX || *gap < 0 ||
      *gap > GAP_MAX)
    return &refusal;
  return stream(anthropic, chunks);
}

static void watch(struct caller *c, uint32_t events, int how) {
  struct epoll_event e = {.events = events, .data.ptr = c};
  epoll_ctl(poller, how, c->fd, &e);
}

static void unwait(struct caller *c) {
  if (!c->link) return;
  *c->link = c->next;
  if (c->next) c->next->link = c->link;
  c->link = NULL;
  waiting--;
}

static void wait_for_frame(struct caller *c) {
  struct caller **slot = &slots[(tick + c->gap) % SLOTS];
  c->next = *slot;
  if (*slot) (*slot)->link = &c->next;
  c->link = slot;
  *slot = c;
  waiting++;
}

static void hang_up(struct caller *c) {
  unwait(c);
  close(c->fd);
  free(c->in);
  free(c);
}

static int work_off(struct caller *c);

// Writes what is due; -1 if the caller has gone.
static int push(struct caller *c) {
  while (c->sent < c->due) {
    ssize_t n = send(c->fd, c->script->bytes + c->sent, c->due - c->sent, MSG_NOSIGNAL);
    if (n < 0 && errno != EAGAIN) return -1;
    if (n < 0) {
      watch(c, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
      return 0;
    }
    c->sent += (size_t)n;
  }
  if (c->frame < c->script->frames) return 0;
  c->script = NULL;
  return work_off(c);
}

static int next_frame(struct caller *c) {
  c->due = c->script->ends[c->frame++];
  if (c->frame < c->script->frames) wait_for_frame(c);
  return push(c);
}

// Answers the request that has come, if all of it has.
static int work_off(struct caller *c) {
  if (c->script || !c->filled) return 0;
  c->in[c->filled] = 0;
  char *body = strstr(c->in, "\r\n\r\n");
  if (!body) return c->filled > 65536 ? -1 : 0;
  body += 4;
  const char *length = header(c->in, body, "content-length");
  size_t want = length ? strtoul(length, NULL, 10) : 0, have = c->filled - (size_t)(body - c->in);
  if (have < want) return 0;
  int delay;
  c->script = reply_to(c->in, body, want, &c->gap, &delay);
  c->filled = have - want;
  memmove(c->in, body + want, c->filled);
  c->sent = c->due = 0;
  c->frame = 0;
  if (delay && c->script->frames == 1) {
    c->gap = delay;
    wait_for_frame(c);
    return 0;
  }
  if (c->gap) return next_frame(c);
  c->frame = c->script->frames;
  c->due = c->script->ends[c->frame - 1];
  return push(c);
}

static int take(struct caller *c) {
  while (1) {
    if (c->room - c->filled < 32768 && !(c->in = realloc(c->in, (c->room = c->room * 2 + 65536)))) die("out of memory");
    size_t want = c->room - c->filled - 1;
    ssize_t n = recv(c->fd, c->in + c->filled, want, 0);
    if (n == 0 || (n < 0 && errno != EAGAIN)) return -1;
    if (n < 0) return 0;
    c->filled += (size_t)n;
    if (work_off(c) < 0) return -1;
    if ((size_t)n < want) return 0;
  }
}

static void greet(int door) {
  int fd;
  while ((fd = accept4(door, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
    no_delay(fd);
    struct caller *c = calloc(1, sizeof *c);
    if (!c) die("out of memory");
    c->fd = fd;
    watch(c, EPOLLIN, EPOLL_CTL_ADD);
  }
}

int main(int count, char **words) {
  if (count != 2) die("usage: vendor PORT");
  whole_replies();
  int door = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;
  setsockopt(door, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  struct sockaddr_in at = loopback(atoi(words[1]));
  if (bind(door, (void *)&at, sizeof at) || listen(door, 8192)) die("cannot listen");
  poller = epoll_create1(EPOLL_CLOEXEC);
  struct epoll_event e = {.events = EPOLLIN};
  epoll_ctl(poller, EPOLL_CTL_ADD, door, &e);
  static struct epoll_event events[512];
  tick = nanos() / 1000000;
  while (1) {
    int n = epoll_wait(poller, events, 512, waiting ? 1 : -1);
    if (!waiting) tick = nanos() / 1000000;
    for (int i = 0; i < n; i++) {
      struct caller *c = events[i].data.ptr;
      if (!c) {
        greet(door);
        continue;
      }
      if (events[i].events & EPOLLOUT) {
        watch(c, EPOLLIN, EPOLL_CTL_MOD);
        if (push(c) < 0) {
          hang_up(c);
          continue;
        }
      }
      if ((events[i].events & ~(uint32_t)EPOLLOUT) && take(c) < 0) hang_up(c);
    }
    for (long now = nanos() / 1000000; tick < now;) {
      struct caller *due = slots[++tick % SLOTS];
      while (due) {
        struct caller *c = due;
        unwait(c);
        if (next_frame(c) < 0) hang_up(c);
        due = slots[tick % SLOTS];
      }
    }
  }
}
