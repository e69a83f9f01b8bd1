#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "cornu/core/paths_test.h"
#include "cornu/cornu.h"

namespace cornu {
namespace docs_test {

std::string text_of(const std::string& path) {
  std::ifstream file(std::string(kSourceFolder) + "/" + path);
  EXPECT_TRUE(file.is_open()) << path;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The first block of this language in a page.
std::string block_of(const std::string& page, const std::string& language) {
  const std::string text = text_of(page);
  const std::string fence = "```" + language + "\n";
  const size_t begin = text.find(fence);
  EXPECT_NE(begin, std::string::npos) << page;
  const size_t first = begin + fence.size();
  return text.substr(first, text.find("```", first) - first);
}

TEST(Docs, TheReadmeShowsTheProgramThatTheExamplesBuild) {
  EXPECT_EQ(block_of("README.md", "cpp"), text_of("examples/hello_mnist.cc"));
}

TEST(Docs, TheModelFilesPageShowsTheScriptThatReadsThem) {
  const std::string block = block_of("docs/formats/safetensors.md", "python");
  EXPECT_NE(text_of("tools/reference/numpy_forward.py").find(block), std::string::npos) << block;
}

TEST(Docs, TheDesignShowsThePlanThatExplainPrints) {
  Sequential model({Dense({.units = 64, .activation = "sigmoid"}),
                    Dense({.units = 10, .activation = "softmax"})});
  model.build({784});
  model.compile({.optimizer = "adam",
                 .loss = "categorical_crossentropy",
                 .execution = {.team = std::make_shared<Team>(2)}});
  const Spec spec{.x = {{{784}, {.dtype = DType::uint8, .divisor = 255}}},
                  .y = {{{10}, {.dtype = DType::uint8, .classes = 10}}},
                  .size = 60'000};
  const std::string text = model.explain(spec, Mode::training, 128);
  EXPECT_EQ(block_of("docs/design.md", ""), text.substr(0, text.find("\n\nslot") + 1));
}

}  // namespace docs_test
}  // namespace cornu
