#include "cornu/cli/predict_pictures.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <utility>

#include "cornu/cli/guesses.h"
#include "cornu/cli/output.h"
#include "cornu/cli/prediction_file.h"
#include "cornu/core/file.h"
#include "cornu/core/names.h"
#include "cornu/core/nearest_file.h"
#include "cornu/formats/picture.h"
#include "cornu/formats/utf8.h"
#include "cornu/images/digits_in.h"
#include "cornu/images/resize.h"

namespace cornu::inline v0::cli {
namespace {

constexpr uint64_t kLargestFile = uint64_t{256} << 20;
// Of mnist, and of digits, which are samples of MNIST made smaller.
constexpr std::array<int64_t, 3> kMnistExtents = {28, 28, 1};
constexpr std::array<int64_t, 3> kDigitsExtents = {20, 20, 1};
constexpr uint8_t kBlack = 0;
constexpr uint8_t kWhite = 255;

// What a model is given of a picture.
struct Seen {
  std::string file;
  Value::List box = {};      ///< left, top, width and height of a digit; empty: the whole picture
  Tensor sample = Tensor();  ///< uint8, in the model's shape
};

// A picture, and what was done to it.
struct Opened {
  std::string file;
  formats::Picture picture;
  std::vector<std::string> steps = {};
};

// The height, width and channels of a model's samples.
std::array<int64_t, 3> extents_of(const Model& model, const std::string& name) {
  if (const auto extents = picture_extents(model)) return *extents;
  const Shape sample = model.inputs().at(0).shape().without_rows();
  for (const auto& extents : {kMnistExtents, kDigitsExtents}) {
    if (sample == Shape{extents[0] * extents[1]}) return extents;
  }
  throw Error({.where = name,
               .what = "is no model of pictures",
               .expected = "samples of shape (height, width) or (height, width, 1 or 3)",
               .found = sample.str()});
}

// Trained on digits as MNIST has them.
bool reads_digits(const Model& model, const std::array<int64_t, 3>& extents) {
  if (extents != kMnistExtents && extents != kDigitsExtents) return false;
  const Value provenance = model.card().provenance;
  const Value* const name = provenance.find("dataset");
  return name != nullptr && (*name == Value("mnist") || *name == Value("digits"));
}

Opened opened(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) {
    throw Error({.kind = ErrorKind::not_found,
                 .where = path,
                 .what = "there is no such file",
                 .hint = nearest_file_hint(path)});
  }
  Opened one{.file = path,
             .picture = formats::read_picture_file(read_file(path, kLargestFile), path)};
  one.steps = one.picture.changes;
  return one;
}

uint8_t background_of(Opened& one) {
  const uint8_t background = formats::contrasting_background(one.picture);
  if (one.picture.channels() % 2 == 0) {
    const bool is_black = background == kBlack;
    one.steps.push_back(std::string("what is transparent made ") + (is_black ? "black" : "white"));
  }
  return background;
}

std::vector<Seen> digits_of(Opened& one, const std::array<int64_t, 3>& extents) {
  const Tensor grey = formats::on_background(one.picture, 1, background_of(one));
  const Shape plane{grey.shape()[0], grey.shape()[1]};
  images::DigitsIn found = images::digits_in(grey.view().reshape(plane));
  one.steps.insert(one.steps.end(), found.steps.begin(), found.steps.end());
  if (found.digits.empty()) {
    throw Error({.where = one.file,
                 .what = "no digit was found",
                 .expected = "dark digits on light paper, or the reverse, that stand apart",
                 .hint = "a crop of the digits alone, in good light, is found best"});
  }
  std::vector<Seen> seen;
  for (const images::FoundDigit& digit : found.digits) {
    const Tensor sample =
        images::resized(digit.sample.view().reshape({28, 28, 1}), extents[0], extents[1]);
    seen.push_back({.file = one.file,
                    .box = {digit.left, digit.top, digit.width, digit.height},
                    .sample = Tensor(sample.view().reshape({extents[0], extents[1]}))});
  }
  return seen;
}

Seen whole(Opened& one, const std::array<int64_t, 3>& extents) {
  const auto [height, width, channels] = extents;
  const Tensor pixels = formats::on_background(one.picture, channels, kWhite);
  if (pixels.shape()[0] != height || pixels.shape()[1] != width) {
    one.steps.push_back(fmt::format("{} × {} pixels made {} × {}", pixels.shape()[1],
                                    pixels.shape()[0], width, height));
  }
  return {.file = one.file, .sample = images::resized(pixels.view(), height, width)};
}

// The samples as one array (n, …) in the model's shape.
Dataset samples_of(const Model& model, const std::vector<Seen>& seen) {
  const auto count = static_cast<int64_t>(seen.size());
  const Shape sample = model.inputs().at(0).shape().without_rows();
  Tensor x(sample.with_rows().with_rows(count), DType::uint8);
  std::byte* to = x.data();
  for (const Seen& each : seen) {
    std::memcpy(to, each.sample.data(), each.sample.nbytes());
    to += each.sample.nbytes();
  }
  return {std::move(x), Tensor(Shape{count})};
}

std::vector<std::string> names_of(const Model& model, int64_t classes) {
  std::vector<std::string> names = model.card().class_names;
  for (auto i = static_cast<int64_t>(names.size()); i < classes; ++i) {
    names.push_back(std::to_string(i));
  }
  return names;
}

Value::Map begin_of(const Seen& one) {
  Value::Map begin = {{"file", one.file}};
  if (!one.box.empty()) begin.emplace_back("box", one.box);
  return begin;
}

// As a small terminal image: what the model is given, under what is in the file.
void print_explained(const Opened& one, const std::vector<Seen>& seen,
                     const std::vector<std::string>& captions) {
  TerminalOptions terminal = terminal_options();
  print("  " + one.file + ", as it is:\n");
  terminal.width = std::min<int64_t>(terminal.width, 60);
  print(terminal_image(
      formats::on_background(one.picture, one.picture.channels() >= 3 ? 3 : 1, kWhite).view(),
      terminal));
  for (const std::string& step : one.steps) print("  - " + step + "\n");
  print("  as the model sees it:\n");
  for (size_t i = 0; i < seen.size(); ++i) {
    terminal.width = 28;
    print(terminal_image(seen[i].sample.view(), terminal) + "  " + captions[i] + "\n");
  }
}

void print_picture(const PredictOptions& options, const Opened& one, const std::vector<Seen>& seen,
                   const Guesses& guesses, size_t first) {
  std::vector<std::string> captions;
  std::string answer;
  for (size_t i = 0; i < seen.size(); ++i) {
    std::string caption;
    for (const Guess& guess : guesses.samples[first + i]) {
      caption += fmt::format("{}{} {}", caption.empty() ? "" : "  ", guesses.name(guess),
                             guesses.value_text(guess));
    }
    captions.push_back(caption);
    answer += (i == 0 ? "" : " ") + guesses.name(guesses.samples[first + i][0]);
  }
  print(fmt::format("{}: {}\n", one.file, answer));
  if (options.explain) {
    print_explained(one, seen, captions);
  } else {
    for (const std::string& caption : captions) print("  " + caption + "\n");
  }
}

/// A picture and what a model is given of it, or why it is given nothing.
struct PicturePredicted {
  Opened one;
  std::vector<Seen> seen = {};
  std::string error = {};
};

/// Pictures, and what a model makes of them.
struct PredictedPictures {
  std::vector<PicturePredicted> pictures = {};
  std::vector<Seen> seen = {};  ///< of all, in turn
  Tensor outputs = Tensor();    ///< (seen, classes)
};

/// Reads pictures for a model, a few at a time, so that a folder of them need not fit in memory.
/// One that cannot be predicted keeps no other from it.
class PicturePredictor {
 public:
  PicturePredictor(const PredictOptions& options, const Model& model)
      : options_(options),
        model_(model),
        extents_(extents_of(model, options.model)),
        finds_digits_(!options.whole && reads_digits(model, extents_)) {}

