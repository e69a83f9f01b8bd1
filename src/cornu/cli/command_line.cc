#include "cornu/cli/command_line.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <iostream>
#include <limits>
#include <new>
#include <optional>

#include "cornu/cli/convert.h"
#include "cornu/cli/doctor.h"
#include "cornu/cli/evaluate.h"
#include "cornu/cli/explain.h"
#include "cornu/cli/fetch.h"
#include "cornu/cli/field_words.h"
#include "cornu/cli/inspect.h"
#include "cornu/cli/list.h"
#include "cornu/cli/output.h"
#include "cornu/cli/own_data.h"
#include "cornu/cli/plot.h"
#include "cornu/cli/predict.h"
#include "cornu/cli/processes.h"
#include "cornu/cli/show.h"
#include "cornu/cli/summary.h"
#include "cornu/cli/train.h"
#include "cornu/cli/usage_error.h"
#include "cornu/cli/verb_parser.h"
#include "cornu/core/names.h"
#include "cornu/core/version.h"
#include "cornu/formats/utf8.h"
#include "cornu/listing/part_list.h"
#include "cornu/mpi/launch.h"

namespace cornu::inline v0::cli {
namespace {

constexpr int64_t kMostRows = 1'000'000'000;

constexpr const char* kModelHelp =
    "A model file (.keras, .h5, .safetensors), or the folder of a run";
constexpr const char* kCatalogueHelp =
    "The name of a data set: mnist, fashion_mnist, cifar10, digits";
constexpr const char* kDatasetHelp =
    "mnist, fashion_mnist, cifar10 or digits, or the path of your own: FILE.csv, FILE.npz, a "
    "folder of pictures in class folders, one of IDX files";

int run_train(const std::string& program, std::vector<std::string> arguments) {
  TrainOptions options{.program = program};
  VerbParser parser(
      "train", "DATASET", "Trains a network on a data set and keeps the run in a folder.",
      "  cornu train digits --batch-size 32 --epochs 40\n"
      "  cornu train mnist --net \"flatten, dense(64, activation=sigmoid), "
      "dense(10, activation=softmax)\"\n"
      "  cornu train mnist --optimizer \"sgd(0.1, momentum=0.9)\" --out runs/sgd --json\n"
      "  cornu train houses.csv --label price\n"
      "  cornu train photos/ --image-size 64 --live\n"
      "  cornu train --resume runs/mnist-001 --epochs 20");
  parser.positional_unless("--resume", "DATASET", options.dataset, kDatasetHelp);
  parser.label_and_drop(options.label, options.drop);
  parser.table(options.table);
  parser.text("--image-size", options.image_size, "H,W",
              "Of a folder of pictures: the size they are brought to, or one number for both "
              "(default: their own if all are alike, else 64)");
  parser.text("--net", options.net, "TEXT",
              "Layers in Keras's words (default: the tutorial's two; for tables, your own pictures "
              "and numbers others, which are printed)");
  parser.text(
      "--model", options.model, "FILE",
      "Instead of --net: a model or a run, from whose weights training goes on, or a network "
      "as Keras's model.to_json() describes it");
  parser.whole("--batch-size", options.batch_size, 1, kMostRows,
               "Samples per step (default 128; of tables and your own pictures by their number)");
  parser.whole(
      "--epochs", options.epochs, 1, kMostRows,
      "Passes over the data (default 10; of tables and your own pictures by their number)");
  parser.text("--optimizer", options.optimizer, "TEXT",
              "adam (default) or another of Keras's: \"adam(0.01, beta_1=0.8)\"");
  parser.real(
      "--learning-rate,--lr", options.learning_rate, "a number above 0",
      [](double rate) { return rate > 0; }, "The optimizer's learning rate (default: its own)");
  parser.text("--loss", options.loss, "TEXT",
              "categorical_crossentropy (default; for numbers mean_squared_error) or another of "
              "Keras's: \"huber(delta=2)\"");
  parser.text("--metrics", options.metrics, "NAMES",
              "With commas between: \"accuracy, precision(thresholds=0.3)\" (default accuracy; "
              "for numbers mean_absolute_error; \"\" for none)");
  parser.texts("--callback", options.callbacks, "TEXT",
               "early_stopping(patience=3), reduce_lr_on_plateau, csv_logger(FILE), "
               "tensor_board(DIR), model_checkpoint(FILE), terminate_on_nan; may be repeated");
  parser.text("--class-weight", options.class_weight, "TEXT",
              "Weights of classes: 0:0.5,3:2 (default 1 each)");
  parser.real(
      "--validation-split", options.validation_split, "a fraction from 0 to below 1",
      [](double part) { return part >= 0 && part < 1; },
      "Validates with the last X of the training part, not the test part; of your own files "
      "without a test part with X of each class (default 0.2)");
  parser.whole("--validation-freq", options.validation_freq, 1, kMostRows,
               "Validates every N epochs (default 1)");
  parser.whole("--steps-per-epoch", options.steps_per_epoch, 1, kMostRows,
               "Steps of an epoch; the next epoch continues from there (default: all samples)");
  parser.flag("--no-shuffle", options.no_shuffle, "Takes samples in the order they are stored in");
  parser.whole("--seed", options.seed, 0, std::numeric_limits<int64_t>::max(),
               "Random seed of weights, shuffles and dropout (default 0)");
  parser.whole("--shards", options.shards, 1, kMostShards,
               "Parts of a batch whose gradients are added in order (default 1): weights depend on "
               "it, not on who computes a part");
  parser.text("--distribute", options.distribute, "mpi",
              "Trains in the processes that mpirun started (it does so by itself where they are "
              "several): each computes a part of every batch, with the bits of one");
  parser.real(
      "--timeout", options.timeout, "a number of seconds above 0",
      [](double seconds) { return seconds > 0; },
      "Seconds that processes wait for one that does not answer (default 10)");
  parser.execution(options.execution);
  parser.data_dir(options.data_dir);
  parser.text("--out", options.out, "DIR", "The run's folder (default runs/DATASET-NNN)");
  parser.flag("--overwrite", options.overwrite, "Replaces the files of an earlier run in DIR");
  parser.flag("--safetensors", options.safetensors,
              "Keeps the model as model.safetensors beside model.keras");
  parser.text("--resume", options.resume, "RUN",
              "Goes on with a run that was interrupted, or, with more --epochs, with one that is "
              "done; it needs nothing else");
  parser.text("--checkpoint-every", options.checkpoint_every, "30s|500steps|1epoch|never",
              "How often the run's state is saved for --resume (default 1epoch; of a table "
              "30s)");
  parser.optional_text("--tensorboard", options.tensorboard, "[DIR]",
                       "Writes logs for TensorBoard into DIR (default: tensorboard/ in the run's "
                       "folder)");
  parser.whole("--verbose", options.verbose, 0, 2,
               "0 silent, 1 a progress bar (the default), 2 a line per epoch");
  parser.flag("--live", options.live,
              "Draws the learning curves in the terminal as they grow; elsewhere a line per epoch");
  parser.flag("--json", options.json, "Prints run.json on standard output and nothing else");
  if (!parser.parse(std::move(arguments))) return 0;
  options.given = parser.given();
  return train(options);
}

int run_evaluate(const std::string&, std::vector<std::string> arguments) {
  EvaluateModelOptions options;
  VerbParser parser("evaluate", "MODEL DATASET",
                    "Computes a model's loss and metrics over a data set.",
                    "  cornu evaluate runs/latest mnist\n"
                    "  cornu evaluate runs/mnist-001/model.keras mnist --part train --json\n"
                    "  cornu evaluate runs/latest mnist --metrics \"accuracy, f1_score\"");
  parser.positional("MODEL", options.model, kModelHelp);
  parser.positional("DATASET", options.dataset, kDatasetHelp);
  parser.part(options.part);
  parser.table(options.table);
  parser.text("--metrics", options.metrics, "NAMES",
              "Counted instead of the model's: \"accuracy, precision, recall\"");
  parser.text("--loss", options.loss, "TEXT", "Instead of the model's: \"huber(delta=2)\"");
  parser.whole("--batch-size", options.batch_size, 1, kMostRows, "Samples at a time (default 256)");
  parser.execution(options.execution);
  parser.data_dir(options.data_dir);
  parser.flag("--json", options.json, "Prints one JSON document");
  return parser.parse(std::move(arguments)) ? evaluate(options) : 0;
}

int run_predict(const std::string&, std::vector<std::string> arguments) {
  PredictOptions options;
  VerbParser parser("predict", "MODEL DATASET|PICTURE…",
                    "Shows the classes a model predicts for the first samples of a data set, or "
                    "for pictures.",
                    "  cornu predict runs/latest digits --first 10 --top 1\n"
                    "  cornu predict runs/latest photo.jpg --explain\n"
                    "  cornu predict runs/latest new_photos/ -o predictions.csv\n"
                    "  cornu predict runs/latest mnist --json | jq '.[].label'");
  parser.positional("MODEL", options.model, kModelHelp);
  parser.positional("DATASET", options.dataset, kDatasetHelp);
  parser.more_positionals(
      "PICTURE", options.pictures,
      "In place of DATASET: pictures in PNG or JPEG; a model of mnist or digits "
      "reads the handwritten digits in them");
  parser.flag("--explain", options.explain,
              "Shows each picture as it is, what was done to it, and what the model sees");
  parser.flag("--whole", options.whole,
              "Gives each picture to the model as it is, without looking for digits in it");
  parser.part(options.part);
  parser.table(options.table);
  parser.whole("--first", options.first, 1, kMostRows, "How many samples (default 5)");
  parser.whole("--top", options.top, 1, kMostRows, "How many classes of each (default 3)");
  parser.text("-o,--out", options.out, "FILE",
              "Writes the predictions of all samples, rows or pictures into a .csv, .tsv or .json");
  parser.execution(options.execution);
  parser.data_dir(options.data_dir);
  parser.flag("--json", options.json, "Prints one JSON document");
  return parser.parse(std::move(arguments)) ? predict(options) : 0;
}

int run_show(const std::string&, std::vector<std::string> arguments) {
  ShowOptions options;
  VerbParser parser(
      "show", "DATA | MODEL IMAGE",
      "Shows what data are like; or draws what the layers of a network of images make "
      "of one image.",
      "  cornu show mnist --stats\n"
      "  cornu show houses.csv --label price --first 10\n"
      "  cornu show photos/ --first 50 --columns 10 -o grid.png\n"
      "  cornu show houses.csv --stats --json | jq '.columns[].missing'\n"
      "  cornu show runs/latest mnist --sample 7 -o maps.png\n"
      "  cornu show model.keras digit.png --layers conv2d,conv2d_1");
  parser.positional("DATA", options.data,
                    std::string(kDatasetHelp) + "; or, before IMAGE, a MODEL");
  parser.optional_positional("IMAGE", options.image,
                             "The name of a data set, or a .png or .jpg of the model's size");
  parser.flag("--stats", options.stats,
              "Of DATA: ranges, missing values, the balance of classes, duplicates");
  parser.whole("--first", options.first, 1, kMostRows,
               "Of DATA: how many samples (default 10 pictures, 5 rows)");
  parser.whole("--columns", options.columns, 1, 1000, "Of DATA: pictures side by side");
  parser.part(options.part, "Which samples (default train; test for MODEL IMAGE)");
  parser.label_and_drop(options.label, options.drop);
  parser.table(options.table);
  parser.whole("--sample", options.sample, 0, kMostRows,
               "Of MODEL IMAGE: which sample of a data set, from 0 (default 0)");
  parser.text("--layers", options.layers, "NAMES",
              "Of MODEL IMAGE: the layers, with commas between (default: all)");
  parser.whole("--most", options.most, 1, 1024,
               "Of MODEL IMAGE: maps of a layer that are drawn (default 16)");
  parser.text("-o,--out", options.out, "FILE",
              "The picture, .png or .svg (default of MODEL IMAGE: maps.png); of a table, what its "
              "columns are like, .csv or .tsv; of all DATA .json");
  parser.data_dir(options.data_dir);
  parser.flag("--json", options.json, "Of DATA: prints one JSON document");
  if (!parser.parse(std::move(arguments))) return 0;
  options.given = parser.given();
  return show(options);
}

int run_summary(const std::string&, std::vector<std::string> arguments) {
  SummaryOptions options;
  VerbParser parser("summary", "MODEL",
                    "Prints a model's layers, shapes and numbers of parameters.",
                    "  cornu summary runs/latest --costs");
  parser.positional("MODEL", options.model, kModelHelp);
  parser.flag("--costs", options.costs,
              "Adds FLOPs and the bytes of activations and optimizer state");
  parser.flag("--json", options.json, "Prints one JSON document");
  return parser.parse(std::move(arguments)) ? summary(options) : 0;
}

int run_convert(const std::string&, std::vector<std::string> arguments) {
  ConvertOptions options;
  VerbParser parser("convert", "IN OUT", "Writes a model in the format that OUT's name ends in.",
                    "  cornu convert runs/latest digits.keras\n"
                    "  cornu convert model.h5 model.keras\n"
                    "  cornu convert model.keras model.weights.h5\n"
                    "  cornu convert model.keras network.json");
  parser.positional("IN", options.in, kModelHelp);
  parser.positional("OUT", options.out,
                    "NAME.keras, .h5, .safetensors, .weights.h5, .npz or .json");
  parser.flag("--overwrite", options.overwrite, "Replaces OUT if it exists");
  return parser.parse(std::move(arguments)) ? convert(options) : 0;
}

int run_inspect(const std::string&, std::vector<std::string> arguments) {
  InspectOptions options;
  VerbParser parser("inspect", "FILE", "Shows what a model file or a file of tensors holds.",
                    "  cornu inspect model.keras\n"
                    "  cornu inspect weights.npz --json | jq '.tensors[].shape'");
  parser.positional("FILE", options.file,
                    "A .keras, .h5, .weights.h5, .safetensors, .npz or .npy file");
  parser.flag("--json", options.json, "Prints one JSON document");
  return parser.parse(std::move(arguments)) ? inspect(options) : 0;
}

int run_explain(const std::string&, std::vector<std::string> arguments) {
  ExplainOptions options;
  VerbParser parser("explain", "MODEL", "Prints the plan by which a model is computed.",
                    "  cornu explain runs/latest --mode predict --batch-size 1\n"
                    "  cornu explain runs/latest --measure --data mnist");
  parser.positional("MODEL", options.model, kModelHelp);
  parser.text("--mode", options.mode, "training|evaluate|predict",
              "The plan's mode (default: training)");
  parser.whole("--batch-size", options.batch_size, 1, kMostRows, "Rows (default 128)");
  parser.whole("--shards", options.shards, 1, kMostShards,
               "Parts of a batch whose gradients are added in order (default: the model's)");
  parser.flag("--measure", options.measure,
              "Runs it and shows each op's time and part of the machine's peak");
  parser.text("--data", options.data, "DATASET",
              "The samples for --measure (default: random, a fifth of the elements not zero)");
  parser.data_dir(options.data_dir);
  parser.execution(options.execution);
  return parser.parse(std::move(arguments)) ? explain(options) : 0;
}

int run_doctor(const std::string&, std::vector<std::string> arguments) {
  DoctorOptions options;
  VerbParser parser("doctor", "", "Shows the CPU and threads Cornu uses and where data sets are.",
                    "  cornu doctor --json");
  parser.data_dir(options.data_dir);
  parser.flag("--json", options.json, "Prints one JSON document");
  return parser.parse(std::move(arguments)) ? doctor(options) : 0;
}

int run_fetch(const std::string&, std::vector<std::string> arguments) {
  FetchOptions options;
  VerbParser parser("fetch", "DATASET",
                    "Verifies a data set where it is found, else downloads it into the cache.",
                    "  cornu fetch mnist");
  parser.positional("DATASET", options.dataset, kCatalogueHelp);
  parser.data_dir(options.data_dir);
  parser.flag("--json", options.json, "Prints one JSON document");
  return parser.parse(std::move(arguments)) ? fetch(options) : 0;
}

int run_list(const std::string&, std::vector<std::string> arguments) {
  ListOptions options;
  VerbParser parser("list", "[KIND]",
                    "Shows the words that options take, with their arguments and defaults.",
                    "  cornu list layers\n"
                    "  cornu list optimizers --json");
  std::string kinds;
  for (const listing::PartKind& each : listing::part_kinds())
    kinds += (kinds.empty() ? "" : ", ") + each.name;
  parser.optional_positional("KIND", options.kind, kinds + " (default: the names of all)");
  parser.flag("--json", options.json, "Prints one JSON document");
  return parser.parse(std::move(arguments)) ? list(options) : 0;
}

int run_plot(const std::string&, std::vector<std::string> arguments) {
  PlotOptions options;
  VerbParser parser("plot", "RUN|HISTORY",
                    "Draws learning curves of a run, or of another program's history.",
                    "  cornu plot runs/latest -o curves.png\n"
                    "  cornu plot training_log.csv --title \"ResNet on photos\"");
  parser.positional("RUN|HISTORY", options.history,
                    "The folder of a run, its run.json or history.json, Keras's history.history "
                    "as JSON, or a table of CSVLogger");
  parser.text("-o,--out", options.out, "FILE", "An .svg or .png (default curves.svg)");
  parser.text("--title", options.title, "TEXT", "Above the curves (default: the run)");
  return parser.parse(std::move(arguments)) ? plot(options) : 0;
}

int run_help(const std::string& program, std::vector<std::string> arguments);

struct Verb {
  const char* name;
  const char* arguments;
  const char* sentence;
  int (*run)(const std::string& program, std::vector<std::string> arguments);
};

constexpr Verb kVerbs[] = {
    {"train", "DATASET", "trains a network and keeps the run in a folder", run_train},
    {"evaluate", "MODEL DATASET", "loss and metrics of a model over a data set", run_evaluate},
    {"predict", "MODEL DATASET", "the classes of the first samples, or of your pictures",
     run_predict},
    {"show", "DATA | MODEL IMAGE", "what data are like; what each layer makes of an image",
     run_show},
    {"summary", "MODEL", "the layers, their shapes and numbers of parameters", run_summary},
    {"convert", "IN OUT", "writes a model in another format", run_convert},
    {"inspect", "FILE", "what a model file holds, tensor by tensor", run_inspect},
    {"explain", "MODEL", "the plan by which a model is computed", run_explain},
    {"plot", "RUN|HISTORY", "draws learning curves", run_plot},
    {"fetch", "DATASET", "verifies a data set, or downloads it", run_fetch},
    {"list", "[KIND]", "layers, losses, … with their arguments", run_list},
    {"doctor", "", "the CPU and threads that Cornu uses, and where data sets are", run_doctor},
    {"help", "[VERB]", "this text, or the options of a verb, with examples", run_help},
};

std::string help() {
  std::string text = "cornu " CORNU_VERSION ": Keras for native C++\n\nUsage: cornu VERB …\n\n";
  for (const Verb& verb : kVerbs) {
    std::string left = std::string("  cornu ") + verb.name + " " + verb.arguments;
    left.resize(34, ' ');
    text += left + verb.sentence + "\n";
  }
  return text +
         "\n  cornu VERB --help               the options of a verb, with examples\n"
         "  cornu help own-data             how to train on your own data\n"
         "  cornu --version\n"
         "\nA MODEL is a model file (.keras, .h5, .safetensors) or the folder of a run; "
         "runs/latest is the newest.\nA DATASET is mnist, fashion_mnist or cifar10 (60,000 and "
         "50,000 images to train on, downloaded\nat the first use), digits (4,000, part of this "
         "command), or the path of your own.\n"
         "\nExamples:\n"
         "  cornu train digits --batch-size 32 --epochs 40\n"
         "  cornu predict runs/latest digits --first 5\n"
         "  cornu train mnist --net \"flatten, dense(128, activation=relu), "
         "dense(10, activation=softmax)\"\n"
         "  cornu evaluate runs/latest mnist\n";
}

const Verb* find_verb(const std::string& name) {
  for (const Verb& verb : kVerbs) {
    if (verb.name == name) return &verb;
  }
  return nullptr;
}

[[noreturn]] void refuse_verb(const std::string& name) {
  const bool option = name.starts_with('-');
  std::vector<std::string> names;
  for (const Verb& verb : kVerbs) names.emplace_back(verb.name);
  if (option) names = {"--help", "--version"};
  ErrorParts parts = unknown_name("cornu", option ? "option" : "verb", name, names).parts();
  parts.hint = option ? "" : verb_hint(name);
  // A hint that answers the word replaces the list.
  if (!parts.hint.empty()) parts.expected.clear();
  throw UsageError{Error(std::move(parts)).what()};
}

[[noreturn]] void refuse_topic(const std::string& topic) {
  for (const listing::PartKind& each : listing::part_kinds()) {
    if (each.name != topic && each.name != topic + "s") continue;
    throw UsageError{Error({.where = "help",
                            .what = formats::shown(topic) + " is no verb",
                            .hint = "`cornu list " + each.name + "` shows them"})
                         .what()};
  }
  refuse_verb(topic);
}

int run_help(const std::string& program, std::vector<std::string> arguments) {
  std::string topic;
  VerbParser parser("help", "[VERB]", "Shows what the command does, or the options of a verb.",
                    "  cornu help train\n"
                    "  cornu help own-data");
  parser.optional_positional("VERB", topic, "A verb, or own-data: how to train on your own data");
  if (!parser.parse(std::move(arguments))) return 0;
  if (topic.empty()) {
    print(help());
    return 0;
  }
  if (same_name(topic, "own-data")) {
    print(own_data_help());
    return 0;
  }
  const Verb* verb = find_verb(topic);
  if (verb == nullptr) refuse_topic(topic);
  return verb->run(program, {"--help"});
}

int run_verb(const std::vector<std::string>& command_line) {
  std::string all;
  for (const Verb& verb : kVerbs) all += (all.empty() ? "" : ", ") + std::string(verb.name);
  if (command_line.size() < 2) {
    throw UsageError{Error({.where = "cornu",
                            .what = "a verb is missing",
                            .expected = "one of " + all,
                            .hint = "`cornu --help` tells what each does"})
                         .what()};
  }
  const std::string& name = command_line[1];
  if (name == "--version") {
    print("cornu " CORNU_VERSION "\n");
    return 0;
  }
  if (name == "--help" || name == "-h") {
    print(help());
    return 0;
  }
  const Verb* verb = find_verb(name);
  if (verb == nullptr) refuse_verb(name);
  return verb->run(command_line[0], {command_line.begin() + 2, command_line.end()});
}

// If standard output was closed, a file opened later must not take its place.
void keep_standard_streams() {
  for (int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) == -1) {
      [[maybe_unused]] const int opened = ::open("/dev/null", O_RDONLY);
    }
  }
}

int failed(const std::string& message, int status) {
  complain(message);
  return status;
}

}  // namespace

int run_command(const std::vector<std::string>& command_line) {
  keep_standard_streams();
  // Ignored, both signals become errors of write().
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    return run_verb(command_line);
  } catch (const UsageError& error) {
    // All processes that a launcher started have the same command line.
    const std::optional<Launch> launch = mpi_launch();
    return launch && launch->rank > 0 ? 2 : failed(error.message, 2);
  } catch (const ToldElsewhere&) {
    return 1;
  } catch (const std::bad_alloc&) {
    return failed("not enough memory. Hint: a smaller network or a smaller --batch-size", 1);
  } catch (const std::exception& error) {
    return failed(error.what(), 1);
  }
}

}  // namespace cornu::inline v0::cli
