/* SPDX-License-Identifier: MIT
 *
 * Processes that run a command on targets, and the one that hands the targets out.
 *
 * Each worker has three ways home: pipes in the place of its standard output and error, and a socket on which
 * it gets the number of a target and answers with its outcome: a length and a JSON object. Workers stay in
 * the terminal's process group but leave its interrupts to this process, which passes the first one on; when
 * this process ends, however it does, they are killed, as a single process would be.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "base/url.h"
#include "cli/fleet.h"

enum { OUT, ERR, CONTROL, WAYS };

#define NO_TARGET ((size_t)-1)
#define STEP_MS 100             /* between two looks at whether we are interrupted */
#define GROW_MS 16              /* between the starts of two workers: what is done by then needs no others */
#define READ_SIZE (64 * 1024)   /* at a time */
#define HELD_ERRORS (32 * 1024) /* of a worker's standard error before it is passed on at the latest */

/* Bytes that have come and are not dealt with yet. */
struct bytes {
	char *data; /* malloced */
	size_t count, room;
};

struct worker {
	pid_t pid;      /* 0: there is none */
	int ways[WAYS]; /* our ends */
	size_t target;  /* NO_TARGET: it has none */
	struct bytes in[WAYS];
};

struct pool {
	struct fleet *fleet;
	struct worker *workers;
	size_t count, started;
	double grown;     /* when the last worker was started, clock_ms */
	bool interrupted; /* the workers have been told */
};

static void *grow(void *data, size_t size)
{
	void *grown = realloc(data, size);

	if (!grown)
		abort();
	return grown;
}

static void bytes_add(struct bytes *bytes, const char *data, size_t n)
{
	if (bytes->count + n > bytes->room) {
		bytes->room = 2 * (bytes->count + n);
		bytes->data = grow(bytes->data, bytes->room);
	}
	memcpy(bytes->data + bytes->count, data, n);
	bytes->count += n;
}

/* Forgets the first n. */
static void bytes_drop(struct bytes *bytes, size_t n)
{
	bytes->count -= n;
	memmove(bytes->data, bytes->data + n, bytes->count);
}

/* ---- in a worker ---- */

/* Sends all of it; the other end is there as long as we are. */
static void send_all(int fd, const void *data, size_t n)
{
	const char *at = data;

	while (n > 0) {
		ssize_t sent = send(fd, at, n, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0)
			exit(EXIT_FAILURE);
		at += sent;
		n -= (size_t)sent;
	}
}

static void send_outcome(int fd, const struct outcome *outcome)
{
	json_t *object = json_pack("{s:i, s:s?, s:O?, s:O?, s:I, s:f, s:O?}", "status", outcome->status,
		"code", outcome->code, "from", outcome->from, "to", outcome->to, "steps",
		(json_int_t)outcome->steps, "ms", outcome->ms, "document", outcome->document);
	char *text = json_dumps(object, JSON_COMPACT);
	uint32_t length = (uint32_t)strlen(text);

	send_all(fd, &length, sizeof length);
	send_all(fd, text, length);
	free(text);
	json_decref(object);
}

/* Takes targets until there are no more; never returns. */
static void work(struct fleet *fleet, int control)
{
	struct cli *cli = fleet->cli;
	uint32_t number;

	while (recv(control, &number, sizeof number, MSG_WAITALL) == (ssize_t)sizeof number) {
		struct outcome *outcome = &fleet->outcomes[number];

		cli->speaker = fleet_name(fleet->settings[number]);
		fleet_run_target(fleet, number);
		fflush(stdout);
		fflush(stderr);
		send_outcome(control, outcome);
		json_decref(outcome->document);
		json_decref(outcome->from);
		json_decref(outcome->to);
		*outcome = (struct outcome){0};
	}
	cli_signals_stop();
	exit(0);
}

