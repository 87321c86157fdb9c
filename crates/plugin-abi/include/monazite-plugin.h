/* The C contract between Monazite and native plugins, in the manner of CLAP.
 *
 * A plugin is a shared library with one exported symbol, `monazite_entry`. From it the host asks for a factory,
 * from the factory for manifests and analyzers, and hands each analyzer one call after another. All payloads are
 * encoded protobuf messages of proto/monazite.
 *
 * Growth     `head` comes first in every struct of functions: its own length, then the version. A struct never
 *            changes within a major version; what is new comes by get_extension(id), NULL for an unknown id.
 * Threads    [main-thread]: the host's loading thread, one call at a time. [worker-thread]: any thread of the host,
 *            several at a time for one analyzer if its manifest says so. [thread-safe]: any thread at any time.
 * Ownership  What a struct points to belongs to whoever made it, for as long as the comment says. Only
 *            monazite_owned_bytes changes hands, and goes back through its own release.
 * Unwinding  No exception crosses.
 * NULL       A function is required unless its comment says that it may be NULL.
 * Lifetime   The host never unloads a library: an upgrade is a new process.
 */
#ifndef MONAZITE_PLUGIN_H
#define MONAZITE_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(_WIN32)
#define MONAZITE_EXPORT __declspec(dllexport)
#else
#define MONAZITE_EXPORT __attribute__((visibility("default")))
#endif

#define MONAZITE_ABI_MAJOR 1
#define MONAZITE_ABI_MINOR 0
#define MONAZITE_FACTORY_ID "monazite.analyzer-factory/1"

#define MONAZITE_STATUS_OK 0
#define MONAZITE_STATUS_FAILED 1

/* What emit answers: taken; over the manifest's limits, return; nobody wants the answer any more, return. */
#define MONAZITE_EMIT_OK 0
#define MONAZITE_EMIT_OVER_LIMIT 1
#define MONAZITE_EMIT_CANCELLED 2

/* Numbers of monazite.analysis.v1.FailureCode. */
#define MONAZITE_FAIL_INVALID_INPUT 1
#define MONAZITE_FAIL_INTERNAL 2
#define MONAZITE_FAIL_PANIC 3
#define MONAZITE_FAIL_CANCELLED 6

#define MONAZITE_LOG_ERROR 1
#define MONAZITE_LOG_WARN 2
#define MONAZITE_LOG_INFO 3
#define MONAZITE_LOG_DEBUG 4

/* First in every struct of functions. */
typedef struct monazite_head {
    uint32_t len;       /* of the whole struct in bytes, as its maker knows it */
    uint16_t abi_major; /* MONAZITE_ABI_MAJOR of its maker */
    uint16_t abi_minor; /* MONAZITE_ABI_MINOR of its maker */
} monazite_head;

#define MONAZITE_HEAD(type) { sizeof(type), MONAZITE_ABI_MAJOR, MONAZITE_ABI_MINOR }

/* Borrowed bytes; valid as long as the comment at their place says. data may be NULL if len is zero. */
typedef struct monazite_bytes {
    const uint8_t *data;
    size_t len;
} monazite_bytes;

/* Bytes that change hands. The receiver calls release exactly once, if it is not NULL. */
typedef struct monazite_owned_bytes {
    const uint8_t *data;
    size_t len;
    void *owner; /* the maker's own */
    /* Gives the bytes back and sets itself to NULL. May be NULL. [thread-safe] */
    void (*release)(struct monazite_owned_bytes *bytes);
} monazite_owned_bytes;

/* What the host offers a plugin besides calls. Belongs to the host. */
typedef struct monazite_host {
    monazite_head head;
    void *host_data; /* the host's own */
    /* Takes a line of log in UTF-8, which the host copies. [thread-safe] */
    void (*log)(const struct monazite_host *host, uint32_t level, monazite_bytes message);
    /* Answers the extension of an id, or NULL. Belongs to the host, valid as long as it. [thread-safe] */
    const void *(*get_extension)(const struct monazite_host *host, const char *id);
} monazite_host;

