#include "cornu/layers/table.h"

#include "cornu/core/error.h"
#include "cornu/layers/activation_layer.h"
#include "cornu/layers/batch_normalization.h"
#include "cornu/layers/concatenate.h"
#include "cornu/layers/convolution.h"
#include "cornu/layers/dense.h"
#include "cornu/layers/depthwise_conv_2d.h"
#include "cornu/layers/dropout.h"
#include "cornu/layers/elu.h"
#include "cornu/layers/embedding.h"
#include "cornu/layers/flatten.h"
#include "cornu/layers/gaussian_dropout.h"
#include "cornu/layers/gaussian_noise.h"
#include "cornu/layers/global_pooling.h"
#include "cornu/layers/image_edges.h"
#include "cornu/layers/input.h"
#include "cornu/layers/layer_normalization.h"
#include "cornu/layers/leaky_relu.h"
#include "cornu/layers/merge.h"
#include "cornu/layers/operation.h"
#include "cornu/layers/permute.h"
#include "cornu/layers/pooling.h"
#include "cornu/layers/prelu.h"
#include "cornu/layers/relu.h"
#include "cornu/layers/repeat_vector.h"
#include "cornu/layers/rescaling.h"
#include "cornu/layers/reshape.h"
#include "cornu/layers/softmax.h"
#include "cornu/layers/spatial_dropout.h"
#include "cornu/layers/up_sampling_2d.h"

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
constexpr OldName kOldConv2D[] = {{"nb_filter", "filters"},
                                  {"border_mode", "padding"},
                                  {"subsample", "strides"},
                                  {"init", "kernel_initializer"},
                                  {"bias", "use_bias"},
                                  {"W_regularizer", "kernel_regularizer"},
                                  {"b_regularizer", "bias_regularizer"},
                                  {"W_constraint", "kernel_constraint"},
                                  {"b_constraint", "bias_constraint"}};
constexpr OldName kOldConv1D[] = {{"nb_filter", "filters"},
                                  {"filter_length", "kernel_size"},
                                  {"border_mode", "padding"},
                                  {"subsample_length", "strides"},
                                  {"init", "kernel_initializer"},
                                  {"bias", "use_bias"},
                                  {"W_regularizer", "kernel_regularizer"},
                                  {"b_regularizer", "bias_regularizer"},
                                  {"W_constraint", "kernel_constraint"},
                                  {"b_constraint", "bias_constraint"}};
constexpr OldName kOldPooling2D[] = {{"border_mode", "padding"}};
constexpr OldName kOldPooling1D[] = {
    {"pool_length", "pool_size"}, {"stride", "strides"}, {"border_mode", "padding"}};
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
    entry<Conv2D>(kOldConv2D),
    entry<Conv1D>(kOldConv1D),
    entry<DepthwiseConv2D>(),
    entry<MaxPooling2D>(kOldPooling2D),
    entry<AveragePooling2D>(kOldPooling2D),
    entry<MaxPooling1D>(kOldPooling1D),
    entry<AveragePooling1D>(kOldPooling1D),
    entry<GlobalMaxPooling2D>(),
    entry<GlobalAveragePooling2D>(),
    entry<GlobalMaxPooling1D>(),
    entry<GlobalAveragePooling1D>(),
    entry<ZeroPadding2D>(),
    entry<Cropping2D>(),
    entry<UpSampling2D>(),
    entry<Permute>(),
    entry<RepeatVector>(),
    entry<SpatialDropout1D>(kOldDropout),
    entry<SpatialDropout2D>(kOldDropout),
    entry<Operation>(),
};

// Keras's other names. Its function for an input is Input, the class InputLayer.
constexpr OtherName kOtherNames[] = {
    {"Input", "InputLayer"},
    {"Convolution1D", "Conv1D"},
    {"Convolution2D", "Conv2D"},
    {"MaxPool2D", "MaxPooling2D"},
    {"AvgPool2D", "AveragePooling2D"},
    {"MaxPool1D", "MaxPooling1D"},
    {"AvgPool1D", "AveragePooling1D"},
    {"GlobalMaxPool2D", "GlobalMaxPooling2D"},
    {"GlobalAvgPool2D", "GlobalAveragePooling2D"},
    {"GlobalMaxPool1D", "GlobalMaxPooling1D"},
    {"GlobalAvgPool1D", "GlobalAveragePooling1D"},
};

// By Keras's class name; their names in small letters give the same error.
constexpr const char* kOverSteps = "Conv1D, over the steps of a sequence";
constexpr AbsentName kAbsent[] = {
    {"Conv3D", "Conv2D"},
    {"SeparableConv2D", "DepthwiseConv2D and Conv2D, with a kernel_size of 1"},
    {"Conv2DTranspose", "UpSampling2D and Conv2D"},
    {"SimpleRNN", kOverSteps},
    {"LSTM", kOverSteps},
    {"GRU", kOverSteps},
    {"Bidirectional", kOverSteps},
    {"TimeDistributed", "Dense, which takes any number of axes"},
    {"Attention", kOverSteps},
    {"MultiHeadAttention", kOverSteps},
    {"EinsumDense", "Dense"},
    {"GroupNormalization", "LayerNormalization"},
    {"UnitNormalization", "LayerNormalization"},
    {"RMSNormalization", "LayerNormalization"},
    {"SpectralNormalization", "BatchNormalization"},
    {"Normalization", "Rescaling"},
    {"AlphaDropout", "Dropout"},
    {"ActivityRegularization", "a kernel_regularizer"},
    {"Dot", "Multiply"},
    {"Masking", "Embedding"},
    {"Identity", "Activation(\"linear\")"},
    {"Lambda", "a user-defined layer"},
    {"Merge", "Add"},                    // of Keras 1
    {"TensorFlowOpLayer", "Rescaling"},  // of tf.keras 2
    {"SlicingOpLambda", "Reshape"},
};

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
