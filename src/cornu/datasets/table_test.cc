#include "cornu/datasets/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cornu/datasets/table_file_test.h"

namespace cornu::inline v0::datasets {
namespace table_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// Two groups of points, of which the columns say as much as they may.
std::string points(const std::string& label = "group") {
  std::string text = "id,x,colour," + label + "\n";
  for (int row = 0; row < 60; ++row) {
    const bool is_right = row % 2 == 0;
    text += "r" + std::to_string(row) + "," + (is_right ? "1" : "-1") + "." + std::to_string(row) +
            "," +
            (row == 10  ? ""
             : is_right ? "red"
                        : "blue") +
            "," + (is_right ? "right" : "left") + "\n";
  }
  return text;
}

TEST(OwnTable, IsDataForTrainingAndValidation) {
  const TableFile file(points(), "points.csv");
  const auto [train, test] = table(file.path(), {.label = "group", .drop = {"id"}});
  EXPECT_EQ(train.size(), 48);
  EXPECT_EQ(test.size(), 12);
  EXPECT_EQ(train.x().dtype(), DType::float32);
  EXPECT_EQ(train.y().dtype(), DType::int32);
  EXPECT_EQ(train.num_classes(), 2);
  EXPECT_THAT(train.info().class_names, ElementsAre("left", "right"));
  EXPECT_EQ(train.info().name, "points");
  EXPECT_EQ(train.info().origin, file.path());
  EXPECT_EQ(train.info().sha256.size(), 64);
  EXPECT_EQ(TableEncoding::from_value(train.info().preprocessing).width(), train.x().shape()[1]);
  double sum = 0;
  for (int64_t row = 0; row < 48; ++row) sum += train.x()(row, 0);
  EXPECT_NEAR(sum, 0, 1e-5);
}

TEST(OwnTable, ANumberIsPredictedInItsOwnUnits) {
  const TableFile file("a,price\n1,10.5\n2,20\n3,\n4,40\n5,50\n");
  const TableData data = load_table(file.path(), {.validation_split = 0});
  EXPECT_EQ(data.unlabelled, 1);
  EXPECT_EQ(data.train.y().shape(), (Shape{4, 1}));
  EXPECT_EQ(data.train.y().at(0), 10.5);
  EXPECT_EQ(data.encoding.label.mean, 30.125);
  EXPECT_TRUE(data.train.info().class_names.empty());
  EXPECT_EQ(data.test.size(), 0);
}

TEST(OwnTable, SaysWhatIsMissingAndWhatIsNew) {
  const TableFile file("a,b,y\n1,u,p\n,u,p\n3,u,q\n4,v,q\n,,q\n");
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const TableData data = load_table(file.path(), {.validation_split = 0.3, .seed = seed});
    EXPECT_THAT(data.missing, ElementsAre(std::pair<std::string, int64_t>("a", 2),
                                          std::pair<std::string, int64_t>("b", 1)));
    for (const UnknownTexts& each : data.unknown) EXPECT_EQ(each.column, "b");
  }
}

TEST(OwnTable, LaterRowsNeedNoLabel) {
  const TableFile file("a,b,y\n1,u,p\n3,v,q\n1,u,p\n3,v,q\n");
  const Value::Map preprocessing =
      load_table(file.path(), {.validation_split = 0}).train.info().preprocessing;
  const TableFile later("other,b,a\nx,v,2\ny,u,\nz,w,5\n");
  const Tensor x = table_inputs(later.path(), preprocessing);
  EXPECT_EQ(x.shape(), (Shape{3, 3}));
  // a has mean 2 and standard deviation 1; b is u or v.
  EXPECT_THAT(x.span<float>(), ElementsAre(0, 0, 1, 0, 1, 0, 3, 0, 0));
  EXPECT_EQ(table_inputs(file.path(), preprocessing).shape(), (Shape{4, 3}));
  EXPECT_THAT(later.error_of([&] { table_inputs(later.path(), {}); }),
              HasSubstr("the model was not trained on one"));
  const TableFile without("b\nu\n");
  EXPECT_THAT(without.error_of([&] { table_inputs(without.path(), preprocessing); }),
              HasSubstr("are missing; expected \"a\""));
}

// Its columns lie in another order, one is new, and not each row has a label.
TEST(OwnTable, ALaterOneIsReadAsTheModelLearned) {
  const TableFile learned("a,b,y\n1,u,p\n3,v,q\n1,u,p\n3,v,q\n", "learned.csv");
  const TableData first = load_table(learned.path(), {.validation_split = 0});
  const TableFile file("y,new,b,a\nq,7,v,3\n,8,u,1\np,9,w,NA\n", "later.csv");
  const TableData later = load_table(file.path(), first.encoding);
  EXPECT_EQ(later.encoding, first.encoding);
  ASSERT_EQ(later.train.x().shape(), (Shape{2, 3}));
  const auto x = later.train.x().span<float>();
  EXPECT_THAT(std::vector(x.begin(), x.end()), ElementsAre(1, 0, 1, 0, 0, 0));
  EXPECT_THAT(later.train.y().span<int32_t>(), ElementsAre(1, 0));
  EXPECT_THAT(later.train.info().class_names, ElementsAre("p", "q"));
  EXPECT_EQ(later.train.info().name, "later");
  EXPECT_EQ(later.test.size(), 0);
  EXPECT_EQ(later.unlabelled, 1);
  EXPECT_THAT(later.unused, ElementsAre("new"));
  EXPECT_THAT(later.missing, ElementsAre(std::pair<std::string, int64_t>("a", 1)));
  ASSERT_EQ(later.unknown.size(), 1);
  EXPECT_EQ(later.unknown[0].example, "w");
}

