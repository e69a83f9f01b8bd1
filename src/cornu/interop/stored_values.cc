#include "cornu/interop/stored_values.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <set>
#include <span>

#include "cornu/core/error.h"
#include "cornu/core/value.h"

namespace cornu::inline v0 {
namespace {

// A file's floats may begin at any address.
constexpr size_t kChunk = 4096;

template <class Visit>
void for_each_chunk(std::span<const std::byte> bytes, const Visit& visit) {
  float chunk[kChunk];
  const size_t count = bytes.size() / sizeof(float);
  for (size_t at = 0; at < count; at += kChunk) {
    const size_t size = std::min(kChunk, count - at);
    std::memcpy(chunk, bytes.data() + at * sizeof(float), size * sizeof(float));
    visit(at, std::span<const float>(chunk, size));
  }
}

void check(const StoredValue& each) {
  const Shape& shape = each.weight->value.shape();
  if (!(each.values->shape == shape) || each.values->type != "float32") {
    throw Error({.kind = ErrorKind::corrupt,
                 .where = each.where,
                 .expected = "float32 values of shape " + shape.str(),
                 .found = each.values->type + " of shape " + each.values->shape.str()});
  }
  for_each_chunk(each.values->bytes(), [&](size_t at, std::span<const float> chunk) {
    const auto bad = std::ranges::find_if(chunk, [](float x) { return !std::isfinite(x); });
    if (bad == chunk.end()) return;
    const size_t element = at + static_cast<size_t>(bad - chunk.begin());
    throw Error({.kind = ErrorKind::corrupt,
                 .where = each.where,
                 .expected = "finite numbers",
                 .found = shortest(*bad) + " at element " + std::to_string(element)});
  });
}

}  // namespace

void require_all(const std::vector<StoredValue>& values, const Graph& graph,
                 const std::string& where) {
  std::set<const Weight*> there;
  for (const StoredValue& each : values) there.insert(each.weight);
  for (const NamedWeight& each : graph.weights()) {
    if (there.contains(each.weight)) continue;
    throw Error({.kind = ErrorKind::corrupt, .where = where, .what = "has no " + each.name});
  }
}

void set_all(const std::vector<StoredValue>& values) {
  for (const StoredValue& each : values) check(each);
  for (const StoredValue& each : values) {
    Tensor& to = each.weight->value;
    if (to.nbytes() > 0) std::memcpy(to.data(), each.values->bytes().data(), to.nbytes());
  }
}

Tensor tensor_of(const formats::Hdf5Dataset& values, const std::string& where) {
  for (const DType dtype :
       {DType::float32, DType::float64, DType::int64, DType::int32, DType::uint8}) {
    if (name(dtype) != values.type) continue;
    Tensor tensor(values.shape, dtype);
    if (tensor.nbytes() > 0) std::memcpy(tensor.data(), values.bytes().data(), tensor.nbytes());
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
