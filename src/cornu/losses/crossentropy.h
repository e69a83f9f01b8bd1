#pragma once

#include "cornu/losses/loss.h"

namespace cornu::inline v0 {

/// The cross-entropy that suits targets and outputs, as Keras's `compile(loss="crossentropy")`
/// chooses it: binary for outputs (None, …, 1), sparse categorical for labels, categorical for
/// one-hot rows. Its other name: "ce".
class CORNU_API Crossentropy final : public Loss {
 public:
  static constexpr std::string_view kName = "crossentropy";
  using Options = NoLossOptions;
  explicit Crossentropy(NoLossOptions = {});
};

}  // namespace cornu::inline v0
