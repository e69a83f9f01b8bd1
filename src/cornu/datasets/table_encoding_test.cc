#include "cornu/datasets/table_encoding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "cornu/datasets/table_file_test.h"
#include "cornu/formats/json.h"

namespace cornu::inline v0::datasets {
namespace table_encoding_test {

using ::testing::ElementsAre;
using ::testing::FloatEq;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr const char* kPets =
    "weight,colour,indoor,pet\n"
    "2,black,1,cat\n"
    "4,white,1,cat\n"
    "NA,black,1,dog\n"
    "6,,1,dog\n"
    "100,red,1,cat\n";

std::vector<uint64_t> all_rows(const Table& table) {
  std::vector<uint64_t> rows(static_cast<size_t>(table.rows()));
  std::iota(rows.begin(), rows.end(), 0);
  return rows;
}

TableEncoding pets(std::vector<uint64_t> rows = {0, 1, 2, 3}) {
  const Table table = read_table(TableFile(kPets));
  return TableEncoding::learned(table, label_of(table, "pet"), rows);
}

std::vector<float> floats(const Tensor& tensor) {
  const auto values = tensor.span<float>();
  return {values.begin(), values.end()};
}

TEST(TableEncoding, IsLearnedOfTheRowsForTraining) {
  const TableEncoding encoding = pets();
  ASSERT_EQ(encoding.columns.size(), 3);
  EXPECT_EQ(encoding.columns[0].mean, 4);
  EXPECT_EQ(encoding.columns[0].scale, std::sqrt(8.0 / 3.0));
  EXPECT_THAT(encoding.columns[1].categories, ElementsAre("", "black", "white"));
  EXPECT_EQ(encoding.columns[2].mean, 1);
  EXPECT_EQ(encoding.columns[2].scale, 1);
  EXPECT_THAT(encoding.label.classes, ElementsAre("cat", "dog"));
  EXPECT_EQ(encoding.width(), 5);
}

TEST(TableEncoding, NumbersAreScaledAndTextsAreOneHot) {
  const Table table = read_table(TableFile(kPets));
  const EncodedRows encoded = pets().encode(table, all_rows(table));
  EXPECT_EQ(encoded.x.shape(), (Shape{5, 5}));
  const auto scaled = [](double x) {
    return FloatEq(static_cast<float>((x - 4) / std::sqrt(8.0 / 3.0)));
  };
  EXPECT_THAT(floats(encoded.x), ElementsAre(scaled(2), 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0,
                                             scaled(6), 1, 0, 0, 0, scaled(100), 0, 0, 0, 0));
  ASSERT_EQ(encoded.unknown.size(), 1);
  EXPECT_EQ(encoded.unknown[0].column, "colour");
  EXPECT_EQ(encoded.unknown[0].example, "red");
  EXPECT_EQ(encoded.unknown[0].rows, 1);
  const Tensor labels = pets().labels(table, all_rows(table));
  EXPECT_THAT(labels.span<int32_t>(), ElementsAre(0, 0, 1, 1, 0));
}

TEST(TableEncoding, ColumnsOfALaterTableAreFoundByName) {
  const TableFile file("id,indoor,colour,weight\n9,0,white,4\n");
  TableReader reader(file.path());
  const TableEncoding encoding = pets();
  const Table table = reader.read(encoding.choices(reader.names(), "new.csv"));
  EXPECT_THAT(floats(encoding.encode(table, all_rows(table)).x), ElementsAre(0, 0, 0, 1, -1));
  EXPECT_EQ(error_of([&] {
              encoding.choices({"weight", "size"}, "new.csv");
            }),
            "new.csv: columns that the model was trained on are missing; expected \"colour\", "
            "\"indoor\", got weight, size.");
}

TEST(TableEncoding, LabelsAreClassesOrNumbers) {
  const auto label = [](const std::string& text, const std::string& name = "") {
    return label_of(read_table(TableFile(text)), name);
  };
  EXPECT_THAT(label("x,y\n1,10\n2,9\n3,10\n4,9\n").classes, ElementsAre("9", "10"));
  EXPECT_THAT(label("x,y\n1,-0\n2,0\n3,1\n4,NA\n5,1\n").classes, ElementsAre("0", "1"));
  EXPECT_FALSE(label("x,y\n1,0.5\n2,1\n3,0.5\n4,1\n").has_classes());
  EXPECT_FALSE(label("x,y\n1,1\n2,2\n3,3\n").has_classes());
  EXPECT_EQ(label("label,y\n1,a\n2,b\n").name, "label");
  EXPECT_EQ(label("label,y\n1,a\n2,b\n", "y").name, "y");
  EXPECT_EQ(label("x,y\n1,a\n2,b\n").name, "y");
  EXPECT_THAT(error_of([&] { label("x,y\n1,a\n2,b\n", "z"); }), HasSubstr("unknown column \"z\""));
  EXPECT_THAT(error_of([&] { label("x,y\n1,a\n2,a\n"); }),
              HasSubstr("column \"y\": all rows have the same label; expected at least two "
                        "different labels, got a. Hint: name the column"));
  EXPECT_THAT(error_of([&] { label("x,y\n1,\n2,NA\n"); }), HasSubstr("no row has a label"));
}

std::string refused(const std::string& column, const std::string& label = "") {
  std::string text = column;
  const Table table = read_table(TableFile(text));
  return error_of([&] { TableEncoding::learned(table, label_of(table, label), all_rows(table)); });
}

TEST(TableEncoding, RefusesColumnsThatAreNeitherNumbersNorCategories) {
  EXPECT_THAT(refused("when,y\n2024-01-31,1\n2024-02-01,2.5\n,3\n"),
              HasSubstr("column \"when\": it has dates or times; expected numbers or categories, "
                        "got such as \"2024-01-31\". Hint: leave it out: --drop \"when\", in C++ "
                        ".drop = {\"when\"}"));
  EXPECT_THAT(refused("a;y\n1,5;1\n2;2.5\n"),
              HasSubstr("column \"a\": it has numbers with commas; expected numbers or categories, "
                        "got such as \"1,5\". Hint: write a decimal point and no separators of "
                        "thousands: 1234.5; where no comma stands between the cells, tr , . "
                        "<FILE >table.csv does it; or leave it out"));
  std::string prices = "a,y\n";
  for (int row = 0; row < 8; ++row)
    prices += "$ 1" + std::to_string(row) + "," + std::to_string(row) + ".5\n";
  EXPECT_THAT(refused(prices),
              HasSubstr("column \"a\": it has numbers with signs of units; expected numbers or "
                        "categories, got such as \"$ 10\". Hint: write the number alone"));
  std::string ids = "id,y\n";
  for (int row = 0; row < 100; ++row) {
    ids += "i" + std::to_string(row % 51) + "," + std::to_string(row) + ".5\n";
  }
  EXPECT_THAT(refused(ids), HasSubstr("51 different texts in 100 rows are no categories"));
  EXPECT_EQ(refused(ids + "i1,1\ni1,2\n"), "no error");
  for (int row = 0; row < 3000; ++row) ids += "j" + std::to_string(row % 1000) + ",1\n";
  EXPECT_THAT(refused(ids), HasSubstr("more than 1,000 different texts in 3,100 rows"));
  EXPECT_THAT(refused("a,y\n1e200,1\n-1e200,2.5\n"), HasSubstr("too large to be scaled"));
  EXPECT_THAT(refused("y\n1\n2.5\n"), HasSubstr("there is no column to predict the label from"));
}

TEST(TableEncoding, RefusesMoreInputsThanANetworkTakes) {
  constexpr int kColumns = 70, kRows = 1000;
  std::string text;
  for (int column = 0; column < kColumns; ++column) text += "c" + std::to_string(column) + ",";
  text += "y\n";
  for (int row = 0; row < 2 * kRows; ++row) {
    for (int column = 0; column < kColumns; ++column)
      text += "t" + std::to_string(row % kRows) + ",";
    text += row % 2 == 0 ? "a\n" : "b\n";
  }
  EXPECT_THAT(refused(text), HasSubstr("its columns have too many categories together; expected at "
                                       "most 65,536 inputs, got 70,000. Hint: leave columns out"));
}

TEST(TableEncoding, ALabelMustBeOneThatWasLearned) {
  const TableEncoding encoding = pets();
  const auto labels = [&](const std::string& text) {
    const Table table = read_table(TableFile(text));
    return encoding.labels(table, all_rows(table));
  };
  EXPECT_THAT(error_of([&] { labels("weight,pet\n1,cat\n2,god\n"); }),
              HasSubstr("column \"pet\": the label of a row is none that the model was trained on; "
                        "expected one of dog, cat, got \"god\""));
  EXPECT_THAT(error_of([&] { labels("weight,pet\n1,cat\n2,\n"); }),
              HasSubstr("expected a label in each row, got none in row 2"));
}

TEST(TableEncoding, ComesBackFromJson) {
  TableEncoding encoding = pets();
  const auto again = [](const TableEncoding& each) {
    return TableEncoding::from_value(formats::read_json(formats::write_json(each.to_value()), ""));
  };
  EXPECT_EQ(again(encoding), encoding);
  encoding.label = {.name = "price", .mean = 1.5, .scale = 0.1};
  EXPECT_EQ(again(encoding), encoding);
  encoding.label = {.name = "digit", .classes = {"9", "10"}};
  EXPECT_EQ(again(encoding), encoding);
  encoding.format = {.delimiter = '\t', .has_header = false};
  EXPECT_EQ(again(encoding), encoding);
}

// Every shorter JSON text and every changed byte.
TEST(TableEncoding, ADamagedOneIsAnErrorOrAnEncoding) {
  TableEncoding encoding = pets();
  encoding.format = {.delimiter = ';', .has_header = true};
  const std::string text = formats::write_json(encoding.to_value());
  size_t errors = 0;
  for (size_t at = 0; at < text.size(); ++at) {
    for (const char byte : {'0', '"', ',', '-', 'x', '9', ' '}) {
      std::string changed = text;
      changed[at] = byte;
      const std::string error = error_of([&] {
        const TableEncoding read = TableEncoding::from_value(formats::read_json(changed, "x"));
        EXPECT_EQ(TableEncoding::from_value(read.to_value()), read);
      });
      errors += error == "no error" ? 0 : 1;
    }
  }
  EXPECT_GT(errors, text.size());
  const auto refused_value = [](const std::string& json) {
    return error_of([&] { TableEncoding::from_value(formats::read_json(json, "x")); });
  };
  const std::string label = R"("label":{"name":"y","kind":"number","mean_and_scale":[0,1]}})";
  const std::string begin = R"({"kind":"table","columns":[)";
  EXPECT_THAT(refused_value(R"({"kind":"images"})"), HasSubstr("expected table, got images"));
  EXPECT_THAT(refused_value(begin + "]," + label), HasSubstr("the names of columns"));
  const std::string column = R"({"name":"a","kind":"number","mean_and_scale":[0,1]}],)";
  EXPECT_THAT(
      refused_value(begin + column + R"("label":{"name":"y","kind":"text","classes":["one"]}})"),
      HasSubstr("expected at least two"));
  EXPECT_THAT(refused_value(begin + column +
                            R"("label":{"name":"y","kind":"text","mean_and_scale":[0,1]}})"),
              HasSubstr("expected the kind number, got text"));
  EXPECT_THAT(
      refused_value(begin + R"({"name":"a","kind":"number","mean_and_scale":[0,0]}],)" + label),
      HasSubstr("expected two finite numbers, the second above 0, got"));
  EXPECT_THAT(
      refused_value(begin + R"({"name":"a","kind":"text","categories":["b","a"]}],)" + label),
      HasSubstr("different names in their order"));
  EXPECT_THAT(refused_value(begin + R"({"name":"y","kind":"text","categories":["a"]}],)" + label),
              HasSubstr("the names of columns"));
}

TEST(TableEncoding, EachRowHasTheNumberOfItsClass) {
  const Table table = read_table(TableFile("x,y,z\n1,-1,b\n2,1,a\n3,,\n4,-1,b\n5,1.0,a\n"));
  EXPECT_THAT(label_of(table, "y").classes, ElementsAre("-1", "1"));
  EXPECT_THAT(classes_of(table, label_of(table, "y")), ElementsAre(0, 1, -1, 0, 1));
  EXPECT_THAT(classes_of(table, label_of(table, "z")), ElementsAre(1, 0, -1, 1, 0));
  EXPECT_THAT(classes_of(table, label_of(table, "x")), ElementsAre(0, 0, 0, 0, 0));
  EXPECT_THAT(error_of([&] {
                classes_of(table, {.name = "y", .kind = ColumnKind::number, .classes = {"1", "2"}});
              }),
              HasSubstr("expected one of 1, 2, got \"-1\""));
}

}  // namespace table_encoding_test
}  // namespace cornu::inline v0::datasets
