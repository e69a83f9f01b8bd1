#pragma once

#include "cornu/core/stop.h"
#include "cornu/training/callback.h"
#include "cornu/training/epoch_counts.h"
#include "cornu/training/feed.h"
#include "cornu/training/progress.h"

namespace cornu::inline v0 {

/// Loss and metrics over one epoch of `feed`, whose samples are described by `spec`, with the
/// executor of an evaluate plan and a workspace of that executor. If the loss is not finite because
/// an input, a target or a weight of a sample is not, an Error names the sample. Once a stop is
/// requested, no further step begins and on_test_end is not called. `progress` is told of each
/// step, unless it is null. Processes that share batches have the same logs.
CORNU_API Logs evaluate(const Executor& executor, Workspace& workspace, Feed& feed,
                        const Spec& spec, const Counted& counted, const Callbacks& callbacks,
                        const StopToken& stop, Progress* progress, const Sharing& sharing = {});

/// Whether one of them watches batches.
bool watch_batches(const Callbacks& callbacks);

}  // namespace cornu::inline v0
