#include "cornu/report/plot_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cornu/cornu.h"
#include "cornu/report/test_folder_test.h"

namespace cornu::inline v0 {
namespace plot_model_test {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using ::testing::ThrowsMessage;

Model siamese() {
  const Input a({8});
  const Input b({8});
  const Sequential encoder({Input({8}), Dense({.units = 4}), Dense({.units = 2})},
                           {.name = "encoder"});
  return Model({a, b}, {Subtract()({encoder(a), encoder(b)})});
}

// How often an SVG fills or strokes a path: boxes and arrows.
size_t paths(const std::string& svg) {
  size_t count = 0;
  for (size_t at = svg.find("<path"); at != std::string::npos; at = svg.find("<path", at + 1)) {
    ++count;
  }
  return count;
}

std::pair<uint32_t, uint32_t> size_of(const std::string& png) {
  const auto number = [&png](size_t at) {
    uint32_t value = 0;
    for (size_t i = at; i < at + 4; ++i) value = value << 8 | static_cast<uint8_t>(png[i]);
    return value;
  };
  return {number(16), number(20)};
}

TEST(PlotModel, DrawsTheSameBytesEachTime) {
  const TestFolder folder;
  const Model model = siamese();
  plot_model(model, folder.file("a.svg"));
  plot_model(model, folder.file("b.svg"));
  EXPECT_THAT(folder.text("a.svg"), HasSubstr("<svg"));
  EXPECT_EQ(folder.text("a.svg"), folder.text("b.svg"));
  plot_model(model, folder.file("a.png"));
  EXPECT_THAT(folder.text("a.png"), StartsWith("\x89PNG"));
}

TEST(PlotModel, OptionsChangeThePicture) {
  const TestFolder folder;
  const Model model = siamese();
  const auto drawn = [&](const PlotModelOptions& options) {
    plot_model(model, folder.file("m.svg"), options);
    plot_model(model, folder.file("m.png"), options);
    return std::pair(paths(folder.text("m.svg")), size_of(folder.text("m.png")));
  };
  const auto [plain, size] = drawn({});
  EXPECT_LT(size.first, 2 * size.second);
  const auto [expanded, larger] = drawn({.expand_nested = true});
  EXPECT_GT(expanded, plain);  // three more boxes and two more arrows
  EXPECT_GT(larger.second, size.second);
  const auto [sideways, turned] = drawn({.rankdir = "LR"});
  EXPECT_EQ(sideways, plain);
  EXPECT_GT(turned.first, turned.second);
  EXPECT_LT(drawn({.show_shapes = false}).second.second, size.second);
  EXPECT_LT(drawn({.show_layer_names = false}).second.first, size.first);
}

TEST(PlotModel, ALayerThatFollowsItselfIsDrawnForEachCall) {
  const TestFolder folder;
  const Input x({4});
  const Dense shared({.units = 4});
  plot_model(Model({x}, {shared(shared(shared(x)))}), folder.file("thrice.png"));
  const Dense a({.units = 4}), b({.units = 4}), c({.units = 4});
  plot_model(Model({x}, {c(b(a(x)))}), folder.file("chain.png"));
  EXPECT_EQ(size_of(folder.text("thrice.png")).second, size_of(folder.text("chain.png")).second);
}

TEST(PlotModel, RefusesBadEndingsOptionsAndModels) {
  const TestFolder folder;
  EXPECT_THAT([&] { plot_model(siamese(), folder.file("m.pdf")); },
              ThrowsMessage<Error>(HasSubstr(".svg or .png")));
  EXPECT_THAT([&] { plot_model(siamese(), folder.file("m.svg"), {.rankdir = "BT"}); },
              ThrowsMessage<Error>(HasSubstr("rankdir \"TB\" or \"LR\", got \"BT\"")));
  EXPECT_THAT([&] { plot_model(Sequential({Dense({.units = 2})}), folder.file("m.svg")); },
              ThrowsMessage<Error>(HasSubstr("is not built yet")));
}

}  // namespace plot_model_test
}  // namespace cornu::inline v0
