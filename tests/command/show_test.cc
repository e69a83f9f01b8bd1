#include <gmock/gmock.h>

#include "cornu/core/tensor.h"
#include "cornu/formats/json.h"
#include "cornu/formats/npz.h"
#include "cornu/formats/png.h"
#include "shell.h"

namespace cornu::inline v0 {
namespace show_command_test {

using testing::ContainsRegex;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::vector<std::string> keys_of(const Value& map) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : map.as_map()) keys.push_back(key);
  return keys;
}

class ShowCommand : public CommandTest {
 protected:
  std::string shown(const std::string& line) const {
    const Outcome outcome = shell_.run(line);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return outcome.out;
  }
  std::string refused(const std::string& line) const {
    const Outcome outcome = shell_.run(line);
    EXPECT_EQ(outcome.status, 2) << line;
    return outcome.err;
  }
  void write_npz(const std::string& name, Tensor x, Tensor y) const {
    std::vector<std::pair<std::string, Tensor>> arrays;
    arrays.emplace_back("x", std::move(x));
    arrays.emplace_back("y", std::move(y));
    const Block bytes = formats::write_npz({std::move(arrays)});
    write(name, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  }
};

TEST_F(ShowCommand, PicturesAreDrawnWithTheirLabels) {
  const std::string text = shown("cornu show digits --first 3");
  EXPECT_THAT(text, StartsWith("digits: 5,000 handwritten digits"));
  EXPECT_THAT(text, HasSubstr("train: 4,000 samples, x (4000, 20, 20) uint8, y (4000,) uint8\n"));
  EXPECT_THAT(text, HasSubstr("10 classes, train + test: 0 400 + 100, 1 400 + 100"));
  EXPECT_THAT(text, HasSubstr("█"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(text, Not(HasSubstr("not finite")));
  const std::string ascii = shown("LANG=C COLUMNS=30 cornu show digits --stats --part test");
  EXPECT_THAT(ascii, Each(testing::Lt('\x7f')));
  EXPECT_THAT(ascii, HasSubstr("0        400  10.00 %   100"));
  EXPECT_THAT(shown("cornu show digits --first 50 --columns 10 -o grid.png && test -s grid.png"),
              testing::EndsWith("picture: grid.png\n"));
  shown("cornu show digits --first 4 --columns 2 -o grid.svg");
  EXPECT_THAT(shell_.text("grid.svg"), HasSubstr("<svg"));
}

TEST_F(ShowCommand, OfAFolderSomePicturesOfEachClassAreShown) {
  for (int i = 0; i < 12; ++i) {
    for (const char* const name : {"a/", "b/"}) {
      const std::string path = "shades/" + std::string(name) + std::to_string(10 + i) + ".png";
      std::filesystem::create_directories(std::filesystem::path(shell_.file(path)).parent_path());
      const auto grey = static_cast<uint8_t>(name[0] == 'a' ? i / 2 : 255 - i);
      write(path, formats::write_gray_png(12, 16, std::vector<uint8_t>(192, grey)));
    }
  }
  const Value document = json("cornu show shades --stats --first 3 --json");
  const Value::List& first = document["first"].as_list();
  ASSERT_EQ(first.size(), 3U);
  EXPECT_EQ(first[1]["sample"].as_int(), 12);
  EXPECT_EQ(first[1]["label"].as_string(), "b");
  EXPECT_EQ(first[2]["sample"].as_int(), 1);
  EXPECT_EQ(document["duplicates"]["train"].as_int(), 6) << "each second picture of a";
  EXPECT_THAT(shown("cornu show shades"), HasSubstr("train: 24 samples, x (24, 16, 12, 1) uint8"));
  // Training takes them in another size, too.
  const Value run = json("cornu train shades --image-size 10,14 --epochs 1 --json");
  EXPECT_THAT(run["settings"]["net"].as_string(), StartsWith("conv2d(16, 3, activation=relu), "));
  EXPECT_EQ(json("cornu evaluate runs/latest shades --json")["samples"].as_int(), 24);
  EXPECT_THAT(shown("cornu summary runs/latest"), HasSubstr("(None, 8, 12, 16)"));
  EXPECT_THAT(refused("cornu train shades --image-size 10x14"),
              HasSubstr("--image-size: expected H,W or one number, from 1 to 4096, got \"10x14\""));
  EXPECT_THAT(refused("cornu train digits --image-size 10"),
              HasSubstr("--image-size: is for folders of pictures alone"));
}

TEST_F(ShowCommand, TheDocumentOfDigits) {
  const Value document = json("cornu show digits --stats --first 1 --json");
  EXPECT_THAT(keys_of(document),
              ElementsAre("name", "title", "parts", "classes", "duplicates", "first"));
  const Value& train = document["parts"].as_list()[0];
  EXPECT_THAT(keys_of(train), ElementsAre("part", "samples", "x", "y"));
  EXPECT_EQ(train["samples"].as_int(), 4000);
  const Value& x = train["x"]["statistics"].as_list()[0];
  EXPECT_THAT(keys_of(x), ElementsAre("min", "max", "mean", "standard_deviation", "not_finite"));
  // NumPy's x_train.mean() and x_train.std().
  EXPECT_DOUBLE_EQ(x["mean"].as_double(), 33.69146625);
  EXPECT_DOUBLE_EQ(x["standard_deviation"].as_double(), 74.03700872317245);
  EXPECT_EQ(document["classes"].as_list()[3]["train"].as_int(), 400);
  EXPECT_THAT(keys_of(document["duplicates"]),
              ElementsAre("train", "test", "test_in_train", "two_labels"));
  EXPECT_EQ(document["first"].as_list()[0]["label"].as_string(), "0");
  shown("cornu show digits --first 1 -o digits.json");
  EXPECT_EQ(formats::read_json(shell_.text("digits.json"), "digits.json").find("duplicates"),
            nullptr);
}

TEST_F(ShowCommand, ArraysAreShownInRows) {
  Tensor x(Shape{3, 2});
  for (int64_t i = 0; i < 6; ++i) x.span<float>()[static_cast<size_t>(i)] = 0.25F * float(i % 4);
  write_npz("sums.npz", std::move(x), Tensor::of<float>({3}, {1.5F, 2.5F, 1.5F}));
  const std::string text = shown("cornu show sums.npz --stats");
  EXPECT_THAT(text, HasSubstr("Its targets are numbers.\n\n"
                              "sample  target   x0    x1\n"
                              "     0     1.5    0  0.25\n"
                              "     1     2.5  0.5  0.75\n"
                              "     2     1.5    0  0.25\n"));
  EXPECT_THAT(text, HasSubstr("Samples that an earlier one equals: 1\n"
                              "Equal samples with different labels: 0\n"));
  EXPECT_THAT(shell_.run("cornu show sums.npz -o sums.png").err, HasSubstr("expected NAME.json"));
}

TEST_F(ShowCommand, ATableIsShownAsATable) {
  write("cities.csv", "id,city,size,price\n1,Zürich,12.5,500\n2,東京,30,700\n3,Zürich,12.50,500\n");
  EXPECT_EQ(shown("cornu show cities.csv --drop id --label city --first 2"),
            "cities.csv: 3 rows, 3 columns: 2 of numbers, 1 of text\n"
            "city: Zürich 2, 東京 1\n"
            "city is predicted from size, price.\n"
            "Columns that are not used: id.\n\n"
            "city    size  price\n"
            "Zürich  12.5    500\n"
            "東京      30    700\n");
  EXPECT_THAT(shown("cornu show cities.csv --drop id --stats"),
              HasSubstr("numbers  missing  distinct   min     mean       sd  median  max\n"
                        "size           0         2  12.5  18.3333  10.1036    12.5   30\n"
                        "price          0         2   500  566.667   115.47     500  700\n"
                        "\n"
                        "text  missing  distinct  most frequent\n"
                        "city        0         2  Zürich 2, 東京 1\n"));
  const Value document = json("cornu show cities.csv --drop id --stats --json");
  EXPECT_THAT(keys_of(document), ElementsAre("name", "rows", "label", "columns", "classes",
                                             "duplicates", "notes", "first"));
  EXPECT_THAT(keys_of(document["columns"].as_list()[1]),
              ElementsAre("name", "kind", "missing", "distinct", "min", "mean",
                          "standard_deviation", "median", "max", "most_frequent"));
  EXPECT_EQ(document["duplicates"]["rows"].as_int(), 1);
  EXPECT_EQ(document["first"].as_list()[1]["size"].as_double(), 30);
  shown("cornu show cities.csv -o columns.csv");
  EXPECT_THAT(shell_.text("columns.csv"), HasSubstr("city,text,0,2,,,,,,\"Zürich 2, 東京 1\"\n"));
  EXPECT_THAT(refused("cornu show cities.csv -o columns.png"), HasSubstr("a table is not drawn"));
  EXPECT_THAT(refused("cornu show cities.csv --columns 2"), HasSubstr("is for pictures alone"));
  EXPECT_THAT(shell_.run("cornu show digits --label city").err,
              HasSubstr("--label: is for tables alone"));
}

TEST_F(ShowCommand, WhatTrainingRefusesIsTold) {
  std::string names = "name,x\n";
  for (int i = 0; i < 300; ++i) names += "n" + std::to_string(i) + "," + std::to_string(i) + ".5\n";
  write("names.csv", names);
  EXPECT_THAT(shown("cornu show names.csv"),
              HasSubstr("`cornu train` does not take it so: names.csv, column \"name\""));
}

TEST_F(ShowCommand, CurvesThatNobodySeesAreLinesOfEpochs) {
  const Outcome live = shell_.run("cornu train digits --epochs 2 --live");
  EXPECT_EQ(live.status, 0);
  EXPECT_THAT(live.err, Not(HasSubstr("\x1b")));
  EXPECT_THAT(live.err, ContainsRegex("Epoch 2/2\n4000/4000 - [0-9]+s - loss: "));
}

TEST_F(ShowCommand, HelpFitsTheTerminal) {
  for (const int width : {60, 90}) {
    std::istringstream lines(
        shown("COLUMNS=" + std::to_string(width) + " cornu train --help | sed '/^Examples/,$d'"));
    size_t widest = 0;
    for (std::string line; std::getline(lines, line);) widest = std::max(widest, line.size());
    EXPECT_LE(widest, static_cast<size_t>(width));
    EXPECT_GT(widest, static_cast<size_t>(width) - 15);
  }
}

TEST_F(ShowCommand, TheTwoFormsAreToldApart) {
  EXPECT_THAT(refused("cornu show digits --sample 3"),
              HasSubstr("--sample: is an option of `cornu show MODEL IMAGE`"));
  EXPECT_THAT(refused("cornu show run digits --stats"),
              HasSubstr("--stats: is an option of `cornu show DATA`"));
  EXPECT_THAT(refused("cornu show run/model.keras"), HasSubstr("is a run or a model, not data"));
}

}  // namespace show_command_test
}  // namespace cornu::inline v0
