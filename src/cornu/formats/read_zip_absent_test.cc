#include <gtest/gtest.h>

#include "cornu/formats/damage_test.h"
#include "cornu/formats/zip.h"

namespace cornu::inline v0::formats {
namespace read_zip_absent_test {

TEST(ZipAbsent, ReadingSaysWhatIsMissing) {
  const Block file = write_zip({});
  EXPECT_EQ(error_of([&] { read_zip(file.span(), "m.keras"); }),
            "m.keras: zip archives, such as .keras and .npz, cannot be read: this build was made "
            "without libzip. Hint: install libzip and build Cornu again");
}

}  // namespace read_zip_absent_test
}  // namespace cornu::inline v0::formats
