#include "cornu/datasets/transfer.h"

namespace cornu::inline v0::datasets {

struct Transfer::State {};

bool Transfer::available() {
  return false;
}

Transfer::Transfer(const TransferLimits&) {}

Transfer::~Transfer() = default;

Transferred Transfer::get(const std::string&, uint64_t, const std::function<void(uint64_t)>&) {
  return {.bytes = {}, .reason = "this build was made without libcurl and downloads nothing"};
}

}  // namespace cornu::inline v0::datasets
