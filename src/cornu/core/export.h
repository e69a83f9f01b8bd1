#pragma once

/// Marks what a shared build shows to its users; everything else stays hidden.
#if defined(__GNUC__)
#define CORNU_API __attribute__((visibility("default")))
#else
#define CORNU_API
#endif
