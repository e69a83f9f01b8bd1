#include "cornu/cli/show_maps.h"

#include <fmt/format.h>

#include <sstream>

#include "cornu/cli/output.h"
#include "cornu/cli/usage_error.h"
#include "cornu/report/feature_maps.h"
#include "cornu/report/read_picture.h"

namespace cornu::inline v0::cli {
namespace {

std::vector<std::string> names_in(const std::string& text) {
  std::vector<std::string> names;
  std::istringstream words(text);
  for (std::string name; std::getline(words, name, ',');) {
    const size_t begin = name.find_first_not_of(' ');
    if (begin == std::string::npos) continue;
    names.push_back(name.substr(begin, name.find_last_not_of(' ') - begin + 1));
  }
  return names;
}

// A sample of a network, (height, width, channels).
Shape sample_of(const Model& model) {
  return model.inputs().at(0).shape().without_rows();
}

Tensor picture(const Model& model, const std::string& path) {
  const Shape sample = sample_of(model);
  Tensor image = read_picture(path, sample.ndim() == 3 ? sample[2] : 1);
  if (sample.ndim() == 3 && image.shape()[0] == sample[0] && image.shape()[1] == sample[1]) {
    return image;
  }
  throw Error({.where = path,
               .what = "does not fit the model",
               .expected = "a picture of " + sample.str() + " (height, width, channels)",
               .found = image.shape().str()});
}

Tensor sample(const Model& model, const ShowMapsOptions& options) {
  const auto check_sample = [&options](int64_t count) {
    if (options.sample < count) return;
    throw Error({.where = "--sample",
                 .expected = "below " + std::to_string(count) + ", the samples of that part",
                 .found = std::to_string(options.sample)});
  };
  const DatasetArgument argument = on_command_line([&] {
    const DatasetArgument found = dataset_argument(options.image);
    if (found.entry != nullptr) {
      check_sample(options.part == Part::test ? found.entry->test_size : found.entry->train_size);
    }
    return found;
  });
  const Dataset part =
      part_of(described_for(model, argument, {.data_dir = options.data_dir}), options.part);
  check_sample(part.size());
  return Tensor(part.x().row(options.sample));
}

// Bytes divided by 255 if the model does not say how its bytes were read.
Tensor as_predicted(const Model& model, Tensor image) {
  if (image.dtype() != DType::uint8 || !model.data_spec().x.empty()) return image;
  const Shape one = image.shape().with_rows().with_rows(1);
  return scaled(Dataset(Tensor(image.view().reshape(one)), Tensor({1}))).decoded_x();
}

}  // namespace

int show_maps(const ShowMapsOptions& options) {
  const Model model = load_model_of(options.model);
  const bool is_picture = options.image.ends_with(".png") || options.image.ends_with(".jpg") ||
                          options.image.ends_with(".jpeg");
  const Tensor image = is_picture ? picture(model, options.image) : sample(model, options);
  save_feature_maps(model, as_predicted(model, image), options.out,
                    {.layers = names_in(options.layers), .most = options.most});
  print("picture: " + options.out + "\n");
  return 0;
}

}  // namespace cornu::inline v0::cli