TEST(OwnTable, ALaterOneHasTheColumnsThatTheModelLearned) {
  const TableFile learned("a,b,y\n1,u,p\n3,v,q\n1,u,p\n3,v,q\n");
  const TableEncoding encoding = load_table(learned.path(), {.validation_split = 0}).encoding;
  const auto refused = [&](const std::string& text) {
    const TableFile file(text);
    return file.error_of([&] { load_table(file.path(), encoding); });
  };
  EXPECT_EQ(refused("b,y\nu,p\n"),
            "my.csv: columns that the model was trained on are missing; expected \"a\", got b, y.");
  EXPECT_THAT(refused("a,b,y\n1,u,r\n"), HasSubstr("expected one of p, q, got \"r\""));
  EXPECT_THAT(refused("a,b,y\none,u,p\n"), HasSubstr("column \"a\""));
  EXPECT_THAT(refused("a,b\n1,u\n"), StartsWith("my.csv: has no column \"y\", the label"));
}

TEST(OwnTable, SaysWhichInputsNumberTheRows) {
  std::string text = "id,half,back,even,x,y\n";
  for (int i = 0; i < 12; ++i) {
    text += std::to_string(7 + i) + "," + std::to_string(i) + ".5," + std::to_string(-i) + "," +
            std::to_string(2 * i) + "," + std::to_string(i == 5 ? 0 : i) + "," +
            std::to_string(2 * i) + ".25\n";
  }
  const TableFile file(text);
  EXPECT_THAT(load_table(file.path(), {.validation_split = 0}).numbering, ElementsAre("id"));
  const TableData dropped = load_table(file.path(), {.drop = {"id"}});
  EXPECT_TRUE(dropped.numbering.empty());
}

// Cells in which each row has one semicolon, below a line of years.
std::string years() {
  std::string text = "2019,2020,group\n";
  for (int i = 0; i < 20; ++i) {
    text += std::to_string(i) + "," + std::to_string(100 - i) + "," + (i % 2 == 0 ? "a;x" : "b;y") +
            "\n";
  }
  return text;
}

TEST(OwnTable, IsReadAsTheOptionsSayAndLaterOnesAlike) {
  const TableFile file(years());
  const TableOptions options = {.label = "group", .delimiter = "comma", .header = true};
  const TableData data = load_table(file.path(), options);
  EXPECT_EQ(data.encoding.columns.size(), 2U);
  EXPECT_EQ(data.encoding.columns[0].name, "2019");
  EXPECT_THAT(data.encoding.label.classes, ElementsAre("a;x", "b;y"));
  EXPECT_EQ(data.train.size() + data.test.size(), 20);
  // The content would tell the semicolon, and no names.
  const TableFile later("2020,2019,group\n90,10,a;x\n", "later.csv");
  const Value::Map preprocessing = data.train.info().preprocessing;
  EXPECT_EQ(table_inputs(later.path(), preprocessing).shape(), (Shape{1, 2}));
  EXPECT_EQ(load_table(later.path(), TableEncoding::from_value(preprocessing)).train.size(), 1);
  const TableFile tabs("2019\t2020\n10\t90\n20\t80\n", "later.txt");
  EXPECT_THAT(tabs.error_of([&] { table_inputs(tabs.path(), preprocessing); }),
              HasSubstr("Hint: if tabs stand between the cells: --delimiter tab"));
  EXPECT_EQ(table_inputs(tabs.path(), preprocessing, {.delimiter = '\t'}).shape(), (Shape{2, 2}));
  EXPECT_THAT(tabs.error_of([&] {
    table_inputs(tabs.path(), preprocessing, {.delimiter = '\t', .has_header = false});
  }),
              HasSubstr("Hint: write the names of the columns as its first line; if they are "
                        "there, --header yes"));
}

TEST(OwnTable, NamesWrongOptions) {
  const TableFile file(points());
  const auto refused = [&](const TableOptions& options) {
    return file.error_of([&] { table(file.path(), options); });
  };
  EXPECT_THAT(refused({.label = "grop", .drop = {"id"}}),
              StartsWith("my.csv: unknown column \"grop\"; expected one of group"));
  EXPECT_THAT(refused({.drop = {"idd"}}), StartsWith("my.csv: unknown column \"idd\"; expected one "
                                                     "of id"));
  EXPECT_THAT(refused({.label = "group", .drop = {"id", "group"}}),
              HasSubstr("the column \"group\" is the label"));
  EXPECT_THAT(refused({.drop = {"id", "x", "colour", "group"}}),
              HasSubstr("all columns are left out"));
  EXPECT_THAT(refused({.delimiter = ", "}), HasSubstr("delimiter: expected one character"));
  EXPECT_THAT(refused({.validation_split = 2}), HasSubstr("expected 0 <= validation_split < 1"));
  EXPECT_THAT(refused({.label = "id"}),
              HasSubstr("column \"id\": 60 different texts in 60 rows are no categories; expected "
                        "numbers or categories, got such as \"r0\". Hint: name another column"));
}

}  // namespace table_test
}  // namespace cornu::inline v0::datasets
