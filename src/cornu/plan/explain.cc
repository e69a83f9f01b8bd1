#include <algorithm>
#include <cstdio>
#include <map>

#include "cornu/core/names.h"
#include "cornu/plan/plan.h"

namespace cornu::inline v0 {
namespace {

using Row = std::vector<std::string>;

std::string table(const std::vector<Row>& rows) {
  std::vector<size_t> widths;
  // Width in characters: every byte but UTF-8's continuation bytes.
  const auto width = [](const std::string& text) {
    return static_cast<size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
  };
  for (const Row& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
  }
  std::string text;
  for (const Row& row : rows) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      line.append(widths[i] - width(row[i]) + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::string bytes_text(double bytes) {
  char text[32];
  if (bytes >= 1024 * 1024) {
    std::snprintf(text, sizeof text, "%.1f MiB", bytes / (1024 * 1024));
  } else if (bytes >= 1024) {
    std::snprintf(text, sizeof text, "%.1f KiB", bytes / 1024);
  } else {
    std::snprintf(text, sizeof text, "%.0f B", bytes);
  }
  return text;
}

double bytes_of(const Plan& plan, SlotId id) {
  const Slot& slot = plan.slot(id);
  return static_cast<double>(slot.shape.size(plan.capacity)) *
         static_cast<double>(itemsize(slot.dtype));
}

std::string number(SlotId id) {
  return id == kNone ? "-" : "%" + std::to_string(id);
}

std::string joined(const Slots& slots) {
  std::string text;
  for (SlotId id : slots) text += (text.empty() ? "" : " ") + number(id);
  return text;
}

std::string_view kind_name(SlotKind kind) {
  switch (kind) {
    case SlotKind::input:
      return "input";
    case SlotKind::weight:
      return "weight";
    case SlotKind::state:
      return "state";
    case SlotKind::activation:
      return "activation";
    case SlotKind::gradient:
      return "gradient";
  }
  return "";
}

}  // namespace

double Plan::flops(int64_t rows) const {
  double sum = 0;
  for (const Op& op : ops) sum += cornu::flops(op, sizes_of(op, slots, rows));
  return sum;
}

std::string explain(const Plan& plan) {
  std::string text = "Plan: " + std::string(name(plan.mode)) + ", up to " +
                     std::to_string(plan.capacity) + " rows, " + std::string(name(plan.real)) +
                     ", shards " + std::to_string(plan.shards) + "\n";
  std::string passes;
  for (const std::string& pass : plan.passes) passes += (passes.empty() ? "" : ", ") + pass;
  text += "Passes: " + (passes.empty() ? "none" : passes) + "\n\n";

  std::vector<Row> rows = {
      {"", "phase", "layer", "op", "in", "out", "shape", "FLOPs", "bytes", "split", ""}};
  std::map<SlotId, bool> used;
  for (size_t i = 0; i < plan.ops.size(); ++i) {
    const Op& op = plan.ops[i];
    double bytes = 0;
    for (const Slots* slots : {&op.in, &op.out}) {
      for (SlotId id : *slots) {
        if (id == kNone) continue;
        bytes += bytes_of(plan, id);
        used[id] = true;
      }
    }
    const double flops = cornu::flops(op, sizes_of(op, plan.slots, plan.capacity));
    rows.push_back({std::to_string(i), std::string(name(op.phase)), op.layer,
                    std::string(name(op.what)) + fields_text(op.what), joined(op.in),
                    joined(op.out) + (op.accumulate ? " +=" : ""), plan.slot(op.out[0]).shape.str(),
                    with_commas(static_cast<int64_t>(flops)), bytes_text(bytes),
                    op.split == Split::one ? "one" : "axis 0", op.barrier ? "barrier" : ""});
  }
  text += table(rows);
  text += "Total: " + with_commas(static_cast<int64_t>(plan.flops(plan.capacity))) +
          " FLOPs a run of " + std::to_string(plan.capacity) + " rows\n\n";

  rows = {{"slot", "kind", "name", "shape", "dtype", "bytes", "offset"}};
  for (const auto& [id, is_used] : used) {
    const Slot& slot = plan.slot(id);
    const int64_t offset = plan.slot(plan.base(id)).offset;
    rows.push_back({number(id), std::string(kind_name(slot.kind)), slot.name, slot.shape.str(),
                    std::string(name(slot.dtype)), bytes_text(bytes_of(plan, id)),
                    slot.base != kNone ? "of " + number(slot.base)
                    : offset >= 0      ? std::to_string(offset)
                                       : "outside"});
  }
  text += table(rows);
  return text + "Arena: " + bytes_text(static_cast<double>(plan.arena_bytes)) + "\n";
}

}  // namespace cornu::inline v0
