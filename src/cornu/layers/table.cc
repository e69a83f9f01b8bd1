#include "cornu/layers/table.h"

#include "cornu/core/error.h"
#include "cornu/layers/activation_layer.h"
#include "cornu/layers/batch_normalization.h"
#include "cornu/layers/concatenate.h"
#include "cornu/layers/dense.h"
#include "cornu/layers/dropout.h"
#include "cornu/layers/elu.h"
#include "cornu/layers/embedding.h"
#include "cornu/layers/flatten.h"
#include "cornu/layers/gaussian_dropout.h"
#include "cornu/layers/gaussian_noise.h"
#include "cornu/layers/input.h"
#include "cornu/layers/layer_normalization.h"
#include "cornu/layers/leaky_relu.h"
#include "cornu/layers/merge.h"
#include "cornu/layers/operation.h"
#include "cornu/layers/prelu.h"
#include "cornu/layers/relu.h"
#include "cornu/layers/rescaling.h"
#include "cornu/layers/reshape.h"
#include "cornu/layers/softmax.h"

namespace cornu::inline v0 {
namespace {

template <class L>
constexpr LayerEntry entry(std::span<const OldName> old_names = {}) {
  return part_entry_of<Layer, L>(L::kType, old_names);
}

// Of Keras 1, but for alpha, which became negative_slope in Keras 3.
constexpr OldName kOldDense[] = {{"output_dim", "units"},
                                 {"init", "kernel_initializer"},
                                 {"bias", "use_bias"},
                                 {"W_regularizer", "kernel_regularizer"},
                                 {"b_regularizer", "bias_regularizer"},
                                 {"W_constraint", "kernel_constraint"},
                                 {"b_constraint", "bias_constraint"}};
constexpr OldName kOldDropout[] = {{"p", "rate"}};
constexpr OldName kOldGaussianNoise[] = {{"sigma", "stddev"}};
constexpr OldName kOldLeakyReLU[] = {{"alpha", "negative_slope"}};
constexpr OldName kOldPReLU[] = {{"init", "alpha_initializer"}};
constexpr OldName kOldEmbedding[] = {{"init", "embeddings_initializer"},
                                     {"W_regularizer", "embeddings_regularizer"},
                                     {"W_constraint", "embeddings_constraint"}};
constexpr OldName kOldBatchNormalization[] = {{"beta_init", "beta_initializer"},
                                              {"gamma_init", "gamma_initializer"}};

constexpr LayerEntry kLayers[] = {
    entry<Input>(),
    entry<Dense>(kOldDense),
    entry<Flatten>(),
    entry<Reshape>(),
    entry<ActivationLayer>(),
    entry<Dropout>(kOldDropout),
    entry<Rescaling>(),
    entry<ReLU>(),
    entry<LeakyReLU>(kOldLeakyReLU),
    entry<ELU>(),
    entry<Softmax>(),
    entry<Add>(),
    entry<Subtract>(),
    entry<Multiply>(),
    entry<Average>(),
    entry<Maximum>(),
    entry<Minimum>(),
    entry<Concatenate>(),
    entry<PReLU>(kOldPReLU),
    entry<BatchNormalization>(kOldBatchNormalization),
    entry<LayerNormalization>(),
    entry<GaussianNoise>(kOldGaussianNoise),
    entry<Embedding>(kOldEmbedding),
    entry<GaussianDropout>(kOldDropout),
    entry<Operation>(),
};

// By Keras's class name; their names in small letters give the same error.
constexpr AbsentName kAbsent[] = {
    {"Conv1D", "Dense"},
    {"Conv2D", "Dense"},
    {"Conv3D", "Dense"},
    {"DepthwiseConv2D", "Dense"},
    {"SeparableConv2D", "Dense"},
    {"Conv2DTranspose", "Dense"},
    {"MaxPooling1D", "Flatten"},
    {"MaxPooling2D", "Flatten"},
    {"AveragePooling1D", "Flatten"},
    {"AveragePooling2D", "Flatten"},
    {"GlobalMaxPooling2D", "Flatten"},
    {"GlobalAveragePooling2D", "Flatten"},
    {"SimpleRNN", "Dense"},
    {"LSTM", "Dense"},
    {"GRU", "Dense"},
    {"Bidirectional", "Dense"},
    {"TimeDistributed", "Dense, which takes any number of axes"},
    {"Attention", "Dense"},
    {"MultiHeadAttention", "Dense"},
    {"EinsumDense", "Dense"},
    {"GroupNormalization", "LayerNormalization"},
    {"UnitNormalization", "LayerNormalization"},
    {"RMSNormalization", "LayerNormalization"},
    {"SpectralNormalization", "BatchNormalization"},
    {"Normalization", "Rescaling"},
    {"AlphaDropout", "Dropout"},
    {"SpatialDropout1D", "Dropout"},
    {"SpatialDropout2D", "Dropout"},
    {"ActivityRegularization", "a kernel_regularizer"},
    {"Dot", "Multiply"},
    {"Permute", "Reshape"},
    {"RepeatVector", "Reshape"},
    {"Masking", "Embedding"},
    {"Lambda", "a user-defined layer"},
    {"Merge", "Add"},                    // of Keras 1
    {"TensorFlowOpLayer", "Rescaling"},  // of tf.keras 2
    {"SlicingOpLambda", "Reshape"},
};

// Keras's function for it is Input, its class InputLayer.
constexpr OtherName kOtherNames[] = {{"Input", "InputLayer"}};

// Files have networks under these names.
constexpr std::string_view kNetworks[] = {"Sequential", "Functional", "Model"};

}  // namespace

template <>
const PartTable<Layer>& part_table<Layer>() {
  static constexpr PartTable<Layer> table({.kind = "layer",
                                           .where = "layers",
                                           .others = kOtherNames,
                                           .absent = kAbsent,
                                           .reserved = kNetworks},
                                          kLayers);
  return table;
}

std::span<const LayerEntry> layer_table() {
  return kLayers;
}

void refuse_absent_layer(std::string_view type) {
  refuse_absent("layers", type, kAbsent);
}

const LayerEntry* find_layer(std::string_view type) {
  return part_table<Layer>().find(type);
}

const LayerEntry& layer_entry(std::string_view type) {
  return part_table<Layer>().entry(type);
}

Layer make_layer(std::string_view type, const Value::Map& config) {
  return layer_entry(type).make(config);
}

}  // namespace cornu::inline v0
