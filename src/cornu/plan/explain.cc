#include <algorithm>
#include <map>

#include "cornu/core/names.h"
#include "cornu/core/value.h"
#include "cornu/plan/measure.h"
#include "cornu/plan/schedule.h"

namespace cornu::inline v0 {
namespace {

using Row = std::vector<std::string>;

std::string table(const std::vector<Row>& rows) {
  std::vector<size_t> widths;
  // Width in characters: every byte except UTF-8's continuation bytes.
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
  if (bytes >= 1024 * 1024) return fixed(bytes / (1024 * 1024), 1) + " MiB";
  if (bytes >= 1024) return fixed(bytes / 1024, 1) + " KiB";
  return fixed(bytes, 0) + " B";
}

double bytes_of(const Plan& plan, SlotId id) {
  const Slot& slot = plan.slot(id);
  return static_cast<double>(plan.size(id, plan.capacity)) *
         static_cast<double>(itemsize(slot.dtype));
}

std::string number(SlotId id) {
  return id == kNone ? "-" : "%" + std::to_string(id);
}

std::string joined(Slots slots) {
  while (!slots.empty() && slots.back() == kNone) slots.pop_back();
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

namespace {

std::string percent(double part) {
  return fixed(100 * part, 1) + " %";
}

std::string microseconds(double seconds) {
  return fixed(1e6 * seconds, 1);
}

std::string op_text(const Op& op) {
  std::string text = std::string(name(op.what)) + fields_text(op.what);
  for (const std::string& fused : fused_text(op)) text += " + " + fused;
  return text;
}

// The speed of an op as a part of the peak of the members, while they are busy with it.
std::string part_of_peak(double flops, double seconds_of_all, double peak) {
  return flops == 0 || seconds_of_all == 0 ? "" : percent(flops / seconds_of_all / peak);
}

std::string place_text(const Plan& plan, const Schedule& schedule, SlotId id) {
  const Slot& slot = plan.slot(id);
  const SlotPlace& place = schedule.place(id);
  if (slot.base != kNone) {
    const std::string from = slot.offset > 0 ? " from " + std::to_string(slot.offset) : "";
    return (slot.strides ? "in " : "of ") + number(slot.base) + from;
  }
  if (slot.by_rows) return "by rows";
  if (place.offset < 0) return "outside";
  std::string text = std::to_string(place.offset);
  if (place.copies > 1) text += " × " + std::to_string(place.copies);
  return place.sharded ? text + " of each" : text;
}

std::string ops_table(const Plan& plan, const Schedule& schedule, const OpTimes* times) {
  std::vector<Row> rows = {
      {"", "phase", "layer", "op", "in", "out", "shape", "FLOPs", "bytes", "split"}};
  if (times != nullptr) rows[0].insert(rows[0].end(), {"µs", "share", "of peak"});
  rows[0].push_back("");
  for (size_t i = 0; i < schedule.ops.size(); ++i) {
    const Op& op = schedule.ops[i];
    double bytes = 0;
    for (const Slots* slots : {&op.in, &op.out}) {
      for (SlotId id : *slots) bytes += id == kNone ? 0 : bytes_of(plan, id);
    }
    const double flops = cornu::flops(op, sizes_of(op, plan.slots, plan.capacity));
    Row row = {std::to_string(i),
               std::string(name(op.phase)),
               op.layer,
               op_text(op),
               joined(op.in),
               joined(op.out) + (op.accumulate ? " +=" : ""),
               plan.slot(op.out[0]).shape.str(),
               with_commas(static_cast<int64_t>(flops)),
               bytes_text(bytes),
               split_text(op)};
    if (times != nullptr) {
      const double seconds = times->longest[i];
      row.insert(row.end(), {microseconds(seconds), percent(seconds / times->step),
                             part_of_peak(flops, times->of_all[i], times->peak)});
    }
    row.emplace_back(op.barrier ? "barrier" : "");
    rows.push_back(std::move(row));
  }
  return table(rows);
}

std::string slots_table(const Plan& plan, const Schedule& schedule) {
  std::map<SlotId, bool> used;
  for (const Op& op : plan.ops) {
    for (const Slots* slots : {&op.in, &op.out}) {
      for (SlotId id : *slots) {
        if (id != kNone) used[id] = true;
      }
    }
  }
  std::vector<Row> rows = {{"slot", "kind", "name", "shape", "dtype", "bytes", "offset"}};
  for (const auto& [id, is_used] : used) {
    const Slot& slot = plan.slot(id);
    rows.push_back({number(id), std::string(kind_name(slot.kind)), slot.name, slot.shape.str(),
                    std::string(name(slot.dtype)), bytes_text(bytes_of(plan, id)),
                    place_text(plan, schedule, id)});
  }
  return table(rows);
}

std::string times_text(const OpTimes& times) {
  double ops = 0;
  for (double seconds : times.seconds) ops += seconds;
  return "Measured: " + microseconds(times.step) + " µs per step on " +
         std::to_string(times.threads) + (times.threads == 1 ? " thread" : " threads") + " (" +
         std::to_string(times.steps) + " steps), of which the first thread waited " +
         microseconds(times.waiting) + ", gathered samples for " + microseconds(times.gathering) +
         " and spent " + microseconds(times.step - ops - times.waiting - times.gathering) +
         " between ops. Peak of a thread: " + fixed(times.peak / 1e9, 1) +
         " GFLOP/s.\nAn op's time is that of the thread that takes longest for it. FLOPs are those "
         "of "
         "plain loops: an op that leaves out zeros, or places that no window sees, may seem faster "
         "than the peak.\nThreads: " +
         times.use.text() + ".\n";
}

std::string text_of(const Plan& plan, const Schedule& schedule, const OpTimes* times) {
  std::string text =
      "Plan: " + std::string(name(plan.mode)) + ", up to " + std::to_string(plan.capacity) +
      " rows, " + std::string(name(plan.real)) + ", shards " + std::to_string(plan.shards) + ", " +
      std::to_string(schedule.members) + (schedule.members == 1 ? " thread\n" : " threads\n");
  std::string passes;
  for (const auto* made_by : {&plan.passes, &schedule.passes}) {
    for (const std::string& pass : *made_by) passes += (passes.empty() ? "" : ", ") + pass;
  }
  text += "Passes: " + (passes.empty() ? "none" : passes) + "\n\n";
  text += ops_table(plan, schedule, times);
  text += "Total: " + with_commas(static_cast<int64_t>(plan.flops(plan.capacity))) +
          " FLOPs per run of " + std::to_string(plan.capacity) + " rows" +
          (schedule.barrier_at_end ? ", and a barrier at its end" : "") + "\n";
  if (times != nullptr) text += times_text(*times);
  text += "\n" + slots_table(plan, schedule) +
          "Arena: " + bytes_text(static_cast<double>(schedule.arena_bytes));
  if (schedule.member_bytes > 0) {
    text += " and " + bytes_text(static_cast<double>(schedule.member_bytes)) + " per thread";
  }
  return text + "\n";
}

}  // namespace

std::string explain(const Plan& plan, const Schedule& schedule) {
  return text_of(plan, schedule, nullptr);
}

std::string explain(const Plan& plan, const OpTimes& times) {
  return text_of(plan, times.schedule, &times);
}

}  // namespace cornu::inline v0
