#include "cornu/datasets/catalogue.h"

#include <algorithm>

#include "cornu/core/error.h"
#include "cornu/core/names.h"
#include "cornu/datasets/digits.h"

namespace cornu::inline v0::datasets {
namespace {

std::vector<std::string> ten_digits() {
  return {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
}

DatasetEntry mnist_entry() {
  return {
      .name = "mnist",
      .title = "MNIST: handwritten digits, grey bytes",
      .files =
          {
              {.name = "train-images-idx3-ubyte",
               .size = 47040016,
               .sha256 = "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
               .gz_size = 9912422,
               .gz_sha256 = "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
               .array = "x_train"},
              {.name = "train-labels-idx1-ubyte",
               .size = 60008,
               .sha256 = "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
               .gz_size = 28881,
               .gz_sha256 = "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
               .array = "y_train"},
              {.name = "t10k-images-idx3-ubyte",
               .size = 7840016,
               .sha256 = "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
               .gz_size = 1648877,
               .gz_sha256 = "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
               .array = "x_test"},
              {.name = "t10k-labels-idx1-ubyte",
               .size = 10008,
               .sha256 = "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
               .gz_size = 4542,
               .gz_sha256 = "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
               .array = "y_test"},
          },
      .npz = "mnist.npz",
      .train_sha256 = "c5097fdd51cfdbe7695fd9df3612695696864b5c424f58d843ffdc5d335e9914",
      .test_sha256 = "18489308deedfe2f7bd3a11e599a597126f161d991b1ffcffb71642aa76f7f62",
      .mirrors = {"https://ossci-datasets.s3.amazonaws.com/mnist/",
                  "https://storage.googleapis.com/cvdf-datasets/mnist/"},
      .train_size = 60000,
      .test_size = 10000,
      .input_shape = {28, 28},
      .class_names = ten_digits(),
      .citation =
          "Yann LeCun, Corinna Cortes, Christopher J. C. Burges: The MNIST database of "
          "handwritten digits (1998)",
      .licence = "CC BY-SA 3.0, by Yann LeCun and Corinna Cortes, as Keras's documentation says",
  };
}

DatasetEntry fashion_mnist_entry() {
  return {
      .name = "fashion_mnist",
      .title = "Fashion-MNIST: articles of clothing, grey bytes",
      .files =
          {
              {.name = "train-images-idx3-ubyte",
               .size = 47040016,
               .sha256 = "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
               .gz_size = 26421880,
               .gz_sha256 = "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"},
              {.name = "train-labels-idx1-ubyte",
               .size = 60008,
               .sha256 = "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
               .gz_size = 29515,
               .gz_sha256 = "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"},
              {.name = "t10k-images-idx3-ubyte",
               .size = 7840016,
               .sha256 = "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
               .gz_size = 4422102,
               .gz_sha256 = "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"},
              {.name = "t10k-labels-idx1-ubyte",
               .size = 10008,
               .sha256 = "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
               .gz_size = 5148,
               .gz_sha256 = "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"},
          },
      .train_sha256 = "d9ef4273af5c2e360155dad0c06bd939447bf37a6620db007d69fc79e4732045",
      .test_sha256 = "30214f3fe91405cb8ea60b11ecf0914a65dd6a6ca8e13c13a62eb434f2d9fe56",
      .mirrors = {"https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
                  "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/"
                  "fashion/"},
      .train_size = 60000,
      .test_size = 10000,
      .input_shape = {28, 28},
      .class_names = {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt",
                      "Sneaker", "Bag", "Ankle boot"},
      .citation =
          "Han Xiao, Kashif Rasul, Roland Vollgraf: Fashion-MNIST: a Novel Image Dataset for "
          "Benchmarking Machine Learning Algorithms (2017)",
      .licence = "MIT (Zalando SE)",
  };
}

DatasetEntry cifar10_entry() {
  const std::string sha256 = "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd";
  return {
      .name = "cifar10",
      .title = "CIFAR-10: small photographs of ten kinds of things, red, green and blue bytes",
      .form = DatasetForm::cifar,
      .files = {{.name = "cifar-10-binary.tar",
                 .size = 185'000'000,
                 .gz_size = 170052171,
                 .gz_sha256 = sha256}},
      .train_sha256 = sha256,
      .test_sha256 = sha256,
      .mirrors = {"https://www.cs.toronto.edu/~kriz/"},
      .train_size = 50000,
      .test_size = 10000,
      .input_shape = {32, 32, 3},
      .class_names = {"airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse",
                      "ship", "truck"},
      .citation = "Alex Krizhevsky: Learning Multiple Layers of Features from Tiny Images (2009)",
      .licence = "none is stated; its author asks to cite the report",
  };
}

DatasetEntry digits_entry() {
  return {
      .name = "digits",
      .title = "5,000 handwritten digits, grey bytes, part of the library",
      .files = {{.name = "digits-images-idx3-ubyte",
                 .size = 2000016,
                 .sha256 = "bdba5913b0150ce75b22577b51c8fdacaa2bcfbf2fb430c4d2f1da31c8a91709",
                 .gz_size = 621840}},
      .train_sha256 = "bdba5913b0150ce75b22577b51c8fdacaa2bcfbf2fb430c4d2f1da31c8a91709",
      .test_sha256 = "bdba5913b0150ce75b22577b51c8fdacaa2bcfbf2fb430c4d2f1da31c8a91709",
      .train_size = 4000,
      .test_size = 1000,
      .input_shape = {20, 20},
      .class_names = ten_digits(),
      .citation =
          "Yann LeCun, Corinna Cortes, Christopher J. C. Burges: The MNIST database of "
          "handwritten digits (1998); its training images, made smaller by OpenCV",
      .licence = "Apache-2.0 and BSD-3-Clause (OpenCV's contributors)",
      .embedded = digits,
  };
}

}  // namespace

std::span<const DatasetEntry> catalogue() {
  static const std::vector<DatasetEntry> entries = {mnist_entry(), fashion_mnist_entry(),
                                                    cifar10_entry(), digits_entry()};
  return entries;
}

const DatasetEntry& entry_of(std::string_view name) {
  std::string underscored(name);
  std::ranges::replace(underscored, '-', '_');
  std::vector<std::string> names;
  for (const DatasetEntry& entry : catalogue()) {
    if (same_name(entry.name, underscored)) return entry;
    names.push_back(entry.name);
  }
  throw unknown_name("datasets", "data set", name, names);
}

}  // namespace cornu::inline v0::datasets
