#include "cornu/datasets/transfer.h"

namespace cornu::inline v0::datasets {

struct Transfer::State {};

std::string Transfer::missing() {
  return "this build was made without libcurl";
}

Transfer::Transfer(const TransferLimits&) {}

Transfer::~Transfer() = default;

Transferred Transfer::get(const std::string&, uint64_t, PartFile&,
                          const std::function<void(uint64_t)>&) {
  return {.end = TransferEnd::refused, .reason = missing()};
}

}  // namespace cornu::inline v0::datasets
