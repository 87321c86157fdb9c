/* A plugin in plain C: emits each input as it came. Variants for tests are chosen with -D. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "monazite-plugin.h"

#ifndef NAME
#define NAME "\x0a\x06" "c-echo"
#endif

#if defined(BAD_MANIFEST)
static const char MANIFEST[] = "\xff\xff\xff";
#elif defined(LAWLESS_MANIFEST)
static const char MANIFEST[] = NAME "\x12\x03" "1.0";
#else
static const char MANIFEST[] = NAME "\x12\x05" "1.0.0"                /* name, version */
                               "\x22\x1b" "monazite.record.v1.Document" /* reads */
                               "\x2a\x02\x0a\x00"                       /* each record alone */
                               "\x32\x18" "monazite.record.v1.Layer";   /* writes */
#endif

static void destroy(const monazite_analyzer *analyzer) { (void)analyzer; }

#if defined(WRONG_THREAD)
static void *emit_elsewhere(void *call) {
    const monazite_call *c = call;
    return (void *)(intptr_t)c->emit(c, c->inputs[0]);
}
#endif

static int32_t analyze(const monazite_analyzer *analyzer, const monazite_call *call) {
    (void)analyzer;
#if defined(WRONG_THREAD)
    pthread_t thread;
    void *status = NULL;
    pthread_create(&thread, NULL, emit_elsewhere, (void *)call);
    pthread_join(thread, &status);
    if ((intptr_t)status != MONAZITE_EMIT_OK) {
        static const char WHY[] = "emit was refused";
        monazite_bytes why = {(const uint8_t *)WHY, sizeof WHY - 1};
        call->fail(call, MONAZITE_FAIL_INTERNAL, why);
        return MONAZITE_STATUS_FAILED;
    }
#endif
    for (size_t i = 0; i < call->input_count; i++) {
        if (call->cancelled(call)) {
            return MONAZITE_STATUS_FAILED;
        }
        if (call->emit(call, call->inputs[i]) != MONAZITE_EMIT_OK) {
            return MONAZITE_STATUS_FAILED;
        }
    }
    return MONAZITE_STATUS_OK;
}

static const monazite_analyzer ANALYZER = {MONAZITE_HEAD(monazite_analyzer), NULL, destroy, analyze, NULL};

static uint32_t count(const monazite_factory *factory) {
    (void)factory;
    return 1;
}

static int32_t manifest(const monazite_factory *factory, uint32_t index, monazite_owned_bytes *out) {
    (void)factory;
    (void)index;
    out->data = (const uint8_t *)MANIFEST;
    out->len = sizeof MANIFEST - 1;
    return MONAZITE_STATUS_OK;
}

static const monazite_analyzer *create(const monazite_factory *factory, const monazite_host *host, uint32_t index,
                                       monazite_bytes config, monazite_owned_bytes *error) {
    (void)factory;
    (void)index;
    (void)config;
    (void)error;
    static const char HELLO[] = "made by C";
    monazite_bytes hello = {(const uint8_t *)HELLO, sizeof HELLO - 1};
    host->log(host, MONAZITE_LOG_INFO, hello);
    return &ANALYZER;
}

static const monazite_factory FACTORY = {MONAZITE_HEAD(monazite_factory), count, manifest, create};

static int32_t init(const char *path) {
    (void)path;
#if defined(INIT_FAILS)
    return 7;
#elif defined(ABORT_ON_LOAD)
    abort();
    return MONAZITE_STATUS_FAILED;
#elif defined(HANG_ON_LOAD)
    for (;;) {
        pause();
    }
    return MONAZITE_STATUS_FAILED;
#else
    return MONAZITE_STATUS_OK;
#endif
}

static void deinit(void) {}

static const void *get_factory(const char *id) {
    return strcmp(id, MONAZITE_FACTORY_ID) == 0 ? &FACTORY : NULL;
}

#if defined(NO_SYMBOL)
const int not_a_plugin = 1;
#elif defined(WRONG_ABI)
MONAZITE_EXPORT const monazite_plugin_entry monazite_entry = {
    {sizeof(monazite_plugin_entry), 99, 0}, init, deinit, get_factory};
#elif defined(SHORT_ENTRY)
MONAZITE_EXPORT const monazite_plugin_entry monazite_entry = {
    {8, MONAZITE_ABI_MAJOR, MONAZITE_ABI_MINOR}, init, deinit, get_factory};
#elif defined(NULL_FUNCTION)
MONAZITE_EXPORT const monazite_plugin_entry monazite_entry = {
    MONAZITE_HEAD(monazite_plugin_entry), init, deinit, NULL};
#else
MONAZITE_EXPORT const monazite_plugin_entry monazite_entry = {
    MONAZITE_HEAD(monazite_plugin_entry), init, deinit, get_factory};
#endif
