#pragma once

/// Marks the symbols that a shared library exports; all others are hidden.
#if defined(__GNUC__)
#define CORNU_API __attribute__((visibility("default")))
#else
#define CORNU_API
#endif
