#include <gmock/gmock.h>

#include <fstream>

#include "cornu/datasets/digits.h"
#include "cornu/formats/json.h"
#include "cornu/formats/png.h"
#include "shell.h"

namespace cornu::inline v0 {
namespace pictures_command_test {

using testing::ElementsAre;
using testing::HasSubstr;

class PicturesCommand : public CommandTest {
 protected:
};

// The first three digits of the test part in a row, four times as large, dark on light paper.
std::string row_of_digits(std::vector<int64_t>& labels) {
  constexpr int64_t kSide = 20, kScale = 4, kGap = 60, kDigits = 3;
  const Dataset digits = datasets::digits().test;
  const int64_t width = kDigits * (kSide * kScale + kGap) + kGap;
  const int64_t height = kSide * kScale + 2 * kGap;
  std::vector<uint8_t> pixels(static_cast<size_t>(width * height), 230);
  for (int64_t i = 0; i < kDigits; ++i) {
    labels.push_back(static_cast<int64_t>(digits.y().at(i)));
    const TensorView digit = digits.x().row(i);
    for (int64_t y = 0; y < kSide * kScale; ++y) {
      for (int64_t x = 0; x < kSide * kScale; ++x) {
        const double ink = digit.at(y / kScale * kSide + x / kScale);
        const int64_t left = kGap + i * (kSide * kScale + kGap);
        pixels[static_cast<size_t>((kGap + y) * width + left + x)] =
            static_cast<uint8_t>(230 - 0.8 * ink);
      }
    }
  }
  return formats::write_gray_png(width, height, pixels);
}

TEST_F(PicturesCommand, DigitsInAPictureAreRead) {
  std::vector<int64_t> labels;
  write("My Digits.PNG", row_of_digits(labels));
  ASSERT_EQ(shell_.run("cornu train digits --batch-size 32 --epochs 40 --verbose 0").status, 0);
  const Value found = json("cornu predict runs/latest 'My Digits.PNG' --top 2 --json");
  ASSERT_EQ(found.as_list().size(), 3U);
  std::vector<int64_t> classes;
  for (const Value& each : found.as_list()) classes.push_back(each["class"].as_int());
  EXPECT_EQ(classes, labels);
  const Value& second = found.as_list()[1];
  EXPECT_EQ(second["file"].as_string(), "My Digits.PNG");
  EXPECT_EQ(second["top"].as_list().size(), 2U);
  EXPECT_NEAR(second["box"].as_list()[0].as_double(), 200, 40);
  const Outcome shown = shell_.run("cornu predict runs/latest 'My Digits.PNG' --explain");
  EXPECT_THAT(shown.out,
              HasSubstr("My Digits.PNG: " + std::to_string(labels[0]) + " " +
                        std::to_string(labels[1]) + " " + std::to_string(labels[2]) + "\n"));
  EXPECT_THAT(shown.out, HasSubstr("- dark ink on light paper, so inverted\n"));
  EXPECT_EQ(json("cornu predict runs/latest 'My Digits.PNG' --whole --json").as_list().size(), 1U);
  // Several files, in their order.
  EXPECT_EQ(
      json("cornu predict runs/latest 'My Digits.PNG' 'My Digits.PNG' --json").as_list().size(),
      6U);
}

// Later pictures may be of another size and of some of the classes.
TEST_F(PicturesCommand, FoldersAreClassesAsTheModelLearnedThem) {
  const auto write_grey = [&](const std::string& name, int64_t side, uint8_t value) {
    std::filesystem::create_directories(std::filesystem::path(shell_.file(name)).parent_path());
    const auto size = static_cast<size_t>(side * side);
    write(name, formats::write_gray_png(side, side, std::vector<uint8_t>(size, value)));
  };
  for (int i = 0; i < 20; ++i) {
    write_grey("shades/black/" + std::to_string(i) + ".png", 8, static_cast<uint8_t>(i));
    write_grey("shades/white/" + std::to_string(i) + ".png", 8, static_cast<uint8_t>(255 - i));
    write_grey("later/white/" + std::to_string(i) + ".png", 11, static_cast<uint8_t>(240 - i));
  }
  const std::string train = "cornu train shades --epochs 60 --batch-size 8 --verbose 0";
  ASSERT_EQ(shell_.run(train).status, 0);
  const Value known = json("cornu evaluate runs/latest shades --json");
  EXPECT_EQ(known["accuracy"].as_double(), 1);
  const Value later = json("cornu evaluate runs/latest later --json");
  EXPECT_EQ(later["samples"].as_int(), 20);
  EXPECT_EQ(later["accuracy"].as_double(), 1);
  EXPECT_EQ(json("cornu predict runs/latest later/white/0.png --json").as_list()[0]["label"],
            Value("white"));
  write_grey("later/grey/1.png", 8, 128);
  EXPECT_THAT(shell_.run("cornu evaluate runs/latest later").err,
              HasSubstr("later: unknown class \"grey\"; expected one of"));
}

// As cat does with files that it cannot read.
TEST_F(PicturesCommand, OneWithoutADigitKeepsNoOtherFromBeingRead) {
  std::vector<int64_t> labels;
  write("good.png", row_of_digits(labels));
  write("white.png", formats::write_gray_png(40, 30, std::vector<uint8_t>(1200, 255)));
  write("cut.jpg", "\xFF\xD8\xFF\xE0");
  ASSERT_EQ(shell_.run("cornu train digits --epochs 5 --out run --verbose 0").status, 0);
  const std::string all = "white.png good.png cut.jpg none.png good.png";
  const Outcome shown = shell_.run("cornu predict run " + all);
  EXPECT_EQ(shown.status, 1);
  const Outcome good = shell_.run("cornu predict run good.png");
  EXPECT_EQ(shown.out, good.out + good.out);
  EXPECT_THAT(shown.err, HasSubstr("cornu: white.png: no digit was found"));
  EXPECT_THAT(shown.err, HasSubstr("\ncornu: cut.jpg: the picture is damaged"));
  EXPECT_THAT(shown.err, HasSubstr("\ncornu: none.png: there is no such file"));
  const Outcome document = shell_.run("cornu predict run --json " + all);
  EXPECT_EQ(document.status, 1);
  EXPECT_EQ(document.err, shown.err);
  const Value found = formats::read_json(document.out, "stdout");
  ASSERT_EQ(found.as_list().size(), 9U);
  EXPECT_EQ(found.as_list()[0]["file"].as_string(), "white.png");
  EXPECT_THAT(found.as_list()[0]["error"].as_string(), HasSubstr("no digit was found"));
  EXPECT_NE(found.as_list()[1].find("box"), nullptr);
  EXPECT_EQ(found.as_list()[4]["file"].as_string(), "cut.jpg");
  const Outcome table = shell_.run("cornu predict run -o p.csv " + all + "; wc -l <p.csv");
  EXPECT_EQ(table.out, "6 predictions are in p.csv.\nPictures without one: 3 of 5.\n7\n");
  EXPECT_EQ(table.err, shown.err);
  EXPECT_EQ(shell_.run("cornu predict run -o p.json " + all).status, 1);
  EXPECT_EQ(json("cat p.json").as_list().size(), 9U);
  // A file that is there stays when nothing would come into it.
  const Outcome none = shell_.run("cornu predict run -o p.csv white.png cut.jpg");
  EXPECT_EQ(none.status, 1);
  EXPECT_THAT(none.err, HasSubstr("p.csv: is not written, since nothing was predicted"));
  EXPECT_EQ(shell_.run("wc -l <p.csv").out, "7\n");
  // The first is no picture by its name, as with a shell's pattern.
  EXPECT_EQ(shell_.run("cornu predict run notes.txt good.png").out, good.out);
}

TEST_F(PicturesCommand, WhatIsNoPictureOfDigitsIsRefused) {
  ASSERT_EQ(shell_.run("cornu train digits --epochs 1 --verbose 0").status, 0);
  write("white.png", formats::write_gray_png(40, 30, std::vector<uint8_t>(1200, 255)));
  const Outcome white = shell_.run("cornu predict runs/latest white.png");
  EXPECT_EQ(white.status, 1);
  EXPECT_THAT(white.err, HasSubstr("white.png: no digit was found; expected dark digits on light"));
  write("cut.jpg", "\xFF\xD8\xFF\xE0");
  EXPECT_THAT(shell_.run("cornu predict runs/latest cut.jpg").err,
              HasSubstr("cut.jpg: the picture is damaged"));
  write("a.png", "GIF89a");
  EXPECT_THAT(shell_.run("cornu predict runs/latest a.png").err, HasSubstr("got a GIF picture"));
  EXPECT_THAT(shell_.run("cornu predict runs/latest none.png").err, HasSubstr("none.png"));
  const Outcome both = shell_.run("cornu predict runs/latest digits white.png");
  EXPECT_EQ(both.status, 2);
  EXPECT_THAT(both.err, HasSubstr("one argument too many, \"white.png\""));
}

}  // namespace pictures_command_test
}  // namespace cornu::inline v0
