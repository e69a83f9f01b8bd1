#include "cornu/listing/part_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "cornu/cli/net_text.h"

namespace cornu::inline v0::cli {
namespace part_list_test {

std::string signature_of(const std::string& kind, const std::string& name) {
  for (const listing::PartKind& each : listing::part_kinds()) {
    if (each.name != kind) continue;
    for (const listing::ListedPart& part : each.parts()) {
      if (part.name == name) return listing::signature(part);
    }
  }
  return "none";
}

TEST(PartList, ShowsArgumentsWithTheirDefaults) {
  EXPECT_EQ(signature_of("losses", "huber"), "huber(delta=1)");
  EXPECT_EQ(signature_of("losses", "hinge"), "hinge");
  EXPECT_EQ(signature_of("layers", "leaky_re_lu"), "leaky_re_lu(negative_slope=0.3)");
  EXPECT_EQ(signature_of("regularizers", "l2"), "l2(l2=0.01)");
  EXPECT_EQ(signature_of("callbacks", "csv_logger"),
            "csv_logger(filename, separator=\",\", append=false)");
  EXPECT_EQ(signature_of("activations", "relu"), "relu");
  EXPECT_EQ(signature_of("datasets", "digits"), "digits");
}

TEST(PartList, RequiredArgumentsHaveNoDefault) {
  EXPECT_THAT(signature_of("layers", "dense"),
              testing::StartsWith("dense(units, activation=linear"));
  EXPECT_THAT(signature_of("layers", "embedding"),
              testing::StartsWith("embedding(input_dim, output_dim, embeddings_initializer="));
}

void write_part(const std::string& kind, const std::string& text) {
  if (kind == "layers") layers_from_text(text);
  if (kind == "activations") layers_from_text("activation(" + text + ")");
  if (kind == "initializers") layers_from_text("dense(3, kernel_initializer=" + text + ")");
  if (kind == "regularizers") layers_from_text("dense(3, kernel_regularizer=" + text + ")");
  if (kind == "losses") loss_from_text(text);
  if (kind == "metrics") metrics_from_text(text);
  if (kind == "optimizers") optimizer_from_text(text);
  if (kind == "schedules") optimizer_from_text("adam(learning_rate=" + text + ")");
  if (kind == "callbacks") callbacks_from_text(text);
}

TEST(PartList, EachLineIsTextThatTheOptionTakes) {
  for (const listing::PartKind& kind : listing::part_kinds()) {
    for (const listing::ListedPart& part : kind.parts()) {
      const bool complete = std::ranges::all_of(
          part.arguments, [](const listing::PartArgument& each) { return each.value.has_value(); });
      if (complete) {
        EXPECT_NO_THROW(write_part(kind.name, listing::signature(part)))
            << listing::signature(part);
      }
    }
  }
}

TEST(PartList, ClassesHaveKerasNames) {
  std::vector<std::string> classes;
  for (const listing::PartKind& kind : listing::part_kinds()) {
    for (const listing::ListedPart& part : kind.parts()) classes.push_back(part.class_name);
  }
  EXPECT_THAT(classes, testing::IsSupersetOf({"LeakyReLU", "MeanSquaredError", "KLDivergence",
                                              "SGD", "AdamW", "L1L2", "GlorotUniform",
                                              "CosineDecay", "ReduceLROnPlateau", "F1Score"}));
}

TEST(PartList, ArgumentsOfAValueMayGoWithoutNames) {
  const Optimizer by_position = optimizer_from_text("adam(ExponentialDecay(0.5, 10, 0.25))");
  const Optimizer by_name = optimizer_from_text(
      "adam(learning_rate=exponential_decay(initial_learning_rate=0.5, decay_steps=10, "
      "decay_rate=0.25))");
  EXPECT_EQ(by_position->learning_rate(), by_name->learning_rate());
  EXPECT_EQ(optimizer_from_text("sgd(piecewise_constant_decay([10, 20], [1, 0.5, 0.1]))")
                ->learning_rate()
                .at(15),
            0.5);
  EXPECT_THAT(listing::fields_of_value("HeNormal"), testing::ElementsAre("seed"));
  EXPECT_EQ(listing::fields_of_value("leaky_relu")[0], "negative_slope");
  EXPECT_TRUE(listing::fields_of_value("dense").empty());
}

}  // namespace part_list_test
}  // namespace cornu::inline v0::cli
