/* Signs with liboauth for as long as it is told: see ../src/foreign.rs. */

#define _GNU_SOURCE
#include <stddef.h>
/* It takes for granted what stands above. */
#include <oauth.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct workload {
    char *method, *url;
    int is_form;
};

static char *credentials[6];
static struct workload workloads[8];

/* The next piece up to a tab or the end. */
static char *piece(char **rest) {
    char *found = strsep(rest, "\t");
    return strdup(found ? found : "");
}

/* Nanoseconds of the processor. */
static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

/* The parameters with the signature: liboauth makes a nonce and a timestamp where the URL has none. */
static char *sign_once(const struct workload *of) {
    char *form = NULL;
    char *url = oauth_sign_url2(of->url, of->is_form ? &form : NULL, OA_HMAC, of->method,
                                credentials[0], credentials[1], credentials[2], credentials[3]);
    if (!of->is_form) return url;
    free(url);
    return form;
}

int main(void) {
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    int read = 0, count = 0;
    while ((length = getline(&line, &room, stdin)) > 0) {
        if (line[length - 1] == '\n') line[--length] = 0;
        char *rest = line;
        if (!read++) {
            for (int at = 0; at < 6; at++) credentials[at] = piece(&rest);
        } else if (!length) {
            break;
        } else if (count < 8) {
            struct workload *of = &workloads[count++];
            of->method = piece(&rest);
            char *url = piece(&rest), *form = piece(&rest);
            const char *mark = strchr(url, '?') ? "&" : "?";
            of->is_form = *form != 0;
            if (asprintf(&of->url, "%s%s%s%soauth_nonce=%s&oauth_timestamp=%s", url, mark, form,
                         of->is_form ? "&" : "", credentials[4], credentials[5]) < 0)
                return 1;
            free(url);
            free(form);
        }
    }
    while ((length = getline(&line, &room, stdin)) > 0) {
        if (line[length - 1] == '\n') line[--length] = 0;
        char *rest = line;
        free(piece(&rest));
        int at = atoi(strsep(&rest, "\t"));
        double duration = atof(strsep(&rest, "\t")) * 1e6;
        if (at < 0 || at >= count) return 1;
        char *signed_text = sign_once(&workloads[at]);
        double start = now(), end = start;
        long done = 0;
        while (end < start + duration) {
            for (int turn = 0; turn < 8; turn++) free(sign_once(&workloads[at]));
            done += 8;
            end = now();
        }
        printf("%f\t%s\n", (end - start) / (double)done, signed_text);
        fflush(stdout);
        free(signed_text);
    }
    return 0;
}
