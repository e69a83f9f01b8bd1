#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <cstring>
#include <filesystem>

#include "cornu/core/file.h"
#include "cornu/formats/safetensors.h"
#include "cornu/losses/categorical_crossentropy.h"
#include "cornu/losses/huber.h"
#include "cornu/models/load_model.h"
#include "cornu/saving/model_file.h"

namespace cornu::inline v0 {
namespace model_save_test {

using ::testing::HasSubstr;

class ModelFiles : public ::testing::Test {
 protected:
  ModelFiles() {
    folder_ = (std::filesystem::temp_directory_path() / "cornu-model-XXXXXX").string();
    if (::mkdtemp(folder_.data()) == nullptr) throw std::runtime_error("no temporary folder");
  }
  ~ModelFiles() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return folder_ + "/" + name; }

  static Dataset data() {
    Tensor x(Shape{12, 2, 2}, DType::uint8);
    Tensor y(Shape{12}, DType::uint8);
    for (size_t i = 0; i < 48; ++i) x.span<uint8_t>()[i] = static_cast<uint8_t>(i * 37);
    for (size_t i = 0; i < 12; ++i) y.span<uint8_t>()[i] = static_cast<uint8_t>(i % 3);
    return Dataset(std::move(x), std::move(y)).divide(255).to_categorical(3);
  }

  static Sequential trained() {
    Sequential model({Flatten(), Dense({.units = 4, .activation = "relu"}), Dropout({.rate = 0.2F}),
                      Dense({.units = 3, .use_bias = false}), Activation("softmax")},
                     {.name = "small", .seed = 9});
    model.compile({.optimizer = make_optimizer("sgd", {{"momentum", 0.5}}),
                   .loss = "categorical_crossentropy",
                   .metrics = {"accuracy"}});
    model.fit(data(), {.epochs = 2, .verbose = 0});
    return model;
  }

