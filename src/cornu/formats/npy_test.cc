#include "cornu/formats/npy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "cornu/formats/damage_test.h"

namespace cornu::inline v0::formats {
namespace npy_test {

using testing::HasSubstr;
using namespace std::string_literals;

std::string file_of(const std::string& header, const std::string& data = "",
                    const std::string& version = "\1\0"s) {
  std::string length = {static_cast<char>(header.size() & 0xFF),
                        static_cast<char>(header.size() >> 8)};
  if (version[0] != 1) length += "\0\0"s;
  return "\x93NUMPY" + version + length + header + data;
}

std::string header_of(const std::string& descr, const std::string& shape,
                      const std::string& fortran = "False") {
  return "{'descr': '" + descr + "', 'fortran_order': " + fortran + ", 'shape': " + shape + ", }\n";
}

Tensor read(const std::string& file) {
  return read_npy(bytes_of(file), "x.npy");
}

std::string refused(const std::string& file) {
  return error_of([&] { read(file); });
}

std::vector<double> elements(const Tensor& tensor) {
  std::vector<double> values;
  for (int64_t i = 0; i < tensor.size(); ++i) values.push_back(tensor.at(i));
  return values;
}

TEST(Npy, WritesWhatNumPyWrites) {
  const std::string header =
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }" + std::string(58, ' ') + "\n";
  const Tensor tensor = Tensor::of<float>({2, 1}, {1.5F, -2.0F});
  EXPECT_EQ(text_of(write_npy(tensor).span()),
            file_of(header, "\x00\x00\xC0\x3F\x00\x00\x00\xC0"s));
}

TEST(Npy, TheElementsItWritesBeginAtAMultipleOf64) {
  for (int ndim = 0; ndim <= kMaxNdim; ++ndim) {
    for (int64_t extent : {1, 10, 1000}) {
      const Shape shape(std::vector<int64_t>(static_cast<size_t>(ndim), ndim < 3 ? extent : 1));
      const Tensor tensor(shape, DType::uint8);
      const Block file = write_npy(tensor);
      EXPECT_EQ((file.size() - tensor.nbytes()) % 64, 0U);
      const Tensor again = read_npy(file.span(), "x");
      EXPECT_EQ(again.shape(), shape);
      EXPECT_EQ(elements(again), elements(tensor));
    }
  }
}

// Its marks would take more memory than reading may.
TEST(Npy, RefusesToReorderTooMany) {
  const std::string begin = file_of(header_of("|u1", "(134217729,)", "True"), "");
  Block file(begin.size() + 134217729);
  std::copy(begin.begin(), begin.end(), reinterpret_cast<char*>(file.data()));
  EXPECT_THAT(error_of([&] { read_npy(std::move(file), "x.npy"); }),
              HasSubstr("x.npy: expected at most 134,217,728 elements in Fortran's order that are "
                        "compressed, got 134217729. Hint: numpy.ascontiguousarray"));
}

TEST(Npy, TakesOverABlock) {
  Block file = write_npy(Tensor::of<int32_t>({3}, {1, -2, 3}));
  const std::byte* begin = file.data();
  const Tensor tensor = read_npy(std::move(file), "x");
  EXPECT_EQ(tensor.data(), begin + 128);
  EXPECT_EQ(elements(tensor), (std::vector<double>{1, -2, 3}));
}

TEST(Npy, ReadsEveryVersion) {
  for (const std::string& version : {"\1\0"s, "\2\0"s, "\3\0"s}) {
    EXPECT_EQ(elements(read(file_of(header_of("|u1", "(2,)"), "\x05\xFF", version))),
              (std::vector<double>{5, 255}));
  }
  EXPECT_EQ(refused(file_of(header_of("|u1", "(2,)"), "ab", "\4\0"s)),
            "x.npy: version of NPY; expected 1.0, 2.0 or 3.0, got 4.0.");
  EXPECT_THAT(refused(file_of(header_of("|u1", "(2,)"), "ab", "\1\1"s)), HasSubstr("got 1.1"));
}

TEST(Npy, ReadsEitherByteOrder) {
  const Tensor four = read(file_of(header_of(">f4", "(1, 2)"), "\x3F\xC0\0\0\xC0\0\0\0"s));
  EXPECT_EQ(four.dtype(), DType::float32);
  EXPECT_EQ(elements(four), (std::vector<double>{1.5, -2}));
  const Tensor eight = read(file_of(header_of(">i8", "()"), "\0\0\0\0\0\0\1\2"s));
  EXPECT_EQ(elements(eight), (std::vector<double>{258}));
  EXPECT_EQ(elements(read(file_of(header_of("=i4", "(1,)"), "\2\1\0\0"s))),
            (std::vector<double>{258}));
}

TEST(Npy, ReordersMemoryOfItsOwnInPlace) {
  const std::pair<const char*, int64_t> shapes[] = {
      {"(2, 3)", 6}, {"(1, 5)", 5}, {"(7,)", 7},         {"(4, 3, 5)", 60},
      {"()", 1},     {"(0, 3)", 0}, {"(2, 3, 2, 4)", 48}};
  const std::pair<const char*, int64_t> types[] = {{"|u1", 1}, {"<f4", 4}, {"<i8", 8}};
  for (const auto& [shape, size] : shapes) {
    for (const auto& [type, itemsize] : types) {
      std::string data(static_cast<size_t>(size * itemsize), '\0');
      for (size_t i = 0; i < data.size(); ++i) data[i] = static_cast<char>(i * 7 % 251);
      const auto bytes = bytes_of(file_of(header_of(type, shape, "True"), data));
      Block own(bytes.size());
      std::ranges::copy(bytes, own.data());
      const Tensor expected = read_npy(bytes, "x.npy");
      const Tensor found = read_npy(std::move(own), "x.npy");
      EXPECT_EQ(found.shape(), expected.shape()) << shape;
      const std::span a(found.data(), found.nbytes()), b(expected.data(), expected.nbytes());
      EXPECT_TRUE(std::ranges::equal(a, b)) << shape << type;
    }
  }
}

TEST(Npy, ReadsFortranOrderAsRows) {
  std::string data(24, '\0');
  std::iota(data.begin(), data.end(), '\0');
  const Tensor tensor = read(file_of(header_of("|u1", "(2, 3, 4)", "True"), data));
  for (int64_t i = 0; i < 2; ++i) {
    for (int64_t j = 0; j < 3; ++j) {
      for (int64_t k = 0; k < 4; ++k) {
        EXPECT_EQ(tensor(i, j, k), static_cast<double>(i + 2 * j + 6 * k));
      }
    }
  }
  EXPECT_EQ(read(file_of(header_of("|u1", "(0, 3)", "True"))).shape(), (Shape{0, 3}));
  EXPECT_EQ(elements(read(
                file_of(header_of(">i4", "(2, 2)", "True"), "\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4"s))),
            (std::vector<double>{1, 3, 2, 4}));
}

TEST(Npy, ReadsAnyFormOfTheHeader) {
  for (const char* header :
       {"{\"shape\":(2,),\"descr\":\"|u1\",\"fortran_order\":False}",
        "  { 'shape' : ( 2 , ) , 'fortran_order' : False , 'descr' : 'u1' , }  \n",
        "{'descr': '|b1', 'fortran_order': False, 'shape': (2L,), }\n"}) {
    const Tensor tensor = read(file_of(header, "\1\0"s));
    EXPECT_EQ(tensor.dtype(), DType::uint8) << header;
    EXPECT_EQ(elements(tensor), (std::vector<double>{1, 0})) << header;
  }
}

TEST(Npy, RefusesAHeaderThatIsNone) {
  EXPECT_EQ(refused("NUMPY"), "x.npy: not an NPY file; expected 0x93 and \"NUMPY\" at its start.");
  EXPECT_EQ(refused("\x93NUMPY\1\0\1"s), "x.npy: the header is cut off.");
  EXPECT_EQ(refused("\x93NUMPY\1\0\5\0{}"s),
            "x.npy: the header is cut off; expected 5 bytes from byte 10 on, got 2.");
  EXPECT_EQ(refused("\x93NUMPY\2\0\xFF\xFF\xFF\xFF{}"s),
            "x.npy: its header is too long; expected at most 65536 bytes, got 4294967295.");
  const auto header = [](const std::string& text) { return refused(file_of(text)); };
  EXPECT_EQ(header("  "), "x.npy: header: expected a '{', got its end.");
  EXPECT_EQ(header("{}"), "x.npy: header: descr is missing.");
  EXPECT_EQ(header("{'descr': '|u1'}"), "x.npy: header: fortran_order is missing.");
  EXPECT_EQ(header("{'descr': '|u1', 'fortran_order': True}"), "x.npy: header: shape is missing.");
  EXPECT_EQ(header("{'descr': '|u1', 'descr': '|u1'}"), "x.npy: header: descr is given twice.");
  EXPECT_EQ(header("{'x': 1}"),
            "x.npy: header: unknown key \"x\"; expected descr, fortran_order and shape.");
  EXPECT_EQ(header("{'fortran_order': 1}"), "x.npy: header: expected True or False, got \"1}\".");
  EXPECT_EQ(header("{'descr"), "x.npy: header: expected text in quotes, got \"'descr\".");
  EXPECT_EQ(header(header_of("|u1", "(0,)") + "x"),
            "x.npy: header: expected nothing after the '}', got \"x\".");
  EXPECT_THAT(header("{'descr': __import__('os')}"), HasSubstr("expected text in quotes"));
}

TEST(Npy, RefusesShapesThatCannotBe) {
  const auto shape = [](const std::string& text, const std::string& data = "") {
    return refused(file_of(header_of("<f4", text), data));
  };
  EXPECT_EQ(shape("(4611686018427387904, 4)"),
            "x.npy: the product of its shape overflows, got (4611686018427387904, 4).");
  EXPECT_THAT(shape("(4194305, 4194305, 211106198978564)", std::string(16, 'x')),
              HasSubstr("overflows"));
  EXPECT_THAT(shape("(0, 9223372036854775807, 9223372036854775807)"), HasSubstr("overflows"));
  EXPECT_THAT(shape("(-1,)"),
              HasSubstr("its shape; expected whole numbers of 0 or more, below 2^63, got \"-1\"."));
  EXPECT_THAT(shape("(9223372036854775808,)"), HasSubstr("below 2^63"));
  EXPECT_THAT(shape("(1.0,)"), HasSubstr("expected a ')', got \".0,), }"));
  EXPECT_THAT(shape("(1)"), HasSubstr("a ',' behind the one number of a shape"));
  EXPECT_THAT(shape("(1,1,1,1,1,1,1,1,1)"), HasSubstr("at most 8 axes"));
  EXPECT_THAT(shape("[1]"), HasSubstr("expected a '('"));
  EXPECT_EQ(shape("(2,)", "1234567"),
            "x.npy: its size does not match its shape (2,); expected 8 bytes after the header, got "
            "7. Hint: the file may be cut off: fetch it again");
  EXPECT_THAT(shape("(2,)", "123456789"), HasSubstr("expected 8 bytes after the header, got 9."));
}

TEST(Npy, RefusesOtherDTypesByName) {
  const auto dtype = [](const std::string& descr) {
    return refused(file_of(header_of(descr, "(0,)")));
  };
  EXPECT_EQ(dtype("|O"),
            "x.npy: object arrays can run code; expected an array of numbers, got "
            "\"|O\". Hint: in Python, save x.astype(\"float32\"), or numbers that stand for what "
            "the objects are");
  EXPECT_EQ(dtype("<f2"),
            "x.npy: this dtype cannot be read; expected one of uint8, int32, int64, float32, "
            "float64, bool, got \"<f2\" (float16). Hint: in Python, save x.astype(\"float32\")");
  EXPECT_THAT(dtype("<u8"), HasSubstr("(uint64). Hint: in Python, save x.astype(\"int64\")"));
  EXPECT_THAT(dtype("<c16"), HasSubstr("got \"<c16\" (complex numbers)"));
  EXPECT_THAT(dtype("<U3"), HasSubstr("(text). Hint: in Python, numpy.unique"));
  EXPECT_THAT(dtype("<M8[ns]"), HasSubstr("(dates)"));
  EXPECT_EQ(dtype("|f4"), "x.npy: header: unknown dtype; expected as '<f4', got \"|f4\".");
  EXPECT_THAT(dtype(""), HasSubstr("unknown dtype"));
  EXPECT_THAT(dtype("\x1b[2J"), HasSubstr("got \"\\x1b[2J\""));
  EXPECT_THAT(refused(file_of("{'descr': [('a', '<f4')], 'fortran_order': False}")),
              HasSubstr("got records of several fields"));
}

TEST(Npy, SurvivesEveryDamage) {
  const Block whole = write_npy(Tensor::of<float>({2, 3}, {1, 2, 3, 4, 5, 6}));
  const std::vector<std::byte> file(whole.span().begin(), whole.span().end());
  const auto visit = [](std::span<const std::byte> bytes) { read_npy(bytes, "x"); };
  EXPECT_EQ(each_beginning(file, visit), file.size());
  // The elements may be anything, and a space another one.
  EXPECT_GT(each_flip(file, visit), (file.size() - 24) * 8 * 3 / 4);
}

}  // namespace npy_test
}  // namespace cornu::inline v0::formats