/* What a new worker does before its first target. */
static void become_worker(struct pool *pool, const int ends[WAYS], pid_t parent)
{
	int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EXIT_FAILURE);
	for (size_t i = 0; i < pool->count; i++)
		for (size_t way = 0; pool->workers[i].pid && way < WAYS; way++)
			close(pool->workers[i].ways[way]);
	dup2(nothing, STDIN_FILENO);
	dup2(ends[OUT], STDOUT_FILENO);
	dup2(ends[ERR], STDERR_FILENO);
	setvbuf(stderr, NULL, _IOFBF, HELD_ERRORS);
	cli_signals_worker();
	work(pool->fleet, ends[CONTROL]);
}

/* ---- handing out ---- */

static void close_ends(const int ends[WAYS])
{
	for (size_t way = 0; way < WAYS; way++)
		if (ends[way] >= 0)
			close(ends[way]);
}

/* The two ends of each way. */
static int make_ways(int ours[WAYS], int theirs[WAYS])
{
	int pair[2];

	for (size_t way = 0; way < WAYS; way++)
		ours[way] = theirs[way] = -1;
	for (size_t way = 0; way < WAYS; way++) {
		if ((way == CONTROL ? socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair)
				    : pipe2(pair, O_CLOEXEC)) < 0) {
			close_ends(ours);
			close_ends(theirs);
			return -1;
		}
		ours[way] = pair[0];
		theirs[way] = pair[1];
		fcntl(pair[0], F_SETFL, O_NONBLOCK);
	}
	return 0;
}

/* Starts a worker; -1 with cli->err where the system refuses. */
static int start_worker(struct pool *pool, struct worker *worker)
{
	struct retort_error *err = pool->fleet->cli->err;
	int theirs[WAYS];
	pid_t parent = getpid();

	memset(worker, 0, sizeof *worker);
	worker->target = NO_TARGET;
	fflush(stdout);
	fflush(stderr);
	if (make_ways(worker->ways, theirs) < 0)
		return retort_fail(err, RETORT_E_IO, "cannot make a pipe to another process: %s",
			strerror(errno));
	worker->pid = fork();
	if (worker->pid == 0) {
		close_ends(worker->ways);
		become_worker(pool, theirs, parent);
	}
	close_ends(theirs);
	if (worker->pid > 0)
		return 0;
	worker->pid = 0;
	close_ends(worker->ways);
	return retort_fail(err, RETORT_E_IO, "cannot start another process: %s", strerror(errno));
}

/* Gives a worker its next target, or tells it that there are no more. */
static void hand_out(struct pool *pool, struct worker *worker)
{
	struct fleet *fleet = pool->fleet;
	uint32_t number;

	worker->target = NO_TARGET;
	if (fleet_ends(fleet)) {
		shutdown(worker->ways[CONTROL], SHUT_WR);
		return;
	}
	worker->target = fleet->next++;
	fleet->outcomes[worker->target].ran = true;
	number = (uint32_t)worker->target;
	/* where it has died meanwhile that is found out when its end of the socket closes */
	send(worker->ways[CONTROL], &number, sizeof number, MSG_NOSIGNAL);
}

/* ---- listening ---- */

/* Reads what has come on a way; false at its end. */
static bool listen_to(struct worker *worker, size_t way)
{
	char data[READ_SIZE];
	ssize_t n;

	while ((n = read(worker->ways[way], data, sizeof data)) > 0 || (n < 0 && errno == EINTR))
		if (n > 0)
			bytes_add(&worker->in[way], data, (size_t)n);
	return n < 0 && errno == EAGAIN;
}

/* Passes whole lines on; with all also what is left. */
static void pass_on(struct cli *cli, struct bytes *bytes, FILE *to, bool all)
{
	size_t n = bytes->count;

	while (!all && n > 0 && bytes->data[n - 1] != '\n')
		n--;
	if (!n)
		return;
	cli_clear_progress(cli);
	fwrite(bytes->data, 1, n, to);
	if (bytes->data[n - 1] != '\n')
		fputc('\n', to);
	fflush(to);
	bytes_drop(bytes, n);
}

/* What a worker has written so far, of which `all` ends here. */
static void pass_streams(struct pool *pool, struct worker *worker, bool all)
{
	struct cli *cli = pool->fleet->cli;
	struct bytes *out = &worker->in[OUT];

	listen_to(worker, ERR);
	pass_on(cli, &worker->in[ERR], stderr, all);
	listen_to(worker, OUT);
	if (cli->json)
		pass_on(cli, out, stdout, all);
	if (!all || worker->target == NO_TARGET || !out->count)
		return;
	pool->fleet->outcomes[worker->target].output = out->data;
	pool->fleet->outcomes[worker->target].output_length = out->count;
	*out = (struct bytes){0};
}

