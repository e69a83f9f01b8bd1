#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "cornu/core/tensor.h"
#include "cornu/formats/json.h"
#include "cornu/formats/npz.h"
#include "shell.h"

namespace cornu::inline v0 {
namespace own_files_command_test {

using testing::HasSubstr;
using testing::StartsWith;

class OwnFilesCommand : public CommandTest {
 protected:
  using Arrays = std::vector<std::pair<std::string, Tensor>>;

  void write_npz(const std::string& name, Arrays arrays) const {
    const Block bytes = formats::write_npz({std::move(arrays)});
    std::ofstream(shell_.file(name), std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
  }
  /// Points of two coordinates; the target is the quadrant, or the sum.
  Arrays points(bool has_classes) const {
    constexpr int64_t kRows = 400;
    Tensor x(Shape{kRows, 2});
    Tensor classes(Shape{kRows}, DType::int64);
    Tensor sums(Shape{kRows});
    for (size_t i = 0; i < kRows; ++i) {
      const float a = static_cast<float>(i * 37 % 101) / 50 - 1;
      const float b = static_cast<float>(i * 53 % 97) / 48 - 1;
      x.span<float>()[2 * i] = a;
      x.span<float>()[2 * i + 1] = b;
      classes.span<int64_t>()[i] = (a > 0 ? 1 : 0) + (b > 0 ? 2 : 0);
      sums.span<float>()[i] = 10 * (a + b);
    }
    Arrays arrays;
    arrays.emplace_back("x", std::move(x));
    arrays.emplace_back("y", has_classes ? std::move(classes) : std::move(sums));
    return arrays;
  }
};

TEST_F(OwnFilesCommand, ClassesInANumPyFileAreLearned) {
  write_npz("quadrants.npz", points(true));
  const Value run = json("cornu train ./quadrants.npz --epochs 60 --batch-size 16 --json");
  EXPECT_EQ(run["dataset"].as_string(), "./quadrants.npz");
  EXPECT_EQ(run["samples"]["train"].as_int(), 321);
  EXPECT_EQ(run["samples"]["validation"].as_int(), 79);
  EXPECT_EQ(run["run_dir"].as_string(), "runs/quadrants-001");
  EXPECT_GT(run["epochs"].as_list().back()["val_accuracy"].as_double(), 0.9);
  EXPECT_EQ(json("cornu evaluate runs/latest quadrants.npz --json")["samples"].as_int(), 400);
  const Value guesses = json("cornu predict runs/latest quadrants.npz --first 2 --json");
  EXPECT_EQ(guesses.as_list()[1]["top"].as_list().size(), 3U);
  // A run that goes on reads the same parts.
  const Value longer = json("cornu train --resume runs/quadrants-001 --epochs 62 --json");
  EXPECT_EQ(longer["epochs"].as_list().size(), 62U);
}

TEST_F(OwnFilesCommand, NumbersArePredicted) {
  write_npz("sums.npz", points(false));
  const Outcome run = shell_.run("cornu train sums.npz --epochs 60 --batch-size 16 --out run");
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("20 % of the samples, drawn by the seed, validate.\n"
                                 "Its targets are numbers, so the loss is mean_squared_error.\n"));
  EXPECT_LT(json("cornu evaluate run sums.npz --json")["mean_absolute_error"].as_double(), 1);
  const Value one = json("cornu predict run sums.npz --first 1 --json").as_list()[0];
  EXPECT_NEAR(one["prediction"].as_list()[0].as_double(), one["target"].as_list()[0].as_double(),
              3);
  EXPECT_EQ(shell_.run("cornu predict run sums.npz -o all.csv").status, 0);
  EXPECT_THAT(shell_.text("all.csv"), StartsWith("sample,prediction,target\n0,"));
  EXPECT_EQ(shell_.run("cornu train sums.npz --net 'dense(2)'").status, 2);
}

TEST_F(OwnFilesCommand, TheValidationSplitSaysHowManyValidate) {
  write_npz("quadrants.npz", points(true));
  const std::string train = "cornu train quadrants.npz --epochs 1 --json --validation-split ";
  EXPECT_EQ(json(train + "0.5")["samples"]["validation"].as_int(), 201);
  const Value all = json(train + "0");
  EXPECT_EQ(all["samples"]["train"].as_int(), 400);
  EXPECT_EQ(all["epochs"].as_list()[0].find("val_loss"), nullptr);
}

TEST_F(OwnFilesCommand, PicturesOfOnesOwnAreLearnedByConvolutions) {
  Tensor x(Shape{60, 12, 12}, DType::uint8);
  Tensor y(Shape{60}, DType::int64);
  for (size_t i = 0; i < 60; ++i) {
    y.span<int64_t>()[i] = static_cast<int64_t>(i % 2);
    // A stroke, upright or level, somewhere.
    for (size_t at = 0; at < 8; ++at) {
      const size_t along = at + i % 5, across = 1 + i % 7;
      x.span<uint8_t>()[144 * i + (i % 2 == 0 ? 12 * along + across : 12 * across + along)] = 255;
    }
  }
  Arrays arrays;
  arrays.emplace_back("x", std::move(x));
  arrays.emplace_back("y", std::move(y));
  write_npz("strokes.npz", std::move(arrays));
  const Value run = json("cornu train strokes.npz --json");
  EXPECT_EQ(run["settings"]["net"].as_string(),
            "reshape((12, 12, 1)), conv2d(16, 3, activation=relu), max_pooling2d, flatten, "
            "dropout(0.25), dense(64, activation=relu), dense(2, activation=softmax)");
  EXPECT_EQ(run["settings"]["batch_size"].as_int(), 32);
  EXPECT_EQ(run["epochs"].as_list().size(), 40U);
  EXPECT_GT(run["epochs"].as_list().back()["val_accuracy"].as_double(), 0.9);
  // A network of one's own has the settings of any.
  const Value own = json("cornu train strokes.npz --net 'flatten, dense(2, softmax)' --json");
  EXPECT_EQ(own["settings"]["batch_size"].as_int(), 128);
  EXPECT_EQ(own["settings"]["optimizer"]["config"]["learning_rate"].as_double(), 0.001);
}

TEST_F(OwnFilesCommand, AFileThatIsNotThereHasANeighbour) {
  write("penguins.csv", "a,b\n1,2\n");
  EXPECT_THAT(shell_.run("cornu train penguin.csv").err,
              HasSubstr("penguin.csv: there is no such file. Hint: the nearest is penguins.csv\n"));
}

TEST_F(OwnFilesCommand, ABatchMayBeLargerThanTheData) {
  write_npz("quadrants.npz", points(true));
  const std::string train = "cornu train quadrants.npz --epochs 2 --batch-size ";
  const Outcome run = shell_.run(train + "1000000000 --out all");
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("A batch holds all 321 samples, so each epoch is one step.\n"));
  const Outcome same = shell_.run(train + "321 --out same");
  EXPECT_THAT(same.out, testing::Not(HasSubstr("one step")));
  const Value first = formats::read_json(shell_.text("all/run.json"), "all");
  const Value second = formats::read_json(shell_.text("same/run.json"), "same");
  EXPECT_EQ(first["weights_sha256"].as_string(), second["weights_sha256"].as_string());
}

TEST_F(OwnFilesCommand, PathsMayHaveAnyCharacters) {
  write_npz("quadrants.npz", points(true));
  for (const std::string name : {"a b", "ü 数", "-x", "new\nline", "it's", "$HOME"}) {
    const std::string path = shell_.file(name);
    std::filesystem::create_directory(path);
    std::filesystem::copy_file(shell_.file("quadrants.npz"), path + "/data.npz");
    const std::string quoted = "\"$(cat name)\"";
    write("name", "./" + name);
    const Outcome run =
        shell_.run("cornu train " + quoted + "/data.npz --epochs 1 --out " + quoted +
                   "/run && cornu evaluate " + quoted + "/run " + quoted + "/data.npz");
    EXPECT_EQ(run.status, 0) << name << ": " << run.err;
    EXPECT_TRUE(std::filesystem::exists(path + "/run/model.keras")) << name;
  }
  EXPECT_EQ(shell_.run("mv ./-x/data.npz ./-x.npz; cornu evaluate -- ./-x/run -x.npz").status, 0);
}

TEST_F(OwnFilesCommand, TheClockAndTheTimeZoneChangeNothing) {
  write_npz("quadrants.npz", points(true));
  const std::string train = "cornu train quadrants.npz --epochs 2 --json";
  const std::string here = json(train)["weights_sha256"].as_string();
  EXPECT_EQ(json("TZ=Pacific/Kiritimati LC_ALL=C " + train)["weights_sha256"].as_string(), here);
  // A file from the future, as after a clock that was set back.
  EXPECT_EQ(shell_.run("touch -d 2100-01-01 quadrants.npz runs/*/*").status, 0);
  EXPECT_EQ(json(train)["weights_sha256"].as_string(), here);
  EXPECT_EQ(
      json("cornu train --resume runs/quadrants-001 --epochs 3 --json")["epochs"].as_list().size(),
      3U);
}

}  // namespace own_files_command_test
}  // namespace cornu::inline v0
