// Names of parts may be written without capitals and underscores (same_name). So no two parts of a
// kind differ by those alone, and no name of a part that only Keras has equals one of Cornu's.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iterator>
#include <set>
#include <sstream>

#include "cornu/core/error_of_test.h"
#include "cornu/core/names.h"
#include "cornu/cornu.h"
#include "cornu/layers/table.h"

namespace cornu::inline v0 {
namespace names_test {

template <class Table, class NameOf, class Find>
void expect_found(const Table& table, const NameOf& name_of, const Find& find) {
  std::set<std::string> seen;
  for (const auto& entry : table) {
    const std::string name(name_of(entry));
    EXPECT_TRUE(seen.insert(plain_name(name)).second) << name;
    EXPECT_EQ(find(name), name);
    EXPECT_EQ(find(plain_name(name)), name);
  }
  EXPECT_GE(seen.size(), 3U);
}

TEST(Names, OfPartsLeadToThem) {
  const auto name = [](const auto& entry) { return entry.name; };
  expect_found(
      layer_table(), [](const LayerEntry& entry) { return entry.name; },
      [](std::string_view each) { return layer_entry(each).name; });
  expect_found(loss_table(), name, [](std::string_view each) { return loss_entry(each).name; });
  expect_found(metric_table(), name, [](std::string_view each) { return metric_entry(each).name; });
  expect_found(optimizer_table(), name,
               [](std::string_view each) { return optimizer_entry(each).name; });
  expect_found(activation_table(), name,
               [](std::string_view each) { return std::string(Activation(each).name()); });
  expect_found(initializer_table(), name,
               [](std::string_view each) { return std::string(make_initializer(each)->name()); });
  expect_found(regularizer_table(), name,
               [](std::string_view each) { return std::string(make_regularizer(each)->name()); });
}

// What the function get() of each of Keras 3.15.1's modules takes, without its base classes, and
// the two names that compile() alone has for a loss.
struct KerasNames {
  std::string_view known;   ///< "bce=binary_crossentropy": another name of that part
  std::string_view absent;  ///< of parts that only Keras has
};

const KerasNames kLossesOfKeras = {
    "BCE=binary_crossentropy BinaryCrossentropy CategoricalCrossentropy CategoricalHinge "
    "CosineSimilarity Hinge Huber KLD=kl_divergence KLDivergence LogCosh "
    "MAE=mean_absolute_error MAPE=mean_absolute_percentage_error MSE=mean_squared_error "
    "MSLE=mean_squared_logarithmic_error MeanAbsoluteError MeanAbsolutePercentageError "
    "MeanSquaredError MeanSquaredLogarithmicError Poisson SparseCategoricalCrossentropy "
    "SquaredHinge bce=binary_crossentropy binary_crossentropy categorical_crossentropy "
    "categorical_hinge cosine_similarity hinge huber kl_divergence kld=kl_divergence "
    "log_cosh mae=mean_absolute_error mape=mean_absolute_percentage_error "
    "mean_absolute_error mean_absolute_percentage_error mean_squared_error "
    "mean_squared_logarithmic_error mse=mean_squared_error "
    "msle=mean_squared_logarithmic_error poisson sparse_categorical_crossentropy "
    "squared_hinge crossentropy ce=crossentropy",
    "BinaryFocalCrossentropy CTC CategoricalFocalCrossentropy Circle Dice Tversky "
    "binary_focal_crossentropy categorical_focal_crossentropy circle ctc dice tversky"};

const KerasNames kMetricsOfKeras = {
    "AUC Accuracy BCE=BinaryCrossentropy BinaryAccuracy BinaryCrossentropy "
    "CategoricalAccuracy CategoricalCrossentropy CategoricalHinge CosineSimilarity "
    "F1Score FalseNegatives FalsePositives Hinge KLDivergence LogCoshError "
    "MAE=MeanAbsoluteError MAPE=MeanAbsolutePercentageError MSE=MeanSquaredError "
    "MSLE=MeanSquaredLogarithmicError MeanAbsoluteError MeanAbsolutePercentageError "
    "MeanSquaredError MeanSquaredLogarithmicError Poisson Precision Recall "
    "RootMeanSquaredError SparseCategoricalAccuracy SparseCategoricalCrossentropy "
    "SparseTopKCategoricalAccuracy SquaredHinge TopKCategoricalAccuracy TrueNegatives "
    "TruePositives accuracy auc bce=BinaryCrossentropy binary_accuracy "
    "binary_crossentropy categorical_accuracy categorical_crossentropy categorical_hinge "
    "cosine_similarity f1_score false_negatives false_positives hinge kl_divergence "
    "log_cosh_error mae=MeanAbsoluteError mape=MeanAbsolutePercentageError "
    "mean_absolute_error mean_absolute_percentage_error mean_squared_error "
    "mean_squared_logarithmic_error mse=MeanSquaredError msle=MeanSquaredLogarithmicError "
    "poisson precision recall root_mean_squared_error sparse_categorical_accuracy "
    "sparse_categorical_crossentropy sparse_top_k_categorical_accuracy squared_hinge "
    "top_k_categorical_accuracy true_negatives true_positives acc=Accuracy",
    "BinaryIoU ConcordanceCorrelation FBetaScore IoU MeanIoU OneHotIoU OneHotMeanIoU "
    "PearsonCorrelation PrecisionAtRecall R2Score RecallAtPrecision "
    "SensitivityAtSpecificity SpecificityAtSensitivity binary_io_u "
    "concordance_correlation f_beta_score io_u mean_io_u one_hot_io_u one_hot_mean_io_u "
    "pearson_correlation precision_at_recall r2_score recall_at_precision "
    "sensitivity_at_specificity specificity_at_sensitivity"};

const KerasNames kOptimizersOfKeras = {
    "adadelta adagrad adam adamax adamw lion nadam rmsprop sgd",
    "adafactor ftrl lossscaleoptimizer multioptimizer muon schedulefreeadamw"};

const KerasNames kActivationsOfKeras = {
    "elu exponential gelu hard_sigmoid leaky_relu linear log_softmax mish relu relu6 selu "
    "sigmoid silu softmax softplus softsign swish=silu tanh",
    "celu glu hard_shrink hard_silu hard_swish hard_tanh log_sigmoid soft_shrink "
    "sparse_plus sparse_sigmoid sparsemax squareplus tanh_shrink threshold"};

const KerasNames kInitializersOfKeras = {
    "Constant GlorotNormal GlorotUniform HeNormal HeUniform Identity "
    "IdentityInitializer=Identity LecunNormal LecunUniform Ones Orthogonal "
    "OrthogonalInitializer=Orthogonal RandomNormal RandomUniform TruncatedNormal "
    "VarianceScaling Zeros constant glorot_normal glorot_uniform he_normal he_uniform "
    "identity lecun_normal lecun_uniform normal=RandomNormal one=Ones ones orthogonal "
    "random_normal random_uniform truncated_normal uniform=RandomUniform variance_scaling "
    "zero=Zeros zeros",
    "STFT STFTInitializer stft"};

const KerasNames kRegularizersOfKeras = {"L1 L1L2 L2 l1 l1l2 l2",
                                         "OrthogonalRegularizer orthogonal_regularizer"};

std::vector<std::string> words_of(std::string_view text) {
  std::istringstream in{std::string(text)};
  return {std::istream_iterator<std::string>(in), {}};
}

template <class Part>
void expect_names(const KerasNames& keras) {
  const PartTable<Part>& table = part_table<Part>();
  for (const std::string& each : words_of(keras.known)) {
    const std::string name = each.substr(0, each.find('='));
    const auto* const entry = table.find_known(name);
    ASSERT_NE(entry, nullptr) << name;
    EXPECT_TRUE(same_name(entry->name, each.substr(each.find('=') + 1))) << each;
  }
  for (const std::string& name : words_of(keras.absent)) {
    EXPECT_EQ(table.find_known(name), nullptr) << name;
    EXPECT_THAT(error_of([&] { table.entry(name); }), ::testing::HasSubstr("Cornu has not"))
        << name;
  }
}

TEST(Names, AreThoseThatKerasTakes) {
  expect_names<Loss>(kLossesOfKeras);
  expect_names<Metric>(kMetricsOfKeras);
  expect_names<Optimizer>(kOptimizersOfKeras);
  expect_names<Activation>(kActivationsOfKeras);
  expect_names<Initializer>(kInitializersOfKeras);
  expect_names<Regularizer>(kRegularizersOfKeras);
}

}  // namespace names_test
}  // namespace cornu::inline v0
