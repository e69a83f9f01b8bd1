#include "cornu/callbacks/checkpoint_name.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "cornu/core/error_of_test.h"

namespace cornu::inline v0 {
namespace checkpoint_name_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

Logs loss(double value) {
  Logs logs;
  logs.set("loss", value);
  return logs;
}

struct Written {
  const char* pattern;
  double loss;
  const char* expected;  ///< as Python 3.11's str.format writes it with epoch=7
};
constexpr Written kWritten[] = {
    {"{epoch}", 0, "7"},
    {"{epoch:02d}", 0, "07"},
    {"{epoch:3d}", 0, "  7"},
    {"{epoch:>4}", 0, "   7"},
    {"{epoch:<4}", 0, "7   "},
    {"{epoch:^5}", 0, "  7  "},
    {"{epoch:*^6d}", 0, "**7***"},
    {"{epoch:=+5d}", 0, "+   7"},
    {"{epoch:05}", 0, "00007"},
    {"{epoch:+d}", 0, "+7"},
    {"{epoch: d}", 0, " 7"},
    {"{epoch:x}", 0, "7"},
    {"{epoch:#x}", 0, "0x7"},
    {"{epoch:X}", 0, "7"},
    {"{epoch:o}", 0, "7"},
    {"{epoch:b}", 0, "111"},
    {"{epoch:08b}", 0, "00000111"},
    {"{epoch:#010x}", 0, "0x00000007"},
    {"{epoch:.2f}", 0, "7.00"},
    {"{epoch:6.1f}", 0, "   7.0"},
    {"{epoch:e}", 0, "7.000000e+00"},
    {"{epoch:%}", 0, "700.000000%"},
    {"{epoch:<05d}", 0, "70000"},
    {"{epoch:x<05d}", 0, "7xxxx"},
    {"{loss}", 0.25, "0.25"},
    {"{loss:.2f}", 0.25, "0.25"},
    {"{loss:.4f}", 0.25, "0.2500"},
    {"{loss:08.3f}", 0.25, "0000.250"},
    {"{loss:+.1f}", 0.25, "+0.2"},
    {"{loss: .2e}", 0.25, " 2.50e-01"},
    {"{loss:.3E}", 0.25, "2.500E-01"},
    {"{loss:g}", 0.25, "0.25"},
    {"{loss:.2%}", 0.25, "25.00%"},
    {"{loss:%}", 0.25, "25.000000%"},
    {"{loss:#.0f}", 0.25, "0."},
    {"{loss:.0f}", 0.25, "0"},
    {"{loss:.3}", 0.25, "0.25"},
    {"{loss:<8.2f}", 0.25, "0.25    "},
    {"{loss:^9.2f}", 0.25, "  0.25   "},
    {"{loss:*>8.2f}", 0.25, "****0.25"},
    {"{loss:010.2%}", 0.25, "000025.00%"},
    {"{loss:G}", 0.25, "0.25"},
    {"{loss:F}", 0.25, "0.250000"},
    {"{loss}", 3.0, "3.0"},
    {"{loss:.1}", 3.0, "3e+00"},
    {"{loss:g}", 3.0, "3"},
    {"{loss:.3}", 3.0, "3.0"},
    {"{loss:#g}", 3.0, "3.00000"},
    {"{loss:.0f}", 3.0, "3"},
    {"{loss}", 100000.0, "100000.0"},
    {"{loss:g}", 100000.0, "100000"},
    {"{loss:.3}", 100000.0, "1e+05"},
    {"{loss}", 1e+16, "1e+16"},
    {"{loss}", 123456789.125, "123456789.125"},
    {"{loss:.2f}", 123456789.125, "123456789.12"},
    {"{loss:e}", 123456789.125, "1.234568e+08"},
    {"{loss}", 1e-05, "1e-05"},
    {"{loss:f}", 1e-05, "0.000010"},
    {"{loss:g}", 1e-05, "1e-05"},
    {"{loss}", 0.0001, "0.0001"},
    {"{loss}", kInfinity, "inf"},
    {"{loss:.2f}", kInfinity, "inf"},
    {"{loss:08.1f}", kInfinity, "00000inf"},
    {"{loss:+f}", kInfinity, "+inf"},
    {"{loss}", kNaN, "nan"},
    {"{loss:.2f}", kNaN, "nan"},
    {"{loss:F}", kNaN, "NAN"},
    {"{loss}", -0.0, "-0.0"},
    {"{loss:.1f}", -0.0, "-0.0"},
    {"{loss:08.2f}", -2.5, "-0002.50"},
    {"{loss:=8.2f}", -2.5, "-   2.50"},
    {"{loss:^9.1f}", -2.5, "  -2.5   "},
    {"{loss:.0f}", -2.5, "-2"},
    {"{loss}", 0.30000000000000004, "0.30000000000000004"},
    {"{loss:.3}", 123.4, "1.23e+02"},
    {"{loss:.3}", 120.0, "1.2e+02"},
    {"{loss:.3}", 99.9, "99.9"},
    {"{loss:.1}", 0.0, "0e+00"},
    {"{loss:.2}", 10.0, "1e+01"},
    {"{loss}", 0.0, "0.0"},
    {"{epoch:#o}", 0, "0o7"},
    {"{epoch:#010x}", 0, "0x00000007"},
    {"{epoch:#06b}", 0, "0b0111"},
    {"{epoch:#X}", 0, "0X7"},
    {"{epoch:+#x}", 0, "+0x7"},
};

TEST(CheckpointName, WritesNumbersAsPythonDoes) {
  for (const Written& each : kWritten) {
    EXPECT_EQ(CheckpointName(each.pattern).at(7, {}, loss(each.loss)), each.expected)
        << each.pattern << ", " << each.loss;
  }
}

TEST(CheckpointName, HasTextAndBracesBesideItsNumbers) {
  const CheckpointName name("a/{{x}}-{epoch:02d}{batch:03d}-{loss:.2f}.keras");
  EXPECT_THAT(name.names(), ElementsAre("epoch", "batch", "loss"));
  EXPECT_EQ(name.at(3, 12, loss(0.125)), "a/{x}-03012-0.12.keras");
  EXPECT_EQ(CheckpointName("model.keras").at(1, {}, {}), "model.keras");
}

TEST(CheckpointName, ListsTheNumbersThatThereAre) {
  EXPECT_EQ(error_of([] { CheckpointName("{val_loss}").at(1, 2, loss(1)); }),
            "ModelCheckpoint: filepath: unknown number \"val_loss\"; expected one of loss, epoch, "
            "batch.");
  EXPECT_THAT(error_of([] { CheckpointName("{batch}").at(1, {}, loss(1)); }),
              HasSubstr("unknown number \"batch\"; expected one of epoch, loss"));
}

TEST(CheckpointName, RefusesWhatPythonDoesNotRead) {
  for (const char* const pattern :
       {"{", "}", "a{epoch", "epoch}", "{}", "{:02d}", "{loss:d}", "{epoch:.2}", "{epoch:.2d}",
        "{loss:.f}", "{loss:2f2}", "{loss:5y}", "{epoch:s}", "{loss:.99999999999f}",
        "{loss:99999999999}", "{loss!r}", "{epoch:{epoch}}", "{epoch:,}"}) {
    EXPECT_THAT(error_of([&] { CheckpointName{pattern}; }), HasSubstr("filepath: ")) << pattern;
  }
  EXPECT_EQ(error_of([] { CheckpointName("{loss:d}.keras"); }),
            "filepath: expected a format of a number, as in {val_loss:.2f}, got {loss:d}.");
}

}  // namespace checkpoint_name_test
}  // namespace cornu::inline v0
