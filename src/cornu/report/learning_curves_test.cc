#include "cornu/report/learning_curves.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <sstream>
#include <string>
#include <vector>

#include "cornu/core/error.h"
#include "cornu/report/test_folder_test.h"

namespace cornu {
namespace learning_curves_test {

using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
const std::string kBlue = "rgb(0%,44.705882%,69.803922%)";
const std::string kVermilion = "rgb(83.529412%,36.862745%,0%)";

void log(History& history, const std::string& name, const std::vector<double>& values) {
  if (history.epochs.size() < values.size()) history.epochs.resize(values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    history.epochs[i].epoch = static_cast<int64_t>(i);
    history.epochs[i].logs.set(name, values[i]);
  }
}

struct Line {
  std::string color;
  bool dashed;
  std::vector<std::pair<double, double>> points;
};

// The text after `key` up to `end`, searched from position `at` on.
std::string after(const std::string& text, const std::string& key, char end, size_t at) {
  const size_t begin = text.find(key, at) + key.size();
  return text.substr(begin, text.find(end, begin) - begin);
}

// The curves of an SVG: only they have round joins. Cairo leaves out points on a straight line
// between their neighbours.
std::vector<Line> lines_of(const std::string& svg) {
  std::vector<Line> lines;
  for (size_t at = svg.find("linejoin:round"); at != std::string::npos;
       at = svg.find("linejoin:round", at + 1)) {
    const bool dashed = after(svg, "stroke-opacity", '"', at).find("dash") != std::string::npos;
    Line line{after(svg, "stroke:", ';', at), dashed, {}};
    std::istringstream words(after(svg, " d=\"", '"', at));
    std::string command;
    for (double x, y; words >> command >> x >> y;) line.points.emplace_back(x, y);
    lines.push_back(line);
  }
  return lines;
}

std::vector<Line> drawn(const History& history) {
  const TestFolder folder;
  save_learning_curves(history, folder.file("curves.svg"));
  return lines_of(folder.text("curves.svg"));
}

// The tutorial's first three epochs.
History tutorial() {
  History history;
  log(history, "loss", {0.1051, 0.0973, 0.0904});
  log(history, "accuracy", {0.9707, 0.9732, 0.9752});
  log(history, "val_loss", {0.1200, 0.1133, 0.1092});
  log(history, "val_accuracy", {0.9641, 0.9649, 0.9672});
  return history;
}

TEST(LearningCurves, DrawsALineForEachNameAndDashesValidation) {
  const std::vector<Line> lines = drawn(tutorial());
  ASSERT_THAT(lines, SizeIs(4));
  const std::vector<std::string> colors = {kBlue, kBlue, kVermilion, kVermilion};
  for (size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(lines[i].color, colors[i]);
    EXPECT_EQ(lines[i].dashed, i % 2 == 1);
    EXPECT_THAT(lines[i].points, SizeIs(3));
  }
}

// One plot over the whole width: the axis is at y = 440, the top, below title and legend, at 86.
constexpr double kFoot = 440, kHeight = 440 - 86;

TEST(LearningCurves, TheScaleRunsFromZeroToTheLargestValueRoundedUp) {
  History history;
  log(history, "loss", {0, 0.25, 1});
  auto points = drawn(history)[0].points;
  ASSERT_THAT(points, SizeIs(3));
  EXPECT_NEAR(points[0].first, 72, 0.01);
  EXPECT_NEAR(points[2].first, 776, 0.01);
  EXPECT_NEAR(points[0].second, kFoot, 0.01);
  EXPECT_NEAR(points[1].second, kFoot - 0.25 * kHeight, 0.01);
  EXPECT_NEAR(points[2].second, kFoot - kHeight, 0.01);
  log(history, "loss", {2.3, 0.5});
  points = drawn(history)[0].points;
  EXPECT_NEAR(points[0].second, kFoot - kHeight * 2.3 / 2.5, 0.01) << "2.5 at the top";
  EXPECT_NEAR(points[1].second, kFoot - kHeight * 0.5 / 2.5, 0.01);
}

TEST(LearningCurves, FractionsAboveAHalfHaveAScaleToOne) {
  History history;
  log(history, "accuracy", {0.2, 0.6});
  EXPECT_NEAR(drawn(history)[0].points[1].second, kFoot - kHeight * 0.6, 0.01);
  History small;
  log(small, "mean_absolute_error", {0.04, 0.02});
  EXPECT_NEAR(drawn(small)[0].points[1].second, kFoot - kHeight * 0.5, 0.01);
  History large;
  log(large, "mean_absolute_error", {20, 10});
  EXPECT_NEAR(drawn(large)[0].points[1].second, kFoot - kHeight * 0.5, 0.01);
}

TEST(LearningCurves, LossesAndMetricsHaveAPlotEach) {
  const std::vector<Line> lines = drawn(tutorial());
  ASSERT_THAT(lines, SizeIs(4));
  for (size_t loss : {0U, 1U}) {
    EXPECT_NEAR(lines[loss].points[0].first, 72, 0.01);
    EXPECT_NEAR(lines[loss].points[2].first, 380, 0.01);
  }
  for (size_t accuracy : {2U, 3U}) {
    EXPECT_NEAR(lines[accuracy].points[0].first, 468, 0.01);
    EXPECT_NEAR(lines[accuracy].points[2].first, 776, 0.01);
  }
  History outputs = tutorial();
  log(outputs, "digit_loss", {1, 2, 3});
  EXPECT_NEAR(drawn(outputs)[2].points[2].first, 380, 0.01);
}

// Text is drawn as outlines, so pictures with different text differ.
std::string picture(const History& history, const std::string& title = "Learning curves") {
  const TestFolder folder;
  save_learning_curves(history, folder.file("curves.svg"), title);
  return folder.text("curves.svg");
}

// The middles of the markers with that fill.
std::vector<double> markers(const std::string& svg, const std::string& color) {
  std::vector<double> middles;
  for (size_t at = 0; (at = svg.find("fill:" + color, at + 1)) != std::string::npos;) {
    const std::string path = after(svg, " d=\"", '"', at);
    if (path.find(" C ") == std::string::npos) continue;
    std::istringstream words(path);
    std::string command;
    double right = 0;
    words >> command >> right;
    middles.push_back(right - 5);
  }
  return middles;
}

TEST(LearningCurves, TheBestEpochIsMarked) {
  History history;
  log(history, "loss", {0.9, 0.5, 0.3, 0.2, 0.1});
  log(history, "val_loss", {0.9, 0.6, 0.5, 0.7, 0.8});
  EXPECT_THAT(markers(picture(history), kBlue),
              testing::ElementsAre(testing::DoubleNear(424, 0.01)))
      << "epoch 3 of 5, by val_loss";
  History alone;
  log(alone, "loss", {0.9, 0.1, kNan, 0.2, 0.3});
  EXPECT_THAT(markers(picture(alone), kBlue), testing::Contains(testing::DoubleNear(248, 0.01)))
      << "epoch 2 of 5, by loss";
  History neither;
  log(neither, "r2", {0.1, 0.2, 0.3});
  EXPECT_THAT(markers(picture(neither), kBlue), SizeIs(0));
}

TEST(LearningCurves, EpochsAreCountedFromOneAndATitleIsDrawn) {
  History history;
  log(history, "loss", {0.9, 0.5});
  History later = history;
  for (EpochRecord& each : later.epochs) each.epoch += 1;
  EXPECT_NE(picture(history), picture(later));
  EXPECT_NE(picture(history), picture(history, "digits"));
  EXPECT_EQ(picture(history), picture(history));
  EXPECT_NE(picture(history, std::string(500, 'x')), picture(history, ""));
}

TEST(LearningCurves, ALearningRateIsLeftOut) {
  History history = tutorial();
  log(history, "learning_rate", {0.001, 0.001, 0.0005});
  EXPECT_THAT(drawn(history), SizeIs(4));
}

TEST(LearningCurves, NegativeValuesMoveTheFoot) {
  History history;
  log(history, "r2", {-0.5, 1});
  const auto points = drawn(history)[0].points;
  EXPECT_NEAR(points[1].second, kFoot - kHeight, 0.01);
  EXPECT_NEAR(points[0].second, 440, 30);
  EXPECT_LE(points[0].second, 440.01);
}

TEST(LearningCurves, ValuesThatAreNotFiniteLeaveGaps) {
  History history;
  log(history, "loss", {0.9, 0.8, kNan, 0.6, 0.5, kInfinity, 0.3});
  const std::vector<Line> lines = drawn(history);
  ASSERT_THAT(lines, SizeIs(2)) << "the lone last value is a marker";
  EXPECT_THAT(lines[0].points, SizeIs(2));
  EXPECT_THAT(lines[1].points, SizeIs(2));
  EXPECT_NEAR(lines[1].points[0].first, 72 + 704 * 3 / 6.0, 0.01);
}

TEST(LearningCurves, AnEpochWithoutAValueIsPassedOver) {
  History history;
  log(history, "loss", {0.9, 0.8, 0.7});
  history.epochs[0].logs.set("val_loss", 0.9);
  history.epochs[2].logs.set("val_loss", 0.8);
  const std::vector<Line> lines = drawn(history);
  ASSERT_THAT(lines, SizeIs(2));
  EXPECT_THAT(lines[1].points, SizeIs(2));
}

TEST(LearningCurves, OneEpochIsDrawnAsMarkers) {
  const TestFolder folder;
  History history;
  log(history, "loss", {0.5});
  log(history, "val_loss", {0.6});
  save_learning_curves(history, folder.file("one.svg"));
  const std::string svg = folder.text("one.svg");
  EXPECT_THAT(lines_of(svg), SizeIs(1)) << "the ring of val_loss";
  // A filled circle in the legend and one in the plot.
  int filled = 0;
  for (size_t at = 0; (at = svg.find(";fill:" + kBlue, at + 1)) != std::string::npos;) {
    filled += after(svg, " d=\"", '"', at).find(" C ") != std::string::npos ? 1 : 0;
  }
  EXPECT_EQ(filled, 2);
}

TEST(LearningCurves, AHistoryWithoutEpochsIsAnEmptyPlot) {
  EXPECT_THAT(drawn(History{}), SizeIs(0));
}

TEST(LearningCurves, BothKindsAreEightHundredByFiveHundredAndAlwaysTheSame) {
  const TestFolder folder;
  for (const std::string name : {"a.svg", "b.svg", "a.png", "b.png"}) {
    save_learning_curves(tutorial(), folder.file(name));
  }
  EXPECT_THAT(folder.text("a.svg"), HasSubstr("width=\"800px\" height=\"500px\""));
  EXPECT_EQ(folder.text("a.png").substr(16, 8), std::string("\0\0\x03\x20\0\0\x01\xf4", 8));
  EXPECT_EQ(folder.text("a.svg"), folder.text("b.svg"));
  EXPECT_EQ(folder.text("a.png"), folder.text("b.png"));
}

TEST(LearningCurves, ExtremesAreDrawnAndManyNamesFit) {
  History history;
  for (int i = 0; i < 60; ++i) {
    log(history, "a_metric_with_a_long_name_" + std::to_string(i), {1e300, -1e300, 1e-300});
  }
  EXPECT_THAT(drawn(history), SizeIs(60));
  History later;
  log(later, "loss", {0.5, 0.4});
  later.epochs[0].epoch = int64_t{1} << 40;
  later.epochs[1].epoch = (int64_t{1} << 40) + 1;
  EXPECT_THAT(drawn(later), SizeIs(1));
}

TEST(LearningCurves, RefusesOtherEndings) {
  try {
    save_learning_curves(tutorial(), "curves.pdf");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), StartsWith("curves.pdf: expected a name that ends in .svg or .png"));
  }
}

}  // namespace learning_curves_test
}  // namespace cornu