  static std::string error_of(const std::string& file) {
    try {
      load_model(file);
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  }

 private:
  std::string folder_;
};

TEST_F(ModelFiles, ALoadedModelGivesTheSameBits) {
  const Sequential model = trained();
  model.save(path("m.safetensors"));
  const Model loaded = load_model(path("m.safetensors"));
  EXPECT_EQ(loaded.name(), "small");
  EXPECT_EQ(loaded.seed(), 9U);
  EXPECT_EQ(loaded.summary(), model.summary());
  EXPECT_EQ(weights_sha256(loaded.weights()), weights_sha256(model.weights()));
  const Tensor a = model.predict(data().x());
  const Tensor b = loaded.predict(data().x());
  EXPECT_EQ(std::memcmp(a.data(), b.data(), a.nbytes()), 0);
  EXPECT_EQ(loaded.evaluate(data())["loss"], model.evaluate(data())["loss"]);
  EXPECT_EQ(loaded.compile_options().optimizer->config(),
            model.compile_options().optimizer->config());
  loaded.save(path("again.safetensors"));
  EXPECT_EQ(read_file(path("m.safetensors")), read_file(path("again.safetensors")));
}

TEST_F(ModelFiles, ALoadedSequentialGrowsAndShrinks) {
  const Sequential model = trained();
  model.save(path("m.safetensors"));
  Sequential loaded(load_model(path("m.safetensors")));
  EXPECT_EQ(loaded.summary(), model.summary());
  const size_t count = loaded.layers().size();
  loaded.pop();
  EXPECT_EQ(loaded.layers().size(), count - 1);
  loaded.add(Dense({.units = 5}));
  EXPECT_EQ(loaded.predict(data().x()).shape().back(), 5);
  EXPECT_EQ(std::memcmp(loaded.weights()[0].second.data(), model.weights()[0].second.data(),
                        model.weights()[0].second.nbytes()),
            0);
  const Input x({2});
  EXPECT_THROW(Sequential(Model(x, Dense(1)(x))), Error);
}

TEST_F(ModelFiles, ALossKeepsItsOptions) {
  for (const Loss& loss : {Loss(Huber({.delta = 0.25})), Loss("mse"),
                           Loss(CategoricalCrossentropy({.label_smoothing = 0.1}))}) {
    Sequential model = trained();
    model.compile({.loss = loss});
    model.save(path("loss.safetensors"));
    const Model loaded = load_model(path("loss.safetensors"));
    EXPECT_EQ((*loaded.compile_options().loss)->name(), loss->name());
    EXPECT_EQ((*loaded.compile_options().loss)->config(), loss->config());
    EXPECT_EQ(loaded.evaluate(data())["loss"], model.evaluate(data())["loss"]);
  }
}

TEST_F(ModelFiles, TheHashCoversNamesShapesAndValues) {
  const Tensor w = Tensor::of<float>({2, 2}, std::vector<float>{1, 2, 3, 4});
  const std::string hash = weights_sha256({{"a", w}});
  EXPECT_EQ(hash.size(), 64U);
  EXPECT_NE(hash, weights_sha256({{"b", w}}));
  EXPECT_NE(hash, weights_sha256({{"a", w.view().reshape({4})}}));
  EXPECT_NE(hash,
            weights_sha256({{"a", Tensor::of<float>({2, 2}, std::vector<float>{1, 2, 3, 5})}}));
}

TEST_F(ModelFiles, EveryCutFileIsRefusedByName) {
  trained().save(path("m.safetensors"));
  const auto bytes = read_file(path("m.safetensors"));
  for (size_t size = 0; size < bytes.size(); size += 13) {
    replace_file(path("cut.safetensors"), std::span(bytes).first(size));
    const std::string error = error_of(path("cut.safetensors"));
    EXPECT_THAT(error, HasSubstr("cut.safetensors")) << size;
    EXPECT_NE(error, "no error") << size;
  }
}

TEST_F(ModelFiles, AFlippedByteIsAnErrorOrAModel) {
  trained().save(path("m.safetensors"));
  auto bytes = read_file(path("m.safetensors"));
  int refused = 0;
  for (size_t i = 0; i < bytes.size(); i += 7) {
    bytes[i] ^= std::byte{0x20};
    replace_file(path("flipped.safetensors"), bytes);
    refused += error_of(path("flipped.safetensors")) == "no error" ? 0 : 1;
    bytes[i] ^= std::byte{0x20};
  }
  EXPECT_GT(refused, 50);
}

TEST_F(ModelFiles, ForeignFilesAndBadWeightsAreRefused) {
  EXPECT_THAT(error_of(path("none.safetensors")), HasSubstr("cannot open"));
  formats::Safetensors foreign;
  foreign.tensors.emplace_back("a", Tensor(Shape{2}));
  replace_file(path("foreign.safetensors"), formats::write_safetensors(foreign));
  EXPECT_THAT(error_of(path("foreign.safetensors")),
              HasSubstr("holds tensors but no model of Cornu's"));

  const Sequential model = trained();
  model.save(path("m.safetensors"));
  ModelFile file = read_model_file(path("m.safetensors"));
  file.weights[0].second.span<float>()[2] = std::numeric_limits<float>::infinity();
  write_model_file(file, path("inf.safetensors"));
  EXPECT_THAT(error_of(path("inf.safetensors")),
              HasSubstr("dense/kernel: expected finite weights"));

  file = read_model_file(path("m.safetensors"));
  file.weights.pop_back();
  write_model_file(file, path("few.safetensors"));
  EXPECT_THAT(error_of(path("few.safetensors")), HasSubstr("has more weights than the file"));

  file = read_model_file(path("m.safetensors"));
  Tensor& kernel = file.weights[0].second;
  kernel = Tensor(kernel.view().reshape({kernel.size()}));
  write_model_file(file, path("flat.safetensors"));
  EXPECT_THAT(error_of(path("flat.safetensors")),
              HasSubstr("weight dense/kernel: expected float32 values of shape ("));

  file = read_model_file(path("m.safetensors"));
  file.weights[0].first = "dense/kernal";
  write_model_file(file, path("named.safetensors"));
  EXPECT_THAT(error_of(path("named.safetensors")), HasSubstr("unknown weight \"dense/kernal\""));

  file = read_model_file(path("m.safetensors"));
  for (auto& [key, value] : file.config) {
    if (key == "format") value = int64_t{3};
  }
  write_model_file(file, path("newer.safetensors"));
  EXPECT_THAT(error_of(path("newer.safetensors")), HasSubstr("model format 1 or 2, got 3"));

  EXPECT_THROW(model.save(path("m.weights.h5")), Error);
  EXPECT_THROW(model.save(path("m.onnx")), Error);
  EXPECT_THROW(model.save(path("no/such/folder.safetensors")), Error);
}

}  // namespace model_save_test
}  // namespace cornu::inline v0