/* One call: what goes in, and where the answer goes. Belongs to the host, valid until analyze returns. */
typedef struct monazite_call {
    monazite_head head;
    void *host_data;              /* the host's own */
    monazite_bytes group;         /* name of the group, in UTF-8 */
    const monazite_bytes *inputs; /* encoded monazite.record.v1.Records, sorted by name */
    size_t input_count;
    /* Takes an encoded monazite.record.v1.Record, which the host copies. On anything but MONAZITE_EMIT_OK return
     * as soon as you can. [worker-thread], from the thread that analyze was called on. */
    int32_t (*emit)(const struct monazite_call *call, monazite_bytes record);
    /* Not zero if nobody wants the answer any more. [thread-safe] */
    uint32_t (*cancelled)(const struct monazite_call *call);
    /* Tells why the call fails, with a message in UTF-8 of at most 4,096 bytes, which the host copies. The first
     * one counts. [worker-thread], from the thread that analyze was called on. */
    void (*fail)(const struct monazite_call *call, int32_t code, monazite_bytes message);
} monazite_call;

/* One analyzer. */
typedef struct monazite_analyzer {
    monazite_head head;
    void *plugin_data; /* the plugin's own */
    /* Ends the analyzer; no call is under way, and none follows. [main-thread] */
    void (*destroy)(const struct monazite_analyzer *analyzer);
    /* Does one call. Answers MONAZITE_STATUS_OK if it succeeded and all of it was emitted; else it has told why
     * through call->fail. [worker-thread] */
    int32_t (*analyze)(const struct monazite_analyzer *analyzer, const monazite_call *call);
    /* Answers the extension of an id, or NULL. Belongs to the plugin, valid until destroy. May be NULL.
     * [thread-safe] */
    const void *(*get_extension)(const struct monazite_analyzer *analyzer, const char *id);
} monazite_analyzer;

/* Describes and makes analyzers. */
typedef struct monazite_factory {
    monazite_head head;
    /* How many analyzers there are. [thread-safe] */
    uint32_t (*count)(const struct monazite_factory *factory);
    /* Fills in the encoded monazite.analysis.v1.Manifest of the analyzer at index, counted from zero; on any status
     * but MONAZITE_STATUS_OK, a message in UTF-8 instead. [main-thread] */
    int32_t (*manifest)(const struct monazite_factory *factory, uint32_t index, monazite_owned_bytes *out);
    /* Makes the analyzer at index from a config in JSON (UTF-8, empty if there is none; valid during the call).
     * host is valid until the analyzer is destroyed. Answers NULL and fills in error with a message in UTF-8 if the
     * config is refused. The analyzer belongs to the plugin and is valid until its destroy. [main-thread] */
    const monazite_analyzer *(*create)(const struct monazite_factory *factory, const monazite_host *host,
                                       uint32_t index, monazite_bytes config, monazite_owned_bytes *error);
} monazite_factory;

/* What a library exports as `monazite_entry`. Lives as long as the library. */
typedef struct monazite_plugin_entry {
    monazite_head head;
    /* Called once, before anything else; plugin_path is the library's own path and valid during the call. Anything
     * but MONAZITE_STATUS_OK refuses the library. [main-thread] */
    int32_t (*init)(const char *plugin_path);
    /* Called at most once, after all analyzers are destroyed; a process that ends in another way never calls it.
     * [main-thread] */
    void (*deinit)(void);
    /* Answers the factory of an id such as MONAZITE_FACTORY_ID, or NULL. Valid until deinit. [thread-safe] */
    const void *(*get_factory)(const char *id);
} monazite_plugin_entry;

extern MONAZITE_EXPORT const monazite_plugin_entry monazite_entry;

#ifdef __cplusplus
}
#endif

#endif
