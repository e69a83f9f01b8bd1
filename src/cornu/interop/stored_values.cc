#include "cornu/interop/stored_values.h"

#include <cstring>
#include <set>
#include <span>
#include <utility>

#include "cornu/core/block.h"
#include "cornu/core/error.h"
#include "cornu/core/fill_parts.h"
#include "cornu/core/finite.h"
#include "cornu/core/value.h"

namespace cornu::inline v0 {
namespace {

Error unfitting(const StoredValue& each) {
  return Error({.kind = ErrorKind::corrupt,
                .where = each.where,
                .expected = "float32 values of shape " + each.weight->value.shape().str(),
                .found = each.values->type + " of shape " + each.values->shape.str()});
}

void require_fitting(const StoredValue& each) {
  if (shape_mismatch(each) || each.values->type != "float32") throw unfitting(each);
}

// Room for the numbers, which are there.
Tensor room_for(const formats::Hdf5Dataset& values, DType dtype) {
  Block block(static_cast<size_t>(values.nbytes()));
  block.prefer_huge_pages();
  return {std::move(block), values.shape, dtype};
}

// A part, from that element on; each piece is checked while it is in the cache.
void read_finite(const StoredValue& each, size_t begin, std::span<float> to) {
  size_t checked = 0;
  each.values->read(begin * sizeof(float), std::as_writable_bytes(to), [&](size_t bytes) {
    const std::span<const float> there = to.first(bytes / sizeof(float)).subspan(checked);
    const size_t at = first_not_finite(there);
    if (at < there.size()) {
      throw Error(
          {.kind = ErrorKind::corrupt,
           .where = each.where,
           .expected = "finite numbers",
           .found = shortest(there[at]) + " at element " + std::to_string(begin + checked + at)});
    }
    checked += there.size();
  });
}

void copy_numbers(const Tensor& from, Tensor& to) {
  if (to.nbytes() > 0) std::memcpy(to.data(), from.data(), to.nbytes());
}

// Whole numbers are read, also where they do not lie at multiples of their size.
FilledPart part_of(const StoredValue& each) {
  const uint64_t address = each.values->stored.address;
  Tensor& to = each.weight->value;
  return {.offset = address - address % sizeof(float), .to = {to.data(), to.nbytes()}};
}

Tensor read_todays(const StoredValue& each) {
  Tensor stored = room_for(*each.values, DType::float32);
  read_finite(each, 0, stored.span<float>());
  return each.form.is_todays() ? std::move(stored) : each.form.todays(stored);
}

}  // namespace

std::optional<Error> shape_mismatch(const StoredValue& value) {
  if (value.form.todays(value.values->shape) == value.weight->value.shape()) return {};
  return unfitting(value);
}

void require_all(const std::vector<StoredValue>& values, const Graph& graph,
                 const std::string& where) {
  std::set<const Weight*> there;
  for (const StoredValue& each : values) there.insert(each.weight);
  for (const NamedWeight& each : graph.weights()) {
    if (there.contains(each.weight)) continue;
    throw Error({.kind = ErrorKind::corrupt, .where = where, .what = "has no " + each.name});
  }
}

void read_in_place(const std::vector<StoredValue>& values) {
  std::vector<FilledPart> parts;
  std::vector<const StoredValue*> todays;
  for (const StoredValue& each : values) require_fitting(each);
  for (const StoredValue& each : values) {
    if (each.form.is_todays()) {
      todays.push_back(&each);
      parts.push_back(part_of(each));
    } else {
      copy_numbers(read_todays(each), each.weight->value);
    }
  }
  const auto is_at_hand = [&](size_t i, size_t begin) {
    return todays[i]->values->is_at_hand(begin);
  };
  fill_parts(parts, is_at_hand, [&](size_t i, size_t begin, std::span<std::byte> to) {
    read_finite(*todays[i], begin / sizeof(float),
                {reinterpret_cast<float*>(to.data()), to.size() / sizeof(float)});
  });
}

std::vector<Tensor> read_all(const std::vector<StoredValue>& values) {
  for (const StoredValue& each : values) require_fitting(each);
  std::vector<Tensor> all;
  for (const StoredValue& each : values) all.push_back(read_todays(each));
  return all;
}

void set_all(const std::vector<StoredValue>& values, const std::vector<Tensor>& numbers) {
  for (size_t i = 0; i < values.size(); ++i) copy_numbers(numbers[i], values[i].weight->value);
}

Tensor tensor_of(const formats::Hdf5Dataset& values, const std::string& where) {
  for (const DType dtype :
       {DType::float32, DType::float64, DType::int64, DType::int32, DType::uint8}) {
    if (name(dtype) != values.type) continue;
    Tensor tensor = room_for(values, dtype);
    values.read(0, {tensor.data(), tensor.nbytes()}, [](size_t) {});
    return tensor;
  }
  throw Error({.kind = ErrorKind::unsupported,
               .where = where,
               .expected = "float32, float64, int64, int32 or uint8",
               .found = values.type});
}

formats::Hdf5Dataset dataset_of(const std::string& name, const Tensor& tensor) {
  return {.name = name,
          .type = std::string(cornu::name(tensor.dtype())),
          .shape = tensor.shape(),
          .data = {tensor.data(), tensor.nbytes()}};
}

}  // namespace cornu::inline v0
