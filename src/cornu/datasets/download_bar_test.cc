#include "cornu/datasets/download_bar.h"

#include <gtest/gtest.h>

#include <sstream>

namespace cornu::datasets {
namespace download_bar_test {

TEST(DownloadBar, IsRedrawnOnATerminal) {
  std::ostringstream out;
  DownloadBar bar(out, true);
  bar("a.gz", 250000, 1000000);
  bar("a.gz", 250001, 1000000);
  bar("a.gz", 1000000, 1000000);
  EXPECT_EQ(out.str(),
            "\ra.gz [======                   ]  25 % of 1.0 MB"
            "\ra.gz [=========================] 100 % of 1.0 MB\n");
}

TEST(DownloadBar, IsALinePerFileElsewhere) {
  std::ostringstream out;
  DownloadBar bar(out, false);
  bar("a.gz", 1, 9912422);
  bar("a.gz", 9912422, 9912422);
  bar("b.gz", 10, 28881);
  EXPECT_EQ(out.str(), "downloading a.gz (9.9 MB)\ndownloading b.gz (28.9 kB)\n");
}

TEST(DownloadBar, EndsALineThatIsNotFull) {
  std::ostringstream out;
  {
    DownloadBar bar(out, true);
    bar("a.gz", 1000, 4000);
    bar("b.gz", 2000, 4000);
  }
  EXPECT_EQ(out.str(),
            "\ra.gz [======                   ]  25 % of 4.0 kB\n"
            "\rb.gz [============             ]  50 % of 4.0 kB\n");
}

// A server may send more bytes than the published file has, or compress it less.
TEST(DownloadBar, NeverPassesItsEnd) {
  std::ostringstream out;
  DownloadBar bar(out, true);
  bar("a.gz", 8000, 4000);
  bar("a.gz", 9000, 4000);
  EXPECT_EQ(out.str(), "\ra.gz [=========================] 100 % of 4.0 kB\n");
}

}  // namespace download_bar_test
}  // namespace cornu::datasets
