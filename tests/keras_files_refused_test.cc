// Files of Keras's that are refused: by name, and with what to do.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cornu/core/file.h"
#include "cornu/cornu.h"
#include "cornu/formats/hdf5.h"
#include "cornu/formats/zip.h"
#include "cornu/report/test_folder_test.h"
#include "golden_files.h"

namespace cornu::inline v0 {
namespace keras_files_refused_test {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

/// chain.keras, whose members a test changes.
class Archive {
 public:
  Archive()
      : file_(read_block(std::string(kSourceFolder) + "/tests/goldens/keras_files/chain.keras",
                         1 << 20)) {
    for (const formats::ZipMember& each : formats::read_zip(file_.span(), "chain.keras")) {
      members_.emplace_back(each.name, std::string(reinterpret_cast<const char*>(each.bytes.data()),
                                                   each.bytes.size()));
    }
  }

  std::string& operator[](const std::string& name) {
    for (auto& [own, content] : members_) {
      if (own == name) return content;
    }
    return members_.emplace_back(name, "").second;
  }
  void remove(const std::string& name) {
    std::erase_if(members_, [&](const auto& each) { return each.first == name; });
  }
  void replace(const std::string& old, const std::string& text) {
    std::string& config = (*this)["config.json"];
    const size_t at = config.find(old);
    ASSERT_NE(at, std::string::npos) << old;
    config.replace(at, old.size(), text);
  }

  /// The error of loading it.
  std::string error() const {
    std::vector<formats::ZipMember> all;
    for (const auto& [name, content] : members_) {
      all.push_back({.name = name, .bytes = std::as_bytes(std::span(content))});
    }
    const TestFolder folder;
    replace_file(folder.file("m.keras"), formats::write_zip(all).span());
    try {
      static_cast<void>(load_model(folder.file("m.keras")));
    } catch (const Error& error) {
      const std::string text = error.what();
      EXPECT_THAT(text, StartsWith(folder.file("m.keras")));
      return text.substr(folder.file("").size());
    }
    return "no error";
  }

