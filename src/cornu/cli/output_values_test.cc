#include "cornu/cli/output_values.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cornu/cli/net_text.h"
#include "cornu/layers/input.h"
#include "cornu/models/sequential.h"

namespace cornu::inline v0::cli {
namespace output_values_test {

Model net(const std::string& text) {
  Sequential model(layers_from_text(text));
  model.build({4, 5});
  return model;
}

OutputValues of(const std::string& text) {
  return output_values(net(text));
}

TEST(OutputValues, FollowFromTheLastOperation) {
  EXPECT_EQ(of("flatten, dense(3, softmax)"), OutputValues::distribution);
  EXPECT_EQ(of("flatten, dense(3), softmax"), OutputValues::distribution);
  EXPECT_EQ(of("flatten, dense(3), activation(softmax), dropout(0.5)"), OutputValues::distribution);
  EXPECT_EQ(of("flatten, dense(4, softmax), reshape((2, 2))"), OutputValues::unit);
  EXPECT_EQ(of("flatten, dense(3, sigmoid)"), OutputValues::unit);
  EXPECT_EQ(of("flatten, dense(3, hard_sigmoid)"), OutputValues::unit);
  for (const char* each : {"linear", "tanh", "elu", "leaky_relu", "gelu", "log_softmax"}) {
    EXPECT_EQ(of("flatten, dense(3, " + std::string(each) + ")"), OutputValues::any) << each;
  }
  for (const char* each : {"relu", "relu6", "softplus", "exponential"}) {
    EXPECT_EQ(of("flatten, dense(3, " + std::string(each) + ")"), OutputValues::unknown) << each;
  }
  EXPECT_EQ(of("flatten, dense(3), batch_normalization"), OutputValues::unknown);
  EXPECT_EQ(of("flatten, dense(3), operation(log)"), OutputValues::any);
  EXPECT_EQ(of("flatten, dense(3), operation(sqrt)"), OutputValues::unknown);
  EXPECT_EQ(of("flatten, dense(3), operation(clip, left=0, right=1)"), OutputValues::unit);
  EXPECT_EQ(of("flatten, dense(3), operation(clip, left=-1, right=1)"), OutputValues::any);
  EXPECT_EQ(of("flatten, dense(3), operation(clip, left=0, right=6)"), OutputValues::unknown);
}

TEST(OutputValues, AMatrixAfterASoftmaxMayGiveProbabilities) {
  EXPECT_EQ(of("flatten, dense(3, softmax), dense(3, use_bias=false)"), OutputValues::unknown);
  EXPECT_EQ(of("flatten, dense(3, softmax), dense(3)"), OutputValues::any);
}

TEST(OutputValues, OfANestedModelAreThoseOfItsLastLayer) {
  const Model inner = net("flatten, dense(3, softmax)");
  const SymbolicTensor x = Input({4, 5});
  EXPECT_EQ(output_values(Model({x}, {inner(x)})), OutputValues::distribution);
}

std::string complaint(const std::string& text, const std::string& loss) {
  try {
    require_probabilities(net(text), loss_from_text(loss), "--net");
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(OutputValues, ALossOfProbabilitiesRefusesOthers) {
  EXPECT_THAT(complaint("flatten, dense(3)", "categorical_crossentropy"),
              testing::HasSubstr("any numbers, and categorical_crossentropy takes probabilities"));
  EXPECT_THAT(complaint("flatten, dense(3)", "sparse_categorical_crossentropy"),
              testing::HasSubstr("Hint: end with activation=softmax, or train by --loss "
                                 "\"sparse_categorical_crossentropy(from_logits=true)\""));
  EXPECT_THAT(complaint("flatten, dense(3)", "ce"),
              testing::HasSubstr("--loss \"categorical_crossentropy(from_logits=true)\""));
  EXPECT_THAT(complaint("flatten, dense(1)", "ce"), testing::HasSubstr("activation=sigmoid"));
  EXPECT_THAT(complaint("flatten, dense(3)", "bce"), testing::HasSubstr("activation=sigmoid"));
  EXPECT_THAT(complaint("flatten, dense(3)", "kld"), testing::HasSubstr("activation=softmax"));
  for (const char* loss : {"categorical_crossentropy(from_logits=true)", "mse", "hinge",
                           "binary_crossentropy(from_logits=true)"}) {
    EXPECT_EQ(complaint("flatten, dense(3)", loss), "") << loss;
  }
  EXPECT_EQ(complaint("flatten, dense(3, softmax)", "categorical_crossentropy"), "");
  EXPECT_EQ(complaint("flatten, dense(3, sigmoid)", "categorical_crossentropy"), "");
}

Tensor outputs(std::vector<float> values) {
  const auto n = static_cast<int64_t>(values.size());
  return Tensor::of<float>({1, n}, std::span<const float>(values));
}

TEST(OutputValues, LogitsBecomeProbabilities) {
  Model model = net("flatten, dense(3)");
  EXPECT_FALSE(class_probabilities(model, outputs({0, 0, 1})));
  model.compile({.loss = loss_from_text("categorical_crossentropy(from_logits=true)")});
  // e^0, e^ln 2, e^ln 5, and numbers whose powers overflow.
  const Tensor three = *class_probabilities(model, outputs({0, 0.6931472F, 1.6094379F}));
  EXPECT_NEAR(three.at(0), 1 / 8.0, 1e-6);
  EXPECT_NEAR(three.at(1), 2 / 8.0, 1e-6);
  EXPECT_NEAR(three.at(2), 5 / 8.0, 1e-6);
  const Tensor large = *class_probabilities(model, outputs({1000, 999, -1000}));
  EXPECT_NEAR(large.at(0), 0.7310586, 1e-6);
  EXPECT_EQ(large.at(2), 0);
  model.compile({.loss = loss_from_text("binary_crossentropy(from_logits=true)")});
  EXPECT_NEAR(class_probabilities(model, outputs({0, 2, -2}))->at(1), 0.8807971, 1e-6);
  model.compile({.loss = Loss("mse")});
  EXPECT_FALSE(class_probabilities(model, outputs({0, 0, 1})));
}

TEST(OutputValues, ProbabilitiesStayAsTheyAre) {
  Model model = net("flatten, dense(3, softmax)");
  model.compile({.loss = loss_from_text("categorical_crossentropy(from_logits=true)")});
  EXPECT_EQ(class_probabilities(model, outputs({0.25F, 0.5F, 0.25F}))->at(1), 0.5);
}

}  // namespace output_values_test
}  // namespace cornu::inline v0::cli
