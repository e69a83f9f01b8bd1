#include "cornu/models/fit_settings.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "cornu/core/fields.h"
#include "cornu/core/rng.h"

namespace cornu::inline v0 {
namespace {

uint64_t mixed(uint64_t hash, TensorView values) {
  const std::span bytes(values.data(), values.nbytes());
  for (size_t at = 0; at < bytes.size(); at += sizeof(uint64_t)) {
    uint64_t word = 0;
    std::memcpy(&word, bytes.data() + at, std::min(sizeof word, bytes.size() - at));
    hash = mix(hash, word);
  }
  return hash;
}

std::string hex(uint64_t number) {
  std::string text;
  for (int shift = 60; shift >= 0; shift -= 4) text += "0123456789abcdef"[number >> shift & 15];
  return text;
}

std::string fingerprint(const Source& source, const Spec& spec) {
  const int64_t rows = std::min<int64_t>(spec.size, 1024);
  std::vector<uint64_t> ids;
  for (int64_t i = 0; i < rows; ++i) {
    ids.push_back(static_cast<uint64_t>(i) * static_cast<uint64_t>(spec.size) /
                  static_cast<uint64_t>(rows));
  }
  Batch batch = make_batch(spec, rows);
  fill(source, ids, batch);
  uint64_t hash = 0;
  for (const auto* arrays : {&batch.x, &batch.y, &batch.weights}) {
    for (const Tensor& each : *arrays) hash = mixed(hash, each.view().rows(0, rows));
  }
  return hex(hash);
}

Value::Map fields_settings(const Spec& spec) {
  return {{"inputs", fields_config(spec.x)},
          {"targets", fields_config(spec.y)},
          {"weights", static_cast<int64_t>(spec.weights)}};
}

}  // namespace

Value fields_config(const std::vector<Field>& fields) {
  Value::List list;
  for (const Field& field : fields) {
    Value::Map map = fields_to_map(field.encoding);
    map.emplace_back("shape", to_value(field.shape));
    list.emplace_back(std::move(map));
  }
  return list;
}

Value data_settings(const Source& source) {
  const Spec spec = source.spec();
  Value::Map settings = fields_settings(spec);
  settings.emplace_back("size", spec.size);
  settings.emplace_back("fingerprint", fingerprint(source, spec));
  return settings;
}

Value data_settings(const Spec& spec) {
  return fields_settings(spec);
}

Value fit_settings(const FitOptions& options) {
  Value::Map class_weight;
  for (const auto& [number, weight] : options.class_weight) {
    class_weight.emplace_back(std::to_string(number), weight);
  }
  Value::Map settings = {{"batch_size", options.batch_size},
                         {"shuffle", options.shuffle},
                         {"initial_epoch", options.initial_epoch},
                         {"steps_per_epoch", options.steps_per_epoch},
                         {"validation_split", options.validation_split},
                         {"validation_freq", options.validation_freq},
                         {"validation_steps", options.validation_steps},
                         {"class_weight", std::move(class_weight)}};
  if (options.sample_weight.size() > 0) {
    settings.emplace_back("sample_weight", hex(mixed(0, options.sample_weight.view())));
  }
  return settings;
}

}  // namespace cornu::inline v0