  void predict(const std::vector<std::string>& paths,
               const std::function<void(const PredictedPictures&)>& use) const {
    constexpr size_t kAtATime = 64;
    for (size_t begin = 0; begin < paths.size(); begin += kAtATime) {
      use(predicted(std::span(paths).subspan(begin, std::min(kAtATime, paths.size() - begin))));
    }
  }

 private:
  PredictedPictures predicted(std::span<const std::string> paths) const {
    PredictedPictures block;
    for (const std::string& path : paths) {
      block.pictures.push_back(seen_of(path));
      for (const Seen& each : block.pictures.back().seen) {
        block.seen.push_back(
            {.file = each.file, .box = each.box, .sample = Tensor(each.sample.view())});
      }
    }
    if (block.seen.empty()) return block;
    block.outputs = model_.predict(fitted_to(model_, samples_of(model_, block.seen), 0));
    if (block.outputs.shape().ndim() == 2) return block;
    throw Error({.where = options_.model,
                 .what = "does not predict classes",
                 .expected = "an output of shape (None, classes)",
                 .found = block.outputs.shape().str()});
  }

  PicturePredicted seen_of(const std::string& path) const {
    PicturePredicted all{.one = {.file = path, .picture = {}}};
    try {
      all.one = opened(path);
      if (finds_digits_) {
        all.seen = digits_of(all.one, extents_);
      } else {
        all.seen.push_back(whole(all.one, extents_));
      }
    } catch (const Error& error) {
      all.error = error.what();
    }
    return all;
  }

