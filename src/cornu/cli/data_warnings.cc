#include "cornu/cli/data_warnings.h"

#include <algorithm>
#include <cmath>
#include <iostream>
#include <vector>

#include "cornu/core/error.h"
#include "cornu/core/value.h"
#include "cornu/formats/utf8.h"

namespace cornu::inline v0::cli {
namespace {

constexpr double kLargestByte = 255;

void warn(ErrorParts parts) {
  std::cerr << "cornu: " << Error(std::move(parts)).what() << std::endl;
}

// The names of classes that no label has, with commas between.
std::string absent_classes(const Dataset& train) {
  constexpr size_t kMostNamed = 8;
  const std::vector<std::string>& names = train.info().class_names;
  std::vector<bool> occurs(names.size());
  for (int64_t i = 0; i < train.size(); ++i) occurs[static_cast<size_t>(train.y().at(i))] = true;
  std::string absent;
  size_t count = 0;
  for (size_t i = 0; i < names.size(); ++i) {
    if (occurs[i]) continue;
    if (++count <= kMostNamed) absent += (count == 1 ? "" : ", ") + formats::shown(names[i]);
  }
  return absent + (count > kMostNamed ? ", …" : "");
}

struct NumberRange {
  double least = 0, largest = 0;
  bool are_whole = true;
};

NumberRange range_of(TensorView numbers) {
  NumberRange range;
  for (const float x : numbers.span<float>()) {
    range.least = std::min<double>(range.least, x);
    range.largest = std::max<double>(range.largest, x);
    range.are_whole = range.are_whole && x == std::trunc(x);
  }
  return range;
}

bool are_floats(const Dataset& data) {
  return data.size() > 0 && data.x().dtype() == DType::float32;
}

}  // namespace

void require_two_classes(const Data& data) {
  if (!data.are_files || data.classes() != 1) return;
  throw Error({.where = data.title,
               .what = "all samples are of one class, " + formats::shown(data.class_names[0]),
               .expected = "at least two classes",
               .hint = "pictures lie in a folder for each class; targets that are numbers to be "
                       "predicted are floats"});
}

void warn_of_training_data(const Data& data, const Dataset& train) {
  if (!data.are_files) return;
  if (data.classes() > 0) {
    if (const std::string absent = absent_classes(train); !absent.empty()) {
      warn({.where = data.title,
            .what =
                "no sample for training is of class " + absent + ", so the model cannot learn them",
            .hint = "classes are numbered from 0"});
    }
  }
  const bool are_pictures = data.input_shape.ndim() >= 2;
  if (!are_pictures || !are_floats(train)) return;
  const NumberRange range = range_of(train.x());
  const bool are_bytes = range.are_whole && range.least >= 0 && range.largest <= kLargestByte;
  if (!are_bytes || range.largest < kLargestByte / 2) return;
  warn({.where = data.title,
        .what = "its floats are whole numbers up to " + shortest(range.largest) +
                ", and a network learns best from numbers of 0 to 1",
        .hint = "divide them by 255, or keep them as uint8, which is divided"});
}

void warn_of_range(const Model& model, const Dataset& data) {
  const Spec& trained_on = model.data_spec();
  if (trained_on.x.empty() || trained_on.x[0].encoding.divisor == 1 || !are_floats(data)) return;
  const double divisor = trained_on.x[0].encoding.divisor;
  const NumberRange range = range_of(data.x());
  // Brightened pictures may go a little beyond.
  const double most = 2 * kLargestByte / divisor;
  if (range.largest <= most) return;
  warn({.where = data.info().name,
        .what = "the model was trained on bytes divided by " + shortest(divisor) +
                ", and these floats go up to " + shortest(range.largest) +
                ", so its answers will be wrong",
        .hint =
            "divide them by " + shortest(divisor) + ", or keep them as uint8, which is divided"});
}

}  // namespace cornu::inline v0::cli
