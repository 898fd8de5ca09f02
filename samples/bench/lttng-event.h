/* The tracepoint of lttng.c; the library includes this file again for each thing that it makes of it. */
#undef LTTNG_UST_TRACEPOINT_PROVIDER
#define LTTNG_UST_TRACEPOINT_PROVIDER trapline

#undef LTTNG_UST_TRACEPOINT_INCLUDE
#define LTTNG_UST_TRACEPOINT_INCLUDE "./lttng-event.h"

#if !defined(LTTNG_EVENT_H) || defined(LTTNG_UST_TRACEPOINT_HEADER_MULTI_READ)
#define LTTNG_EVENT_H

#include <lttng/tracepoint.h>
#include <stdint.h>

LTTNG_UST_TRACEPOINT_EVENT(trapline, event,
    LTTNG_UST_TP_ARGS(uint64_t, step, uint64_t, eip),
    LTTNG_UST_TP_FIELDS(
        lttng_ust_field_integer(uint64_t, step, step)
        lttng_ust_field_integer(uint64_t, eip, eip)))

#endif

#include <lttng/tracepoint-event.h>
