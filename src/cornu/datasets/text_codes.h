#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "cornu/datasets/columns.h"

namespace cornu::inline v0::datasets {

/// Finds texts without a copy of them.
struct TextHash {
  using is_transparent = void;
  size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};

/// Gives the texts of a column their codes.
class TextCodes {
 public:
  /// The code of a text, which joins those of the column; -1 when it keeps no more.
  int32_t code_of(std::string_view text, Column& column) {
    if (last_ != nullptr && last_->first == text) return last_->second;
    auto found = codes_.find(text);
    if (found == codes_.end()) {
      if (codes_.size() == kMostTexts) {
        column.has_more_texts = true;
        return -1;
      }
      found = codes_.emplace(text, static_cast<int32_t>(codes_.size())).first;
      column.texts.emplace_back(text);
    }
    last_ = &*found;
    return last_->second;
  }

 private:
  std::unordered_map<std::string, int32_t, TextHash, std::equal_to<>> codes_;
  const std::pair<const std::string, int32_t>* last_ = nullptr;
};

}  // namespace cornu::inline v0::datasets
