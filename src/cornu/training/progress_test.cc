#include "cornu/training/progress.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <regex>
#include <sstream>
#include <thread>

#include "cornu/core/error.h"
#include "cornu/training/terminal_test.h"

namespace cornu::inline v0 {
namespace progress_test {

Logs tutorial_logs() {
  Logs logs;
  logs.set("loss", 0.10512);
  logs.set("accuracy", 0.97068);
  return logs;
}

TEST(Progress, TheLastLineIsTheTutorials) {
  EXPECT_EQ(progress_line(60000, 60000, 0.9, tutorial_logs()),
            "60000/60000 [==============================] - 1s 15us/sample - loss: 0.1051 - "
            "accuracy: 0.9707");
}

TEST(Progress, ARunningLineHasAHeadAndAnEta) {
  EXPECT_EQ(progress_line(128, 60000, 0.1, {}),
            "  128/60000 [..............................] - ETA: 46s");
  EXPECT_EQ(progress_line(30000, 60000, 100, {}),
            "30000/60000 [==============>...............] - ETA: 1:40");
  EXPECT_EQ(progress_line(1, 2, 7300, {}), "1/2 [==============>...............] - ETA: 2:01:40");
}

TEST(Progress, TinyNumbersAreScientificAsInKeras) {
  Logs logs;
  logs.set("loss", 0.00012345);
  logs.set("zero", 0);
  EXPECT_EQ(progress_line(2, 2, 0.004, logs),
            "2/2 [==============================] - 0s 2ms/sample - loss: 1.2345e-04 - "
            "zero: 0.0000");
}

TEST(Progress, ALineMayBeLongerThanItsBuffer) {
  Logs logs;
  const std::string name(300, 'n');
  logs.set(name, 0.5);
  logs.set("loss", 0.25);
  std::ostringstream out;
  Progress(1, {&out}).end_evaluation({2, 1}, 0.004, logs);
  EXPECT_EQ(out.str(), "2/2 [==============================] - 0s 2ms/sample - " + name +
                           ": 0.5000 - loss: 0.2500\n");
}

TEST(Progress, AStreamGetsOneLinePerEpoch) {
  std::ostringstream out;
  Progress progress(1, {&out});
  progress.begin({100, 2}, 20, 2);
  progress.begin_epoch(0);
  progress.step(50, tutorial_logs());
  progress.step(100, tutorial_logs());
  progress.end_epoch(tutorial_logs());
  const std::string text = out.str();
  EXPECT_TRUE(
      text.starts_with("Train on 100 samples, validate on 20 samples\nEpoch 1/2\n100/100 ["))
      << text;
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3);
  EXPECT_EQ(text.find('\r'), std::string::npos);
}

TEST(Progress, ATerminalGetsABarDrawnOverAndCutToItsWidth) {
  TerminalForStderr terminal(44);
  if (!terminal.open()) GTEST_SKIP() << "this system lends no terminal";
  Progress progress(1, {});
  progress.begin({100, 10}, 0, 1);
  progress.begin_epoch(0);
  progress.step(10, tutorial_logs());  // too early to be drawn
  std::this_thread::sleep_for(std::chrono::milliseconds(60));
  EXPECT_TRUE(progress.due());
  progress.step(50, tutorial_logs());
  EXPECT_FALSE(progress.due());
  progress.step(60, tutorial_logs());
  progress.step(100, tutorial_logs());
  progress.end_epoch(tutorial_logs());
  const std::string expected =
      "Train on 100 samples\nEpoch 1/1\n"
      "\r 50/100 \\[=>\\.{3}\\] - ETA: [0-9]+s - loss: 0.1051 - \r {43}"
      "\r100/100 \\[={5}\\] - [0-9]+s [0-9]+[mu]s/sample\n    loss: 0.1051 - accuracy: 0.9707\n";
  const std::string text = terminal.text();
  EXPECT_TRUE(std::regex_match(text, std::regex(expected))) << text;
}

// The last line printed for the tutorial's epoch, on a terminal of `columns` columns.
std::string last_line(unsigned short columns, const Logs& logs) {
  TerminalForStderr terminal(columns);
  if (!terminal.open()) return "no terminal";
  Progress progress(1, {});
  progress.begin({60000, 469}, 10000, 1);
  progress.begin_epoch(0);
  progress.step(60000, logs);
  progress.end_epoch(logs);
  const std::string text = terminal.text();
  const std::string before = "Epoch 1/1\n";
  return text.substr(text.rfind(before) + before.size());
}

TEST(Progress, NoLineIsWiderThanTheTerminal) {
  if (!TerminalForStderr(80).open()) GTEST_SKIP() << "this system lends no terminal";
  Logs logs = tutorial_logs();
  logs.set("val_loss", 0.12);
  logs.set("val_accuracy", 0.9641);
  EXPECT_TRUE(std::regex_match(
      last_line(80, logs),
      std::regex(
          "60000/60000 \\[={15,16}\\] - 0s [0-9]us/sample - loss: 0.1051 - accuracy: 0.9707\n"
          "    val_loss: 0.1200 - val_accuracy: 0.9641\n")))
      << last_line(80, logs);
  EXPECT_NE(last_line(200, logs).find("=] - 0s 0us/sample - loss: 0.1051 - accuracy: 0.9707 - "
                                      "val_loss: 0.1200 - val_accuracy: 0.9641\n"),
            std::string::npos);
  const std::string whole = last_line(120, logs);
  EXPECT_EQ(std::count(whole.begin(), whole.end(), '\n'), 1)
      << "a shorter bar is enough: " << whole;
  logs.set("größe_der_fehler_in_metern", 1);
  for (const unsigned short columns : {40, 50, 60, 80, 100, 132}) {
    std::istringstream lines(last_line(columns, logs));
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LT(line.size(), columns + 3U) << line;  // two letters of two bytes
    }
  }
}

