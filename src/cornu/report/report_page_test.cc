#include "cornu/report/report_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "cornu/cornu.h"
#include "cornu/report/page_sections_internal.h"

namespace cornu::inline v0 {
namespace report_page_test {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kHostile = "</script><b>\"x\" & 'y'";

Model small_model() {
  return Sequential({Input({4, 4}), Flatten(), Dense({.units = 2, .activation = "softmax"})});
}

RunRecord run_of(int64_t epochs) {
  RunRecord record{.status = "done", .dataset = "mine", .train_samples = 5};
  record.run_dir = "runs/mine-001";
  for (int64_t i = 0; i < epochs; ++i) {
    EpochRecord epoch{.epoch = i, .logs = {}};
    epoch.logs.set("loss", 1.0 / static_cast<double>(i + 1));
    epoch.logs.set("val_loss", i == 1 ? std::numeric_limits<double>::quiet_NaN() : 0.5);
    record.history.epochs.push_back(epoch);
  }
  return record;
}

ValidationResults two_pictures() {
  ValidationResults results;
  results.samples = Dataset(Tensor({2, 4, 4}, DType::uint8), Tensor::of<uint8_t>({2}, {0, 1}));
  results.class_names = {kHostile, "dog"};
  results.classes.emplace(2, true);
  results.classes->add(Tensor::of<float>({2, 2}, {0.25F, 0.75F, 0.125F, 0.875F}),
                       results.samples.y());
  return results;
}

size_t count_of(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++count;
  return count;
}

std::string page_of(const RunRecord& record, const ValidationResults* results = nullptr) {
  const Model model = small_model();
  return report_page({.record = record,
                      .model = model,
                      .sample = Shape{4, 4},
                      .title = "Mine",
                      .plan = "Plan: training\n0 nothing\n",
                      .validation = results});
}

TEST(ReportPage, ShowsEachPart) {
  const ValidationResults results = two_pictures();
  const std::string page = page_of(run_of(3), &results);
  for (const char* part : {"results", "curves", "confusion", "classes", "mistakes", "calibration",
                           "weights", "run", "network", "plan"}) {
    EXPECT_EQ(count_of(page, "<section id=\"" + std::string(part) + "\""), 1U) << part;
  }
  EXPECT_THAT(page, HasSubstr("<h1>runs/mine-001 <span class=\"status done\">done</span></h1>"));
  EXPECT_THAT(page, HasSubstr("<dt>Accuracy</dt><dd>50.00 %</dd>"
                              "<dd class=\"note\">1 of 2 wrong</dd>"));
  // Sample 0, of probability 0.25, was taken for a dog.
  EXPECT_THAT(page, HasSubstr("<b>dog</b> <span class=\"probability\">75.00 %</span>"));
  EXPECT_THAT(page, HasSubstr("<p class=\"sample\">sample 0</p>"));
  EXPECT_THAT(page, HasSubstr("dense: a picture for each unit, 4 × 4."));
  EXPECT_THAT(page, HasSubstr("Permission is hereby granted"));
}

TEST(ReportPage, NoTextOfTheDataIsHtml) {
  RunRecord record = run_of(2);
  record.run_dir = kHostile;
  record.dataset = kHostile;
  record.history.epochs[0].logs.set(kHostile, 1);
  const ValidationResults results = two_pictures();
  const std::string page = page_of(record, &results);
  EXPECT_THAT(page, Not(HasSubstr("<b>\"x\"")));
  EXPECT_THAT(page, Not(HasSubstr("<b>\\\"x\\\"")));
  EXPECT_EQ(count_of(page, "<script"), 3U);
  EXPECT_EQ(count_of(page, "</script"), 3U);
  EXPECT_THAT(page, HasSubstr("&lt;/script&gt;&lt;b&gt;&quot;x&quot; &amp; &#39;y&#39;"));
}

TEST(ReportPage, WhatMakesNoSenseIsAbsent) {
  const std::string page = page_of(run_of(0));
  for (const char* part :
       {"results", "curves", "confusion", "classes", "mistakes", "calibration", "numbers"}) {
    EXPECT_THAT(page, Not(HasSubstr("<section id=\"" + std::string(part) + "\""))) << part;
    EXPECT_THAT(page, Not(HasSubstr("href=\"#" + std::string(part) + "\""))) << part;
  }
  EXPECT_THAT(page, Not(HasSubstr("<script")));
}

TEST(ReportPage, NumbersArePlottedAndHaveNoClasses) {
  ValidationResults results;
  results.samples = Dataset(Tensor({3, 2}), Tensor::of<float>({3, 1}, {1, 2, 3}));
  results.numbers.emplace();
  results.numbers->add(Tensor::of<float>({3, 1}, {1, 2, 5}), results.samples.y());
  const RunRecord record = run_of(1);
  const Model model = small_model();
  const std::string page =
      report_page({.record = record, .model = model, .sample = Shape{2}, .validation = &results});
  EXPECT_THAT(page, HasSubstr("<section id=\"numbers\""));
  EXPECT_THAT(page, HasSubstr("<dt>Mean absolute error</dt><dd>0.6667</dd>"));
  EXPECT_THAT(page, Not(HasSubstr("<section id=\"confusion\"")));
  EXPECT_THAT(page, Not(HasSubstr("<section id=\"weights\"")));
  EXPECT_THAT(page, Not(HasSubstr("<section id=\"plan\"")));
}

// What the network saw of a missing cell is the column's mean, and 0 comes back as nearly 0.
TEST(ReportPage, TheWorstRowsOfATableAreAsItsFileHasThem) {
  datasets::TableEncoding encoding;
  encoding.columns = {{.name = "age", .mean = 50.5, .scale = 3}, {.name = "sum"}};
  encoding.label = {.name = "price"};
  ValidationResults results;
  results.samples = Dataset(Tensor({3, 2}), Tensor::of<float>({3, 1}, {1, 2, 3}),
                            {.preprocessing = encoding.to_value()});
  results.numbers.emplace();
  results.numbers->add(Tensor::of<float>({3, 1}, {1, 4, 8}), results.samples.y());
  EXPECT_EQ(results.worst(), (std::vector<int64_t>{2, 1, 0}));
  results.rows = {{0, {.line = 7, .cells = {"1", "2"}}},
                  {1, {.line = 9, .cells = {"", "0"}}},
                  {2, {.line = 40, .cells = {"NA", "<0>"}}}};
  const RunRecord record = run_of(1);
  const Model model = small_model();
  const auto page = [&] {
    return report_page(
        {.record = record, .model = model, .sample = Shape{2}, .validation = &results});
  };
  EXPECT_THAT(page(), HasSubstr("<th scope=\"col\" class=\"number\">line</th>"));
  EXPECT_THAT(page(), HasSubstr("<th scope=\"row\" class=\"number\">40</th>"));
  EXPECT_THAT(page(), HasSubstr("<td class=\"number\">NA</td><td class=\"number\">&lt;0&gt;</td>"));
  EXPECT_THAT(page(), HasSubstr("<td class=\"number\"></td><td class=\"number\">0</td>"));
  EXPECT_THAT(page(), Not(HasSubstr("50.5</td>")));
  results.rows.clear();
  EXPECT_THAT(page(), HasSubstr("<th scope=\"col\" class=\"number\">sample</th>"));
  EXPECT_THAT(page(), Not(HasSubstr(">age</th>")));
}

TEST(ReportPage, OfManyClassesItStaysSmall) {
  constexpr int64_t kClasses = 100;
  ValidationResults results;
  results.samples =
      Dataset(Tensor({kClasses * kClasses, 4, 4}, DType::uint8), Tensor({kClasses * kClasses}));
  results.classes.emplace(kClasses, true);
  Tensor outputs({kClasses, kClasses}), labels({kClasses}, DType::int64);
  for (int64_t i = 0; i < kClasses; ++i) {
    outputs.span<float>()[static_cast<size_t>(i * kClasses + i)] = 1;
  }
  // Each class is taken for each other.
  for (int64_t label = 0; label < kClasses; ++label) {
    std::ranges::fill(labels.span<int64_t>(), label);
    results.classes->add(outputs, labels);
  }
  const std::string page = page_of(run_of(2), &results);
  EXPECT_LT(page.size(), 700'000U);
  EXPECT_EQ(count_of(page, "<path class=\"wrong\""), 1U);
  EXPECT_EQ(count_of(page, "<path class=\"right\""), 1U);
}

TEST(ReportPage, TheClassesOfTheLeastF1AreShownOfVeryMany) {
  ValidationResults results;
  results.samples = Dataset(Tensor({2, 1}), Tensor({2}));
  results.classes.emplace(1200, true);
  Tensor outputs({2, 1200});
  outputs.span<float>()[0] = outputs.span<float>()[1200] = 1;
  results.classes->add(outputs, Tensor::of<int64_t>({2}, {0, 900}));
  const Value classes = classes_section(results);
  EXPECT_EQ(classes["rows"].as_list().size(), 500U);
  EXPECT_EQ(classes["rows"].as_list()[0]["name"].as_string(), "1");
  EXPECT_THAT(classes["hint"].as_string(), HasSubstr("the 500 classes of the least F1"));
  const Value confusion = confusion_section(results);
  EXPECT_TRUE(confusion["matrix"].is_null());
  EXPECT_EQ(confusion["pairs"]["items"].as_list()[0]["true"].as_string(), "900");
}

TEST(ReportPage, ALongHistoryIsThinned) {
  const Value data = chart_data(run_of(5001).history);
  const auto& epochs = data["epochs"].as_list();
  EXPECT_LE(epochs.size(), 2001U);
  EXPECT_EQ(epochs.front().as_int(), 1);
  EXPECT_EQ(epochs.back().as_int(), 5001);
}

TEST(ReportPage, TheChartsOfAHistory) {
  const Value data = chart_data(run_of(3).history);
  ASSERT_EQ(data["charts"].as_list().size(), 1U);
  const Value& chart = data["charts"].as_list()[0];
  EXPECT_EQ(chart["name"].as_string(), "loss");
  EXPECT_EQ(chart["train"].as_list()[2].as_double(), 0.333333);
  EXPECT_TRUE(std::isnan(chart["validation"].as_list()[1].as_double()));
  EXPECT_EQ(data["best"].as_int(), 1);
}

TEST(ReportPage, TextsOfNumbers) {
  EXPECT_EQ(percent_text(0.97234), "97.23 %");
  EXPECT_EQ(number_text(0.097234), "0.09723");
  EXPECT_EQ(number_text(123456.7), "123,457");
  EXPECT_EQ(number_text(1.5e9), "1.5e9");
  EXPECT_EQ(number_text(std::numeric_limits<double>::infinity()), "–");
  EXPECT_EQ(duration_text(0.0421), "42.1 ms");
  EXPECT_EQ(duration_text(3600), "3,600 s");
  EXPECT_EQ(counted(1, "epoch"), "1 epoch");
}

}  // namespace report_page_test
}  // namespace cornu::inline v0
