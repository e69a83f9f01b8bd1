#pragma once

/// Cornu's version; the build, the packages and `cornu --version` read it here.
#define CORNU_VERSION "0.1.0"
