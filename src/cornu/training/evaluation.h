#pragma once

#include "cornu/training/callback.h"
#include "cornu/training/epoch_counts.h"
#include "cornu/training/feed.h"

namespace cornu::inline v0 {

/// Loss and metrics over the batches of one epoch of `feed`, whose samples are as `spec` says, with
/// an executor of an evaluate plan and a workspace of its own. Error that names the sample where
/// the loss is not finite since one has an input, a target or a weight that is not.
CORNU_API Logs evaluate(const Executor& executor, Workspace& workspace, Feed& feed,
                        const Spec& spec, const Counted& counted, const Callbacks& callbacks);

/// Whether one of them watches batches.
bool watch_batches(const Callbacks& callbacks);

}  // namespace cornu::inline v0
