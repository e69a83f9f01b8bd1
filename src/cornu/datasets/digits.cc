#include "cornu/datasets/digits.h"

#include <utility>

#include "cornu/datasets/catalogue.h"
#include "cornu/datasets/payload.h"
#include "cornu/formats/idx.h"

// A gzipped IDX file of 5,000 tiles, which the assembler puts between these two.
extern "C" const std::byte cornu_digits_begin[];
extern "C" const std::byte cornu_digits_end[];

namespace cornu::inline v0::datasets {

DatasetParts digits() {
  const DatasetEntry& entry = entry_of("digits");
  const std::string where = "digits, part of the library";
  const std::span<const std::byte> file(cornu_digits_begin, cornu_digits_end);
  Tensor images = formats::read_idx(verified_payload(file, entry.files[0], where, ""), where);
  Tensor labels(Shape{images.shape()[0]}, DType::uint8);
  uint8_t label = 0;
  for (uint8_t& each : labels.span<uint8_t>()) {
    each = label;
    label = static_cast<uint8_t>((label + 1) % entry.classes());
  }
  const Dataset all(std::move(images), std::move(labels),
                    {.name = entry.name,
                     .class_names = entry.class_names,
                     .sha256 = entry.train_sha256,
                     .origin = "embedded"});
  return {.train = all.take(entry.train_size), .test = all.skip(entry.train_size)};
}

}  // namespace cornu::inline v0::datasets
