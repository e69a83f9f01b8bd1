#include "cornu/core/error.h"

#include <gtest/gtest.h>

#include <vector>

namespace cornu::inline v0 {
namespace error_test {

std::string text(ErrorParts parts) {
  return Error(std::move(parts)).what();
}

TEST(Error, SaysWhatWhereExpectedFoundAndHint) {
  EXPECT_EQ(text({.where = "Dense \"dense_2\"",
                  .what = "cannot be built",
                  .expected = "units > 0",
                  .found = "0",
                  .hint = "give it units."}),
            "Dense \"dense_2\": cannot be built; expected units > 0, got 0. Hint: give it units.");
}

TEST(Error, LeavesOutThePartsThatAreMissing) {
  EXPECT_EQ(text({.where = "fit", .what = "no data"}), "fit: no data.");
  EXPECT_EQ(text({.where = "fit", .what = "No data."}), "fit: No data.");
  EXPECT_EQ(text({.where = "fit", .expected = "rows"}), "fit: expected rows.");
  EXPECT_EQ(text({.where = "fit", .expected = "rows", .found = "0"}), "fit: expected rows, got 0.");
  EXPECT_EQ(text({.where = "fit", .what = "no data", .found = "0"}), "fit: no data, got 0.");
  EXPECT_EQ(text({.where = "fit", .found = "0"}), "fit: got 0.");
  EXPECT_EQ(text({.where = "fit", .what = "no data", .hint = "add"}), "fit: no data. Hint: add");
}

TEST(Error, KeepsItsParts) {
  const Error error({.kind = ErrorKind::corrupt, .where = "a", .what = "b"});
  const Error copy = error;  // NOLINT: the copy is what is tested
  EXPECT_EQ(copy.kind(), ErrorKind::corrupt);
  EXPECT_EQ(copy.parts().where, "a");
  EXPECT_STREQ(copy.what(), error.what());
  EXPECT_EQ(Error({.where = "a"}).kind(), ErrorKind::invalid);
}

TEST(Error, PutsTheNearestNameFirst) {
  const std::vector<std::string> names = {"sgd", "adam", "adamw", "rmsprop"};
  EXPECT_EQ(nearest_first("adma", names), "adam, adamw, sgd, rmsprop");
  EXPECT_EQ(nearest_first("rmsprob", names), "rmsprop, sgd, adam, adamw");
  EXPECT_EQ(nearest_first("", names), "sgd, adam, adamw, rmsprop");
  EXPECT_EQ(nearest_first("adam", {}), "");
}

// Names that the given one abbreviates or is a part of are nearer than names spelled alike.
TEST(Error, AnAbbreviationIsNear) {
  const std::vector<std::string> options = {"--net",           "--help",       "--loss",
                                            "--learning-rate", "--batch-size", "--validation-split",
                                            "--data-dir"};
  const auto nearest = [](std::string_view name, const std::vector<std::string>& names) {
    const std::string all = nearest_first(name, names);
    return all.substr(0, all.find(','));
  };
  EXPECT_EQ(nearest("--lr", options), "--learning-rate");
  EXPECT_EQ(nearest("--bs", options), "--batch-size");
  EXPECT_EQ(nearest("--val-split", options), "--validation-split");
  EXPECT_EQ(nearest("--batch", options), "--batch-size");
  EXPECT_EQ(nearest("--rate", options), "--learning-rate");
  EXPECT_EQ(nearest("--datadir", options), "--data-dir");
  EXPECT_EQ(nearest("--hlep", options), "--help");
  const std::vector<std::string> losses = {
      "mse", "poisson", "hinge", "binary_crossentropy", "categorical_crossentropy", "huber"};
  EXPECT_EQ(nearest_first("crossentropy", losses).substr(0, 45),
            "binary_crossentropy, categorical_crossentropy");
  EXPECT_EQ(nearest("f1", {"auc", "accuracy", "f1_score"}), "f1_score");
  EXPECT_EQ(nearest("my_dense_layer", {"elu", "dropout", "dense"}), "dense");
}

TEST(Error, KeepsTheOrderOfNamesEquallyNear) {
  const std::vector<std::string> names = {"c", "a", "b"};
  EXPECT_EQ(nearest_first("x", names), "c, a, b");
}

TEST(Error, ListsTheKnownNamesForAnUnknownName) {
  const std::vector<std::string> names = {"relu", "sigmoid"};
  const Error error = unknown_name("Dense", "activation", "sigmoyd", names);
  EXPECT_STREQ(error.what(),
               "Dense: unknown activation \"sigmoyd\"; expected one of sigmoid, relu.");
  EXPECT_EQ(error.kind(), ErrorKind::not_found);
  EXPECT_STREQ(unknown_name("Dense", "option", "x", {}).what(), "Dense: unknown option \"x\".");
}

TEST(Error, CutsALongListOfNames) {
  std::vector<std::string> names;
  for (char letter = 'm'; letter >= 'a'; --letter) names.emplace_back(1, letter);
  EXPECT_STREQ(unknown_name("loss", "loss", "aa", names).what(),
               "loss: unknown loss \"aa\"; expected one of a, m, l, k, j, i, h, g and 5 more.");
  names.pop_back();
  EXPECT_STREQ(unknown_name("loss", "loss", "z", names).what(),
               "loss: unknown loss \"z\"; expected one of m, l, k, j, i, h, g, f, e, d, c, b.");
}

}  // namespace error_test
}  // namespace cornu::inline v0
