#include "cornu/interop/class_name.h"

#include <utility>

namespace cornu::inline v0 {
namespace {

// Those that are not their words with capitals.
constexpr std::pair<std::string_view, std::string_view> kIrregular[] = {
    {"adamw", "AdamW"},
    {"auc", "AUC"},
    {"csv_logger", "CSVLogger"},
    {"kl_divergence", "KLDivergence"},
    {"l1l2", "L1L2"},
    {"reduce_lr_on_plateau", "ReduceLROnPlateau"},
    {"rmsprop", "RMSprop"},
    {"sgd", "SGD"},
    {"terminate_on_nan", "TerminateOnNaN"},
};

}  // namespace

std::string class_name_of(std::string_view name) {
  for (const auto& [ours, keras] : kIrregular) {
    if (name == ours) return std::string(keras);
  }
  std::string words;
  bool begins = true;
  for (const char c : name) {
    if (c != '_') words += begins && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    begins = c == '_';
  }
  return words;
}

}  // namespace cornu::inline v0