 private:
  Block file_;
  std::vector<std::pair<std::string, std::string>> members_;
};

TEST(KerasFilesRefused, TheFileItselfIsGood) {
  EXPECT_EQ(Archive().error(), "no error");
}

TEST(KerasFilesRefused, CodeInALayer) {
  Archive archive;
  archive.replace(R"("class_name": "Dense", "config": {)",
                  R"("class_name": "Lambda", "config": {"function": "AAAA", )");
  EXPECT_EQ(archive.error(),
            "m.keras: Lambda \"dense\": Keras has \"Lambda\", Cornu has not. Hint: the nearest is "
            "a user-defined layer");
}

TEST(KerasFilesRefused, ALayerOfTheUsers) {
  Archive archive;
  archive.replace(R"("class_name": "Dense")", R"("class_name": "Attention2")");
  EXPECT_THAT(archive.error(), HasSubstr("Attention2 \"dense\": unknown layer"));
}

TEST(KerasFilesRefused, AConstraint) {
  Archive archive;
  archive.replace(R"("kernel_constraint": null)",
                  R"("kernel_constraint": {"class_name": "NonNeg", "config": {}})");
  EXPECT_EQ(archive.error(),
            "m.keras: Dense \"dense\": Keras has kernel_constraint, Cornu has not.");
}

TEST(KerasFilesRefused, APolicyOtherThanFloat32) {
  Archive archive;
  archive.replace(R"({"name": "float32"})", R"({"name": "mixed_float16"})");
  archive.replace(R"({"name": "float32"})", R"({"name": "mixed_float16"})");
  EXPECT_EQ(archive.error(),
            "m.keras: Dense \"dense\": expected dtype float32, got mixed_float16.");
}

TEST(KerasFilesRefused, MoreWeightsThanTheFileHas) {
  Archive archive;
  archive.replace(R"("units": 4)", R"("units": 1000000000)");
  EXPECT_THAT(archive.error(), AllOf(HasSubstr("Dense \"dense\": kernel: has more weights than the "
                                               "file; expected shape (6, 1000000000)"),
                                     HasSubstr("of the file left")));
}

TEST(KerasFilesRefused, WeightsOfAnotherShape) {
  Archive archive;
  archive.replace(R"("units": 4)", R"("units": 3)");
  EXPECT_EQ(archive.error(),
            "m.keras: Dense \"dense\": kernel: expected float32 values of shape (6, 3), got "
            "float32 of shape (6, 4).");
}

TEST(KerasFilesRefused, AnOptimizerThatCornuHasNot) {
  Archive archive;
  archive.replace(R"("class_name": "Adam")", R"("class_name": "Ftrl")");
  EXPECT_THAT(archive.error(), HasSubstr("m.keras: optimizer: Keras has \"Ftrl\", Cornu has not"));
}

TEST(KerasFilesRefused, WhatCornuAddedInAnotherForm) {
  Archive archive;
  archive["cornu.json"] = R"({"seed": 0, "inputs": 3, "targets": []})";
  EXPECT_THAT(archive.error(), HasSubstr("m.keras: "));
}

TEST(KerasFilesRefused, GroupsAsDeepAsANameIsLong) {
  std::string name = "layers";
  for (int i = 0; i < 70; ++i) name += "\\a";
  formats::Hdf5Group root;
  root.groups.push_back({.name = name});
  const TestFolder folder;
  const std::string path = folder.file("deep.weights.h5");
  replace_file(path, formats::write_hdf5(root));
  Model model = Sequential({Input({2}), Dense({.units = 1})});
  try {
    model.load_weights(path);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.what(), path + ": expected groups at most 64 deep.");
  }
}

TEST(KerasFilesRefused, OneThatIsNoModel) {
  Archive archive;
  archive.remove("config.json");
  EXPECT_EQ(archive.error(),
            "m.keras: is a ZIP archive but no .keras file; expected config.json and "
            "model.weights.h5 in it.");
}

TEST(KerasFilesRefused, OneWithoutWeights) {
  Archive archive;
  archive.remove("model.weights.h5");
  EXPECT_EQ(archive.error(), "m.keras: expected model.weights.h5 in it.");
  archive["model.weights.npz"] = "PK";
  EXPECT_EQ(archive.error(),
            "m.keras: expected model.weights.h5 in it, got model.weights.npz. Hint: save the model "
            "again in Keras without weights_format");
}

TEST(KerasFilesRefused, WeightsThatAreNotFinite) {
  Model model = Sequential({Input({2}), Dense({.units = 1})});
  const TestFolder folder;
  model.save_weights(folder.file("m.weights.h5"));
  std::vector<std::byte> bytes = read_file(folder.file("m.weights.h5"));
  const float kernel = model.weights()[0].second.span<float>()[1];
  const auto pattern = std::as_bytes(std::span(&kernel, 1));
  const auto at = std::search(bytes.begin(), bytes.end(), pattern.begin(), pattern.end());
  ASSERT_NE(at, bytes.end());
  const float nan = std::numeric_limits<float>::quiet_NaN();
  std::ranges::copy(std::as_bytes(std::span(&nan, 1)), at);
  replace_file(folder.file("m.weights.h5"), bytes);
  const Tensor before(model.weights()[0].second);
  try {
    model.load_weights(folder.file("m.weights.h5"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(
        error.what(),
        HasSubstr("Dense \"dense\": kernel: expected finite numbers, got nan at element 1"));
  }
  EXPECT_TRUE(std::ranges::equal(model.weights()[0].second.span<float>(), before.span<float>()));
}

// Two threads read it from both ends; what is told is what one would find.
TEST(KerasFilesRefused, TheFirstNumberOfALargeFileThatIsNotFinite) {
  const Model model = Sequential({Input({2048}), Dense({.units = 1200}), Dense({.units = 700})});
  const TestFolder folder;
  model.save(folder.file("m.h5"));
  std::vector<std::byte> bytes = read_file(folder.file("m.h5"));
  const float infinity = std::numeric_limits<float>::infinity();
  const std::vector<std::pair<size_t, size_t>> broken{{0, 1'500'000}, {0, 2'000'000}, {2, 839'999}};
  for (const auto& [weight, element] : broken) {
    const auto numbers = model.weights()[weight].second.span<float>();
    const auto pattern = std::as_bytes(numbers.subspan(element - 1, 2));
    const auto at = std::search(bytes.begin(), bytes.end(), pattern.begin(), pattern.end());
    ASSERT_NE(at, bytes.end());
    std::ranges::copy(std::as_bytes(std::span(&infinity, 1)), at + sizeof(float));
  }
  replace_file(folder.file("m.h5"), bytes);
  for (int round = 0; round < 5; ++round) {
    try {
      load_model(folder.file("m.h5"));
      FAIL();
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr("Dense \"dense\": kernel: expected finite numbers, got "
                                          "inf at element 1500000"));
    }
  }
}

TEST(KerasFilesRefused, AFileOfWeightsAsAModel) {
  try {
    static_cast<void>(
        load_model(std::string(kSourceFolder) + "/tests/goldens/keras_files/chain.weights.h5"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("chain.weights.h5: holds weights and no network. Hint: "
                                        "make the model and call load_weights(path)"));
  }
}

TEST(KerasFilesRefused, WeightsOfAnotherNetwork) {
  Model model = Sequential({Input({6}), Dense({.units = 4})});
  for (const char* ending : {".keras", ".h5"}) {
    try {
      model.load_weights(std::string(kSourceFolder) + "/tests/goldens/keras_files/chain" + ending);
      ADD_FAILURE() << ending;
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr(ending)) << error.what();
    }
  }
}

}  // namespace keras_files_refused_test
}  // namespace cornu::inline v0