/* An outcome as a worker tells it. */
static void read_outcome(struct outcome *outcome, const char *text, size_t n)
{
	json_t *object = json_loadb(text, n, 0, NULL);
	json_t *document = json_object_get(object, "document"), *from = json_object_get(object, "from"),
	       *to = json_object_get(object, "to");
	const char *code = json_string_value(json_object_get(object, "code"));

	outcome->status = (int)json_integer_value(json_object_get(object, "status"));
	outcome->steps = json_integer_value(json_object_get(object, "steps"));
	outcome->ms = json_real_value(json_object_get(object, "ms"));
	outcome->code = NULL;
	for (int known = RETORT_E_INTERNAL; code && known <= RETORT_E_INTERRUPTED; known++)
		if (strcmp(retort_code_name((enum retort_code)known), code) == 0)
			outcome->code = retort_code_name((enum retort_code)known);
	outcome->document = json_is_null(document) ? NULL : json_incref(document);
	outcome->from = json_is_null(from) ? NULL : json_incref(from);
	outcome->to = json_is_null(to) ? NULL : json_incref(to);
	json_decref(object);
}

/* Takes the outcome that a worker has told, if it is all there. What it wrote before has come by then. */
static void take_outcome(struct pool *pool, struct worker *worker)
{
	struct bytes *in = &worker->in[CONTROL];
	uint32_t length;

	if (worker->target == NO_TARGET || in->count < sizeof length)
		return;
	memcpy(&length, in->data, sizeof length);
	if (in->count - sizeof length < length)
		return;
	read_outcome(&pool->fleet->outcomes[worker->target], in->data + sizeof length, length);
	bytes_drop(in, sizeof length + length);
	pass_streams(pool, worker, true);
	fleet_take(pool->fleet, worker->target);
	hand_out(pool, worker);
}

/* A worker has ended. Where it had a target that was not the plan: another one takes its place. */
static void bury(struct pool *pool, struct worker *worker)
{
	struct fleet *fleet = pool->fleet;
	size_t target = worker->target;
	int status = 0;

	while (waitpid(worker->pid, &status, 0) < 0 && errno == EINTR)
		;
	pass_streams(pool, worker, true);
	close_ends(worker->ways);
	for (size_t way = 0; way < WAYS; way++)
		free(worker->in[way].data);
	memset(worker, 0, sizeof *worker);
	if (target == NO_TARGET)
		return;
	if (WIFSIGNALED(status))
		retort_fail(fleet->cli->err, RETORT_E_INTERNAL, "its process was ended by signal %d",
			WTERMSIG(status));
	else
		retort_fail(fleet->cli->err, RETORT_E_INTERNAL, "its process ended with status %d",
			WEXITSTATUS(status));
	fleet->cli->failure_told = false;
	fleet->outcomes[target].steps = -1;
	fleet_report(fleet, target);
	fleet_take(fleet, target);
	if (fleet_ends(fleet))
		return;
	if (start_worker(pool, worker) == 0)
		hand_out(pool, worker);
	else
		retort_error_clear(fleet->cli->err);
}

/* ---- the pool ---- */

/* Passes an interruption on, once. */
static void pass_interrupt(struct pool *pool)
{
	cli_signals_poll();
	if (pool->interrupted || !cli_interrupted())
		return;
	pool->interrupted = true;
	for (size_t i = 0; i < pool->count; i++)
		if (pool->workers[i].pid)
			kill(pool->workers[i].pid, SIGTERM);
}

static void show_progress(const struct pool *pool)
{
	size_t *running = grow(NULL, pool->count * sizeof *running), count = 0;

	for (size_t i = 0; i < pool->count; i++)
		if (pool->workers[i].pid && pool->workers[i].target != NO_TARGET)
			running[count++] = pool->workers[i].target;
	fleet_progress(pool->fleet, running, count);
	free(running);
}