  const PredictOptions& options_;
  const Model& model_;
  const std::array<int64_t, 3> extents_;
  const bool finds_digits_;
};

// The pictures that are named, those of a folder in the order of their names.
std::vector<std::string> paths_of(const PredictOptions& options) {
  std::vector<std::string> paths;
  const auto add = [&](const std::string& path) {
    const std::vector<std::string> inside = pictures_in(path);
    inside.empty() ? paths.push_back(path)
                   : static_cast<void>(paths.insert(paths.end(), inside.begin(), inside.end()));
  };
  add(options.dataset);
  for (const std::string& each : options.pictures) add(each);
  return paths;
}

// In capitals too.
bool has_ending(std::string_view argument, std::initializer_list<std::string_view> endings) {
  std::string name(argument);
  for (char& each : name) each = static_cast<char>(std::tolower(static_cast<unsigned char>(each)));
  return std::ranges::any_of(endings, [&](std::string_view each) { return name.ends_with(each); });
}

Value::Map error_document(const PicturePredicted& picture) {
  return {{"file", picture.one.file}, {"error", picture.error}};
}

// Into a file. What has no prediction has no line in CSV, whose columns are those of predictions.
int write_pictures(const PredictOptions& options, const PicturePredictor& predictor,
                   const std::vector<std::string>& paths, const Model& model) {
  int64_t written = 0, refused = 0;
  const PredictionFormat format = prediction_format(options.out);
  replace_file(options.out, [&](const WriteBytes& write) {
    PredictionWriter writer(format, write);
    predictor.predict(paths, [&](const PredictedPictures& block) {
      std::optional<ClassValues> values;
      if (!block.seen.empty()) {
        values = class_values(model, block.outputs, names_of(model, block.outputs.shape()[1]));
      }
      int64_t at = 0;
      for (const PicturePredicted& each : block.pictures) {
        if (!each.error.empty()) {
          ++refused;
          complain(each.error);
          if (format.is_json) writer.add(error_document(each));
        }
        for (const Seen& seen : each.seen) writer.add(values->document(at++, begin_of(seen)));
      }
      written += at;
    });
    if (written == 0) {
      throw Error({.where = options.out, .what = "is not written, since nothing was predicted"});
    }
    writer.end();
  });
  print(fmt::format("{} predictions are in {}.\n", with_commas(written), options.out));
  if (refused == 0) return 0;
  print(fmt::format("Pictures without one: {} of {}.\n", with_commas(refused),
                    with_commas(static_cast<int64_t>(paths.size()))));
  return 1;
}

// On standard output.
int show_pictures(const PredictOptions& options, const PicturePredictor& predictor,
                  const std::vector<std::string>& paths, const Model& model) {
  Value::List documents;
  int status = 0;
  predictor.predict(paths, [&](const PredictedPictures& block) {
    std::optional<Guesses> guesses;
    if (!block.seen.empty()) {
      const std::vector<std::string> names = names_of(model, block.outputs.shape()[1]);
      guesses = guesses_of(model, block.outputs, options.top, names);
    }
    size_t first = 0;
    for (const PicturePredicted& each : block.pictures) {
      if (!each.error.empty()) {
        status = 1;
        complain(each.error);
        if (options.json) documents.emplace_back(error_document(each));
        continue;
      }
      if (!options.json) print_picture(options, each.one, each.seen, *guesses, first);
      for (size_t i = 0; i < each.seen.size(); ++i, ++first) {
        if (options.json) documents.emplace_back(guesses->document(first, begin_of(each.seen[i])));
      }
    }
  });
  if (options.json) print_json(std::move(documents));
  return status;
}

}  // namespace

std::vector<std::string> pictures_in(const std::string& folder) {
  namespace fs = std::filesystem;
  std::vector<std::string> paths;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    if (entry.is_directory(error)) return {};  // of class folders, say
    if (is_picture_name(entry.path().filename().string())) paths.push_back(entry.path().string());
  }
  std::ranges::sort(paths);
  return paths;
}

bool is_picture_name(std::string_view argument) {
  return has_ending(argument, {".png", ".jpg", ".jpeg"});
}

bool is_any_picture_name(std::string_view argument) {
  return is_picture_name(argument) ||
         has_ending(argument, {".heic", ".heif", ".avif", ".webp", ".gif", ".bmp", ".tif", ".tiff",
                               ".svg", ".pdf"});
}

int predict_pictures(const PredictOptions& options) {
  Model model = load_model_of(options.model);
  model.execute_with(execution_of(options.execution));
  const PicturePredictor predictor(options, model);
  const std::vector<std::string> paths = paths_of(options);
  return options.out.empty() ? show_pictures(options, predictor, paths, model)
                             : write_pictures(options, predictor, paths, model);
}

}  // namespace cornu::inline v0::cli