TEST(Progress, Verbose0PrintsNothing) {
  std::ostringstream out;
  Progress progress(0, {&out});
  progress.begin({10, 1}, 0, 1);
  progress.begin_epoch(0);
  progress.step(10, {});
  progress.end_epoch({});
  EXPECT_EQ(out.str(), "");
}

// A fit of two steps that prints in Keras 3's form.
std::string keras3_text(int64_t verbose, int64_t epochs, std::optional<LiveBar> bar = {}) {
  std::ostringstream out;
  Progress progress(verbose, {&out, ProgressStyle::keras3, bar});
  progress.begin({100, 2}, 20, epochs);
  for (int64_t epoch = 0; epoch < epochs; ++epoch) {
    progress.begin_epoch(epoch);
    if (bar) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    progress.step(50, tutorial_logs());
    progress.step(100, tutorial_logs());
    Logs logs = tutorial_logs();
    logs.set("val_loss", 0.0005);
    logs.set("val_accuracy", 0.9641);
    logs.set("learning_rate", 0.01);
    progress.end_epoch(logs);
  }
  return out.str();
}

TEST(Progress, Keras3CountsStepsAndSortsByName) {
  const std::string values =
      "accuracy: 0.9707 - loss: 0.1051 - val_accuracy: 0.9641 - val_loss: 5.0000e-04 - "
      "learning_rate: 0.0100\n";
  EXPECT_TRUE(
      std::regex_match(keras3_text(1, 1), std::regex("2/2 (━){20} 0s [0-9]+us/step - " + values)))
      << keras3_text(1, 1);
  EXPECT_TRUE(
      std::regex_match(keras3_text(1, 2),
                       std::regex("Epoch 1/2\n2/2 (━){20} 0s .*\nEpoch 2/2\n2/2 (━){20} 0s .*\n")))
      << keras3_text(1, 2);
  EXPECT_TRUE(
      std::regex_match(keras3_text(2, 1), std::regex("2/2 - 0s - [0-9]+us/step - " + values)))
      << keras3_text(2, 1);
}

TEST(Progress, ALiveBarOfAStreamIsDrawnOver) {
  const std::string text = keras3_text(1, 1, LiveBar{std::chrono::milliseconds(20)});
  const std::string bold = "\x1b\\[1m", green = "\x1b\\[32m", white = "\x1b\\[37m",
                    plain = "\x1b\\[0m";
  const std::string running = "\r" + bold + "1/2" + plain + " " + green + "(━){10}" + white +
                              "(━){10}" + plain + " " + bold + "0s" + plain +
                              " [0-9]+ms/step - accuracy: 0.9707 - loss: 0.1051";
  const std::string whole = "\r" + bold + "2/2" + plain + " " + green + "(━){20}" + white + plain +
                            " " + bold + "0s" + plain + " [0-9]+[mu]s/step - accuracy.*\n";
  EXPECT_TRUE(std::regex_match(text, std::regex(running + whole))) << text;
  EXPECT_EQ(keras3_text(1, 1, LiveBar{std::chrono::hours(1)}).find('\r'), std::string::npos)
      << "an epoch that ends before the first drawing has one line";
}