/* Waits until something comes; fills ready with one entry for each way of each worker. */
static void wait_for_workers(const struct pool *pool, struct pollfd *ready)
{
	for (size_t i = 0; i < pool->count; i++)
		for (size_t way = 0; way < WAYS; way++)
			ready[i * WAYS + way] =
				(struct pollfd){.fd = pool->workers[i].pid ? pool->workers[i].ways[way] : -1,
					.events = POLLIN};
	poll(ready, pool->count * WAYS, pool->started < pool->count ? GROW_MS : STEP_MS);
}

/* Deals with what has come from a worker. */
static void hear(struct pool *pool, struct worker *worker, const struct pollfd *ready)
{
	bool alive = true;

	if (ready[OUT].revents || ready[ERR].revents)
		pass_streams(pool, worker, false);
	if (!ready[CONTROL].revents)
		return;
	alive = listen_to(worker, CONTROL);
	take_outcome(pool, worker);
	if (!alive)
		bury(pool, worker);
}

/* How many workers live. */
static size_t count_alive(const struct pool *pool)
{
	size_t alive = 0;

	for (size_t i = 0; i < pool->count; i++)
		alive += pool->workers[i].pid != 0;
	return alive;
}

/* Starts the next worker, GROW_MS after the one before: a process costs as much as some targets that are up
 * to date. -1 where there is none at all. */
static int grow_pool(struct pool *pool)
{
	struct worker *worker = &pool->workers[pool->started];

	if (pool->started == pool->count || (pool->started && clock_ms() - pool->grown < GROW_MS))
		return 0;
	if (pool->started && fleet_ends(pool->fleet)) {
		pool->count = pool->started;
		return 0;
	}
	if (start_worker(pool, worker) < 0) {
		pool->count = pool->started;
		if (!pool->started)
			return -1;
		retort_error_clear(pool->fleet->cli->err);
		return 0;
	}
	pool->started++;
	pool->grown = clock_ms();
	hand_out(pool, worker);
	return 0;
}

/* Loads what all workers need, so that they find it in the memory that they are made with. What goes wrong
 * each target tells for itself. */
static void preload(struct cli *cli, struct fleet *fleet)
{
	struct retort_error *ignored = retort_error_new();
	const struct retort_driver *driver;
	const struct retort_url *url;
	struct project *project;
	const char *loaded = "";

	for (size_t i = 0; i < fleet->count; i++) {
		const struct settings *settings = fleet->settings[i];

		if (!settings->url || (*loaded && text_starts(settings->url, loaded)))
			continue;
		loaded = retort_strndup(cli->lasting, settings->url, strcspn(settings->url, "/"));
		if (url_parse(cli->lasting, settings->url, &url, ignored) == 0)
			loader_driver(cli_loader(cli, settings), url->scheme, &driver, ignored);
	}
	retort_error_free(ignored);
	if (cli_project(cli, fleet->settings[0], &project) < 0)
		retort_error_clear(cli->err);
}

int workers_run(struct fleet *fleet)
{
	struct pool pool = {.fleet = fleet, .count = fleet->jobs};
	struct pollfd *ready = grow(NULL, pool.count * WAYS * sizeof *ready);
	int failed;

	pool.workers = retort_alloc_array(fleet->cli->arena, pool.count, sizeof *pool.workers);
	preload(fleet->cli, fleet);
	/* A process with threads must not be copied: whatever another one holds stays locked in the copy. */
	cli_signals_stop();
	failed = grow_pool(&pool);
	show_progress(&pool);
	while (failed == 0 && count_alive(&pool) > 0) {
		size_t ended = fleet->ended;

		wait_for_workers(&pool, ready);
		pass_interrupt(&pool);
		grow_pool(&pool);
		for (size_t i = 0; i < pool.count; i++)
			if (pool.workers[i].pid)
				hear(&pool, &pool.workers[i], &ready[i * WAYS]);
		if (fleet->ended > ended || !fleet->cli->progress_shown)
			show_progress(&pool);
	}
	cli_signals_start();
	cli_clear_progress(fleet->cli);
	free(ready);
	return failed;
}
