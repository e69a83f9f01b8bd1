#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>

#include "cornu/formats/json.h"
#include "shell.h"

namespace cornu::inline v0 {
namespace tables_command_test {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

class TablesCommand : public CommandTest {
 protected:
  std::string content(const std::string& name) const {
    std::ifstream file(shell_.file(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::string refused(const std::string& line) const {
    const Outcome outcome = shell_.run(line);
    EXPECT_NE(outcome.status, 0) << line;
    return outcome.err;
  }
  /// Points in a plane, some of them nameless, with a class and a number to be predicted.
  static std::string points(int rows) {
    std::string text = "id,x,side,group,height\n";
    for (int row = 0; row < rows; ++row) {
      const int x = row * 37 % 101 - 50;
      text += "p" + std::to_string(row) + "," + (row % 20 == 0 ? "" : std::to_string(x) + ".5") +
              "," + (row % 3 == 0 ? "upper" : "lower") + "," +
              (row % 3 == 0 ? x > 0 ? "north east" : "north west" : "south") + "," +
              std::to_string(1000 + 2 * x) + ".25\n";
    }
    return text;
  }
};

TEST_F(TablesCommand, ClassesAreLearnedEvaluatedAndPredicted) {
  write("points.csv", points(300));
  const std::string options = " --label group --drop id --drop height";
  const Outcome train = shell_.run("cornu train points.csv --seed 1 --out run" + options);
  EXPECT_EQ(train.status, 0) << train.err;
  EXPECT_THAT(train.out,
              HasSubstr("group is predicted from x, side (2 categories).\n"
                        "Missing cells: x 15; a number becomes the column's mean, a text "
                        "a category of its own.\n"
                        "Columns that are not used: id, height.\n"
                        "20 % of the samples of each class, drawn by the seed, "
                        "validate: north east 39 + 10, north west 41 + 10, south 160 + "
                        "40.\nIts targets are 3 classes"));
  const Value found = json("cornu evaluate run points.csv --json");
  EXPECT_EQ(found["samples"].as_int(), 300);
  EXPECT_GT(found["accuracy"].as_double(), 0.9);
  EXPECT_THAT(shell_.run("cornu evaluate run points.csv").out,
              StartsWith("300 samples of points.csv, all of it, what it was trained on too, in "));
  write("others.csv", points(150));
  EXPECT_THAT(shell_.run("cornu evaluate run others.csv").out,
              StartsWith("150 samples of others.csv, all of it, in "));
  // A later table has its columns in another order, others beside, and no label.
  write("later.csv", "other,side,x\n\"a, b\",upper,40\n,lower,NA\nc,inner,1\n");
  const Outcome first = shell_.run("cornu predict run later.csv --first 1");
  EXPECT_THAT(first.out, StartsWith("other,side,x,prediction,p(north east),p(north west),p(south)\n"
                                    "\"a, b\",upper,40,north east,"));
  const Outcome all = shell_.run("cornu predict run later.csv -o predicted.json");
  EXPECT_EQ(all.out,
            "Rows whose side no row for training had, such as \"inner\": 1.\n"
            "3 rows of later.csv with their predictions are in predicted.json.\n");
  const Value rows = formats::read_json(content("predicted.json"), "predicted.json");
  ASSERT_EQ(rows.as_list().size(), 3);
  EXPECT_EQ(rows.as_list()[1]["prediction"].as_string(), "south");
  EXPECT_TRUE(rows.as_list()[1]["input"]["x"].is_null());
  EXPECT_GT(rows.as_list()[1]["probabilities"]["south"].as_double(), 0.9);
  EXPECT_EQ(json("cornu predict run later.csv --json").as_list().size(), 3);
}

TEST_F(TablesCommand, AModelGoesOnWithLaterRows) {
  write("points.csv", points(300));
  const Value first = json("cornu train points.csv --label group --drop id --out run --json");
  write("later.csv", "height,group,side,x\n1,south,lower,7\n2,north east,upper,9\n");
  // At this rate no weight changes.
  const Value again =
      json("cornu train later.csv --model run --validation-split 0 --learning-rate 1e-30 --json");
  EXPECT_EQ(again["weights_sha256"], first["weights_sha256"]);
  EXPECT_EQ(again["samples"]["train"].as_int(), 2);
  EXPECT_THAT(refused("cornu train digits --model run"), HasSubstr("run: the input layer"));
}

TEST_F(TablesCommand, ANumberIsPredictedInItsOwnUnits) {
  write("points.csv", points(300));
  const Value run = json("cornu train points.csv --drop id --drop group --out run --json");
  EXPECT_LT(run["epochs"].as_list().back()["val_mean_absolute_error"].as_double(), 30);
  EXPECT_EQ(shell_.run("cornu predict run points.csv -o predicted.tsv").status, 0);
  const std::string text = content("predicted.tsv");
  EXPECT_THAT(text, StartsWith("id\tx\tside\tgroup\theight\tprediction\n"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 301);
  // A run that goes on reads the same rows.
  const Value longer = json("cornu train --resume run --epochs 52 --json");
  EXPECT_EQ(longer["epochs"].as_list().size(), 52);
}

// Each row of the report's table of mistakes is a line of the file, cell by cell.
TEST_F(TablesCommand, TheWorstMistakesAreLinesOfTheFile) {
  std::string text = "a,b,group\n\n";
  for (int i = 0; i < 60; ++i) {
    text += std::to_string(i * 7 % 13) + (i % 5 == 0 ? "," : ",0." + std::to_string(i)) +
            (i % 2 == 0 ? ",x\n" : ",y\n");
  }
  const auto expect_lines = [&](const std::string& run) {
    std::vector<std::string> lines = {""};
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    const std::string page = content(run + "/report.html");
    static const std::regex row(
        "<th scope=\"row\" class=\"number\">(\\d+)</th><td class=\"word\">(.)</td>.*"
        "<td class=\"number\">[^<]*</td><td class=\"number\">([^<]*)</td>"
        "<td class=\"number\">([^<]*)</td></tr>");
    int rows = 0;
    for (std::sregex_iterator at(page.begin(), page.end(), row), end; at != end; ++at, ++rows) {
      EXPECT_EQ(lines.at(static_cast<size_t>(std::stoi(at->str(1)))),
                at->str(3) + "," + at->str(4) + "," + at->str(2));
    }
    EXPECT_GT(rows, 1);
  };
  write("mine.csv", text);
  ASSERT_EQ(shell_.run("cornu train mine.csv --epochs 1 --out run").status, 0);
  expect_lines("run");
  // By the encoding of a model, which leaves rows without a label out before it divides.
  text.insert(text.find('\n') + 1, "1,2,\n");
  write("mine.csv", text);
  ASSERT_EQ(shell_.run("cornu train mine.csv --model run --epochs 1 --out later").status, 0);
  expect_lines("later");
}

TEST_F(TablesCommand, AColumnThatNumbersTheRowsIsTold) {
  std::string text = "row id,x,y\n";
  for (int i = 0; i < 20; ++i) {
    text += std::to_string(i) + "," + std::to_string(i % 7) + "," + (i % 3 == 0 ? "p" : "q") + "\n";
  }
  write("rows.csv", text);
  EXPECT_THAT(shell_.run("cornu train rows.csv --epochs 1 --out run").out,
              HasSubstr("row id is different in every row; --drop 'row id' leaves it out.\n"));
}

// Each row has one semicolon, below a line of years.
TEST_F(TablesCommand, IsReadAsItsOptionsSayAndLaterOnesAlike) {
  std::string text = "2019,2020,group\n";
  for (int i = 0; i < 40; ++i) {
    text +=
        std::to_string(i * 7 % 40) + "," + std::to_string(i) + (i % 2 == 0 ? ",a;x\n" : ",b;y\n");
  }
  write("years.csv", text);
  const std::string options = " --delimiter comma --header yes";
  EXPECT_THAT(shell_.run("cornu show years.csv").out,
              HasSubstr("The first line is read as a row, not as names of columns; --header yes or "
                        "no says which it is.\n"));
  const Value shown = json("cornu show years.csv --json" + options);
  EXPECT_EQ(shown["rows"].as_int(), 40);
  EXPECT_EQ(shown["columns"].as_list()[1]["name"].as_string(), "2020");
  const Outcome train =
      shell_.run("cornu train years.csv --drop 2020 --epochs 2 --out run" + options);
  EXPECT_THAT(train.out, HasSubstr("group is predicted from 2019.\n"));
  // Of these alone the content would tell other names and another delimiter.
  write("later.csv", "2019,group\n7,a;x\n");
  EXPECT_THAT(shell_.run("cornu predict run later.csv").out,
              StartsWith("2019,group,prediction,p(a;x),p(b;y)\n7,a;x,"));
  EXPECT_EQ(json("cornu evaluate run later.csv --json")["samples"].as_int(), 1);
  EXPECT_EQ(json("cornu train --resume run --epochs 3 --json")["epochs"].as_list().size(), 3);
  // What is given for a later table is stronger.
  write("tabs.txt", "2019\tnote\n7\ta,b\n8\tc,d\n");
  EXPECT_THAT(shell_.run("cornu predict run tabs.txt --delimiter tab").out,
              StartsWith("2019,note,prediction,p(a;x),p(b;y)\n7,\"a,b\","));
  EXPECT_EQ(shell_.run("cornu predict run later.csv --header no").status, 1);
}

TEST_F(TablesCommand, MistakesAreNamed) {
  write("points.csv", points(300));
  EXPECT_THAT(refused("cornu train points.csv --label grup"),
              HasSubstr("unknown column \"grup\"; expected one of group"));
  EXPECT_THAT(refused("cornu train points.csv"),
              HasSubstr("column \"id\": 300 different texts in 300 rows are no categories"));
  EXPECT_THAT(refused("cornu train digits --label group"),
              HasSubstr("--label: is for tables alone; expected a CSV or TSV file, got digits"));
  EXPECT_EQ(shell_.run("cornu train digits --epochs 1 --out digits").status, 0);
  EXPECT_THAT(refused("cornu evaluate digits points.csv"),
              HasSubstr("points.csv: is a table, and the model was not trained on one"));
  EXPECT_EQ(shell_.run("cornu train points.csv --drop id --epochs 1 --out run").status, 0);
  write("other.csv", "x,side\n1,upper\n");
  EXPECT_THAT(refused("cornu predict run other.csv"),
              HasSubstr("columns that the model was trained on are missing; expected \"group\""));
  EXPECT_THAT(refused("cornu predict run points.csv -o out.xlsx"),
              HasSubstr("--out: expected NAME.csv, .tsv or .json, got \"out.xlsx\""));
  write("bad.csv", points(10) + "p,inf,upper,south,1\n");
  EXPECT_THAT(refused("cornu predict run bad.csv -o out.csv"),
              HasSubstr("bad.csv, line 12, column"));
  EXPECT_FALSE(std::filesystem::exists(shell_.file("out.csv")));
}

}  // namespace tables_command_test
}  // namespace cornu::inline v0