TEST(Progress, NothingIsLeftOfALongerBar) {
  std::ostringstream out;
  Progress progress(1, {&out, ProgressStyle::tutorial, LiveBar{std::chrono::milliseconds(0)}});
  progress.begin({100, 2}, 0, 1);
  progress.begin_epoch(0);
  progress.step(50, tutorial_logs());
  progress.end_epoch({});
  const std::string text = out.str();
  const size_t last = text.rfind('\r');
  const size_t before = text.rfind('\r', last - 1);
  EXPECT_EQ(text.size() - last, last - before + 1) << text;
  EXPECT_TRUE(text.ends_with("  \n")) << text;
}

TEST(Progress, AStreamOfUnknownSizeIsCountedInItsFirstEpoch) {
  for (const ProgressStyle style : {ProgressStyle::tutorial, ProgressStyle::keras3}) {
    std::ostringstream out;
    Progress progress(1, {&out, style, LiveBar{std::chrono::milliseconds(0)}});
    progress.begin({}, 0, 2);
    for (int64_t epoch = 0; epoch < 2; ++epoch) {
      progress.begin_epoch(epoch);
      progress.step(30, {});
      progress.step(50, {});
      progress.end_epoch({});
    }
    const std::string text = out.str();
    const bool steps = style == ProgressStyle::keras3;
    EXPECT_TRUE(text.starts_with("Epoch 1/2\n")) << text;
    EXPECT_NE(text.find(steps ? "      1/Unknown" : "     30/Unknown - 0s "), std::string::npos)
        << text;
    EXPECT_NE(text.find(steps ? "2/2" : "\r50/50 [===="), std::string::npos) << text;
    EXPECT_EQ(text.find("Unknown", text.find("Epoch 2/2")), std::string::npos) << text;
  }
}

TEST(Progress, AnEvaluationIsOneLine) {
  const auto text = [](int64_t verbose, ProgressStyle style) {
    std::ostringstream out;
    Progress(verbose, {&out, style}).end_evaluation({60, 2}, 0.006, tutorial_logs());
    return out.str();
  };
  EXPECT_EQ(text(1, ProgressStyle::tutorial),
            "60/60 [==============================] - 0s 100us/sample - loss: 0.1051 - accuracy: "
            "0.9707\n");
  EXPECT_EQ(text(2, ProgressStyle::tutorial), "60/60 - 0s - loss: 0.1051 - accuracy: 0.9707\n");
  EXPECT_EQ(text(1, ProgressStyle::keras3),
            "2/2 ━━━━━━━━━━━━━━━━━━━━ 0s 3ms/step - accuracy: 0.9707 - loss: 0.1051\n");
  EXPECT_EQ(text(2, ProgressStyle::keras3),
            "2/2 - 0s - 3ms/step - accuracy: 0.9707 - loss: 0.1051\n");
  EXPECT_EQ(text(0, ProgressStyle::keras3), "");
}

TEST(Progress, StylesHaveNames) {
  EXPECT_EQ(progress_style_named("tutorial"), ProgressStyle::tutorial);
  EXPECT_EQ(progress_style_named("keras3"), ProgressStyle::keras3);
  try {
    progress_style_named("keras4");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()),
              "progress: unknown style \"keras4\"; expected one of keras3, tutorial.");
  }
}

TEST(History, GivesEachSeriesByName) {
  History history;
  for (int epoch = 0; epoch < 2; ++epoch) {
    EpochRecord record{.epoch = epoch, .logs = {}, .seconds = 1};
    record.logs.set("loss", 1.0 / (epoch + 1));
    if (epoch == 1) record.logs.set("val_loss", 0.7);
    history.epochs.push_back(record);
  }
  EXPECT_EQ(history.names(), (std::vector<std::string>{"loss", "val_loss"}));
  EXPECT_EQ(history["loss"], (std::vector<double>{1, 0.5}));
  EXPECT_EQ(history["val_loss"], (std::vector<double>{0.7}));
  EXPECT_ANY_THROW(history["acuracy"]);
  std::ostringstream out;
  out << history.last();
  EXPECT_EQ(out.str(), "[loss: 0.5000, val_loss: 0.7000]");
}

}  // namespace progress_test
}  // namespace cornu::inline v0
