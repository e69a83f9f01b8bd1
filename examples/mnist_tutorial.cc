// "Neural Net: Introduction. For classifying MNIST digits", a tutorial for Keras, step by step.
//
//     mnist_tutorial [--dataset mnist|digits] [--epochs N] [--expect ACCURACY] [--out FOLDER]
//
// Exit 1 when the validation accuracy ends below ACCURACY. --short means few epochs and the
// accuracy they should reach.

#include <csignal>
#include <iostream>
#include <map>

#include "cornu/cornu.h"
using namespace cornu;

namespace {

const StopToken stop;

std::map<std::string, std::string> parse(int argc, char** argv) {
  std::map<std::string, std::string> given = {
      {"--dataset", "mnist"}, {"--epochs", "10"}, {"--expect", "0"}, {"--out", "."}};
  for (int i = 1; i < argc; ++i) {
    if (argv[i] == std::string("--short")) {
      given["--epochs"] = "3";
      given["--expect"] = "0.85";
      continue;
    }
    const auto option = given.find(argv[i]);
    if (option == given.end()) throw Error({.where = argv[i], .what = "no such option"});
    option->second = ++i < argc ? argv[i] : "";
  }
  return given;
}

DatasetParts load(const std::string& name) {
  try {
    return datasets::load(name, {.progress = &std::cerr});
  } catch (const Error& error) {
    if (name != "mnist" || datasets::find(name).found()) throw;
    std::cout << error.what() << "\nContinuing with `digits`, the small set in the library.\n";
    return datasets::digits();
  }
}

int run(const std::map<std::string, std::string>& given) {
  std::cout << "cornu " << CORNU_VERSION << "\ncompiler " << __VERSION__ << "\nkernels "
            << kernels::name(kernels::best_target()) << "\n";

  // Load the data and look at them: shapes, fifty pictures, labels.
  const auto [train, valid] = load(given.at("--dataset"));
  std::cout << train.x().shape() << " " << train.y().shape() << " " << valid.x().shape() << " "
            << valid.y().shape() << "\n";
  const auto show = [&](TensorView images, int64_t columns, const std::string& name) {
    const std::string path = given.at("--out") + "/" + name;
    save_image_grid(images, columns, path);
    std::cout << "picture: " << path << "\n";
  };
  show(train.x().rows(1, 51), 10, "digits.png");
  std::cout << repr(train.y().rows(1, 26)) << "\n";

  // Flatten, scale 0 … 255 to 0 … 1, make labels one-hot rows. The images stay bytes in memory.
  const int64_t pixels = train.x().row(0).size();
  const auto prepare = [&](const Dataset& data) {
    return data.reshape({pixels}).divide(255).to_categorical(10);
  };
  const Dataset x_train = prepare(train), x_valid = prepare(valid);
  std::cout << repr(x_train.rows(1, 16).decoded_y()) << "\n";

  Sequential model({Dense({.units = 64, .activation = "sigmoid"}),
                    Dense({.units = 10, .activation = "softmax"})});
  model.build({pixels});
  std::cout << model.summary();
  std::cout << "(" << pixels * 64 + 64 << ", " << 64 * 10 + 10 << ")\n";
  model.compile({.optimizer = "adam", .loss = "categorical_crossentropy", .metrics = {"accuracy"}});

  // The tutorial's log begins at a loss of 0.1051, because its cell was run twice. This program
  // does the same: the second fit continues from the weights and the optimizer's state.
  const FitOptions options{.batch_size = train.size() < 10'000 ? 32 : 128,
                           .epochs = std::stoll(given.at("--epochs")),
                           .validation_data = x_valid,
                           .stop = stop,
                           .stream = &std::cout};
  History history = model.fit(x_train, options);
  if (!history.stopped) history = model.fit(x_train, options);
  if (history.stopped) return 128 + SIGINT;
  save_learning_curves(history, given.at("--out") + "/learning_curves.png");
  std::cout << "picture: " << given.at("--out") << "/learning_curves.png\n";

  // Inference: the whole training set, then one image of the validation set.
  const Logs logs = model.evaluate(x_train, {.verbose = 1, .stream = &std::cout});
  std::cout << "[" << logs["loss"] << ", " << logs["accuracy"] << "]\n";
  const Dataset valid_0 = x_valid.take(1);
  std::cout << repr(model.predict(valid_0)) << "\n";
  std::cout << repr(model.predict_classes(valid_0)) << "\n";
  show(valid.x().rows(0, 1), 1, "valid_0.png");

  // Ten images: probabilities, the likeliest class computed in two ways, and its probability.
  const Dataset x_new = x_train.take(10);
  const Tensor y_proba = model.predict(x_new);
  std::cout << repr(round(y_proba, 2)) << "\n" << repr(argmax(y_proba)) << "\n";
  std::cout << repr(model.predict_classes(x_new)) << "\n" << repr(round(max(y_proba), 2)) << "\n";

  // The three likeliest classes of each, and their probabilities.
  const TopK top = top_k(y_proba, 3);
  std::cout << repr(top.indices) << "\n" << repr(round(top.values, 2)) << "\n";

  return history.last()["val_accuracy"] >= std::stod(given.at("--expect")) ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) try {
  std::signal(SIGINT, [](int) { stop.request_stop(); });
  return run(parse(argc, argv));
} catch (const std::exception& error) {
  std::cerr << error.what() << "\n";
  return 1;
}
