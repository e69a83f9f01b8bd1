#include "cornu/cli/field_words.h"

#include <algorithm>
#include <span>

#include "cornu/core/names.h"

namespace cornu::inline v0::cli {
namespace {

// Words with bars between, and the hint for them.
struct FieldWord {
  std::string_view words;
  std::string_view sentence;
  std::string_view verb = {};  ///< empty: any verb
};

constexpr std::string_view kModelOut =
    "a run keeps its model in its folder, which --out DIR names: DIR/model.keras";
constexpr std::string_view kResume =
    "`cornu train --resume RUN` goes on with a run that was interrupted, or is to have more epochs";
constexpr std::string_view kNoGpu = "Cornu computes on CPUs alone; see --threads and --target";
constexpr std::string_view kStopEarly =
    "early stopping is a callback: --callback \"early_stopping(patience=3)\"";
constexpr std::string_view kSchedule =
    "a schedule is the optimizer's learning rate: --optimizer "
    "\"adam(learning_rate=cosine_decay(0.01, 1000))\"; `cornu list schedules` shows them";
constexpr std::string_view kOptimizerOption =
    "it is an option of the optimizer: --optimizer \"sgd(0.1, momentum=0.9)\"; `cornu list "
    "optimizers` shows all";
constexpr std::string_view kNetOption =
    "layers are written in --net: \"flatten, dense(64, activation=relu), dropout(0.2), dense(10, "
    "activation=softmax)\"; `cornu list layers` shows all";
constexpr std::string_view kNoTracker =
    "Cornu writes no logs for it: --tensorboard writes TensorBoard's, which many such programs "
    "read, "
    "and the run's folder has history.csv and history.json";
constexpr std::string_view kNoMatrix =
    "each run has its confusion matrix and the scores of each class in its folder: report.html and "
    "confusion.svg; in C++ there is confusion_matrix(labels, model.predict_classes(x))";
constexpr std::string_view kOwnData =
    "your own files go in the place of DATASET; `cornu help own-data` shows which";
constexpr std::string_view kDatasetFirst =
    "the data set is an argument without a name: cornu train digits; `cornu list datasets` shows "
    "them";
constexpr std::string_view kNoExport =
    "`cornu convert MODEL OUT.keras` writes a model as Keras does; .h5 and .weights.h5 too, no "
    "ONNX "
    "yet";
constexpr std::string_view kCurves =
    "each run draws its learning curves into its folder, report.html, curves.svg and curves.png, "
    "and --live in the terminal";

constexpr FieldWord kOptionWords[] = {
    {"eta|step-size|learning-rate-init|base-lr", "it is --learning-rate here"},
    {"early-stopping|early-stop|patience|stop-early|min-delta|es", kStopEarly},
    {"reduce-lr|reduce-lr-on-plateau|plateau",
     "it is a callback: --callback \"reduce_lr_on_plateau(factor=0.5)\""},
    {"save-best|save-best-only|best|model-checkpoint",
     "the best model is kept by --callback \"model_checkpoint(best.keras, save_best_only=true)\""},
    {"checkpoint|checkpoints|checkpoint-freq|checkpoint-interval|save-every|save-freq|save-steps",
     "it is --checkpoint-every 30s|500steps|1epoch|never here", "train"},
    {"callbacks", "it is --callback here, once for each"},
    {"csv|csv-log|log-file|log", "a log is a callback: --callback \"csv_logger(log.csv)\"",
     "train"},
    {"csv|format|to-csv|output-format|output|save|save-predictions",
     "-o predictions.csv, .tsv or .json writes the predictions of all samples", "predict"},
    {"resume-from|continue|restore|ckpt|initial-epoch", kResume, "train"},
    {"load|load-model|load-weights|weights|pretrained|warm-start|finetune|fine-tune|from|init",
     "--model FILE begins with the weights of a model; --resume RUN goes on with a run", "train"},
    {"tb|logdir|log-dir|tensorboard-dir", "it is --tensorboard DIR here", "train"},
    {"wandb|mlflow|neptune|comet", kNoTracker},
    {"gpu|gpus|cuda|device|devices|tpu|mps|use-gpu|accelerator|rocm", kNoGpu},
    {"cpu|cpus|workers|num-workers|jobs|j|n-jobs|nproc|num-threads|nthreads|cores",
     "it is --threads here"},
    {"amp|fp16|bf16|half|precision|mixed-precision|dtype|float16", "Cornu computes in float32"},
    {"confusion|confusion-matrix|report|classification-report|per-class", kNoMatrix},
    {"save|save-model|output|o|output-dir|outdir|out-dir|save-dir|model-dir|checkpoint-dir|run|"
     "run-dir|name|export-dir",
     kModelOut, "train"},
    {"plot|plots|curves|graph|figure|visualize|watch", kCurves, "train"},
    {"export|onnx|saved-model|tflite|h5|keras", kNoExport},
    {"quiet|silent|q|no-progress|no-verbose", "it is --verbose 0 here"},
    {"v|debug|progress", "it is --verbose 0, 1 or 2 here"},
    {"shuffle", "samples are shuffled in each epoch unless --no-shuffle is given"},
    {"data|dataset|train-data|data-path|data-file|dataset-name|d", kDatasetFirst},
    {"csv-file|file|input|input-file|image|images|img|image-dir|folder|npz|npy|x|y|label|target-"
     "column",
     kOwnData},
    {"momentum|weight-decay|wd|beta-1|beta-2|beta1|beta2|nesterov|clipnorm|clip|grad-clip|epsilon|"
     "rho|decay-rate",
     kOptimizerOption},
    {"schedule|scheduler|lr-schedule|lr-scheduler|lr-decay|decay|warmup|cosine", kSchedule},
    {"dropout|hidden|hidden-layers|hidden-units|hidden-layer-sizes|layers|units|activation|width|"
     "depth|neurons|architecture|arch|network|batch-norm",
     kNetOption},
    {"val|validation|validation-data|val-split|test-size|valid-fraction|split|holdout",
     "it is --validation-split X here; without it the test part validates"},
    {"cv|folds|k-folds|kfold", "there is no cross-validation; use --validation-split"},
    {"random-state|random-seed|manual-seed", "it is --seed here"},
    {"max-epochs|num-epochs|n-epochs|max-iter|iterations|iters|passes|e|n-iter",
     "it is --epochs here"},
    {"b|bs|mini-batch|minibatch|minibatch-size", "it is --batch-size here"},
    {"n|limit|count|num|samples|num-samples", "it is --first N here", "predict"},
    {"metric", "it is --metrics here", "evaluate"},
    {"epochs|optimizer|learning-rate|callback|net|tensorboard", "it is an option of `cornu train`"},
    {"ddp|nodes|world-size", "start several with mpirun, and give --shards"},
};

constexpr FieldWord kVerbWords[] = {
    {"fit|learn|run", "it is `cornu train` here"},
    {"test|eval|score|validate|val|accuracy", "it is `cornu evaluate` here"},
    {"infer|inference|classify|inspect-predictions|prediction", "it is `cornu predict` here"},
    {"download|get|pull|prepare", "it is `cornu fetch` here"},
    {"info|describe|show-model|model|layers", "it is `cornu summary` here"},
    {"plan|profile|benchmark|bench|time|measure", "it is `cornu explain … --measure` here"},
    {"env|system|check|diagnose|config", "it is `cornu doctor` here"},
    {"datasets|data|ls", "it is `cornu list datasets` here"},
    {"version", "it is `cornu --version`"},
    {"resume|continue|restore", kResume},
    {"export|onnx|freeze|save", kNoExport},
    {"import|load",
     "every verb that takes a MODEL opens Keras's .keras and .h5 files; `cornu convert` writes "
     "them "
     "in other formats"},
    {"curves|graph|visualize|draw", "it is `cornu plot` here"},
    {"view|display|sample", "`cornu predict` draws samples, with the classes it predicts"},
    {"serve|server|api|deploy|rest|http",
     "there is no server; in C++ a server can call model.predictor()"},
    {"tensorboard|tb",
     "TensorBoard is a separate program that shows the logs of `cornu train DATASET "
     "--tensorboard DIR`: pip install tensorboard; tensorboard --logdir DIR"},
    {"wandb|mlflow", kNoTracker},
    {"confusion|confusion-matrix|report|classification-report", kNoMatrix},
    {"tune|search|hyperopt|grid-search|sweep|optuna",
     "there is no search; write a shell loop over `cornu train … --json`"},
    {"python|notebook|jupyter|repl|gui",
     "in Python, notebooks included, it is `from cornu import keras`: docs/python.md"},
    {"quantize|prune|distill", "it is not there"},
};

constexpr FieldWord kDatasetWords[] = {
    {"cifar", "it is cifar10 here"},
    {"cifar100|imagenet|svhn|emnist|kmnist|coco|imdb|reuters|boston|california|iris|"
     "wine|titanic|breast-cancer",
     "the sets that Cornu knows are mnist, fashion_mnist, cifar10 and digits; `cornu help "
     "own-data` "
     "shows how to train on your own files"},
    {"fashion", "it is fashion_mnist here"},
    {"mnist-784|handwritten|numbers", "it is mnist here"},
    {"digit|optdigits|load-digits", "it is digits here"},
};

// In small letters, without underscores and dashes.
std::string plain(std::string_view word) {
  std::string letters = plain_name(word);
  std::erase(letters, '-');
  return letters;
}

std::string found_in(std::span<const FieldWord> table, std::string_view verb,
                     std::string_view word) {
  const std::string wanted = plain(word);
  for (const FieldWord& row : table) {
    if (!row.verb.empty() && row.verb != verb) continue;
    std::string_view rest = row.words;
    while (!rest.empty()) {
      const size_t end = std::min(rest.find('|'), rest.size());
      if (plain(rest.substr(0, end)) == wanted) return std::string(row.sentence);
      rest.remove_prefix(std::min(rest.size(), end + 1));
    }
  }
  return {};
}

}  // namespace

std::string verb_hint(std::string_view word) {
  return found_in(kVerbWords, {}, word);
}

std::string option_hint(std::string_view verb, std::string_view word) {
  return found_in(kOptionWords, verb, word);
}

std::string dataset_hint(std::string_view word) {
  return found_in(kDatasetWords, {}, word);
}

}  // namespace cornu::inline v0::cli
