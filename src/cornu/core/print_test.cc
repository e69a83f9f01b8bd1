#include "cornu/core/print.h"

#include <gtest/gtest.h>

#include <limits>
#include <sstream>
#include <string>
#include <vector>

namespace cornu {
namespace print_test {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

// 0, step, 2 step, … starting again after 97 of them.
std::vector<double> ramp(int size, double step) {
  std::vector<double> values;
  for (int i = 0; i < size; ++i) values.push_back(i % 97 * step);
  return values;
}

template <class T>
void fill(Tensor& tensor, const std::vector<double>& values) {
  for (size_t i = 0; i < values.size(); ++i) tensor.span<T>()[i] = static_cast<T>(values[i]);
}

Tensor tensor_of(DType dtype, Shape shape, const std::vector<double>& values) {
  Tensor tensor(shape, dtype);
  EXPECT_EQ(tensor.size(), static_cast<int64_t>(values.size()));
  switch (dtype) {
    case DType::uint8:
      fill<uint8_t>(tensor, values);
      break;
    case DType::int32:
      fill<int32_t>(tensor, values);
      break;
    case DType::int64:
      fill<int64_t>(tensor, values);
      break;
    case DType::float32:
      fill<float>(tensor, values);
      break;
    case DType::float64:
      fill<double>(tensor, values);
      break;
  }
  return tensor;
}

struct Golden {
  const char* name;
  DType dtype;
  Shape shape;
  std::vector<double> values;
  const char* str;
  const char* repr;
};

// str(a) and repr(a) of NumPy 2.4.
// clang-format off
const std::vector<Golden>& goldens() {
  static const std::vector<Golden> table = {
    {"labels_of_the_tutorial", DType::uint8, Shape{25}, {0, 4, 1, 9, 2, 1, 3, 1, 4, 3, 5, 3, 6, 1, 7, 2, 8, 6, 9, 4, 0, 9, 1, 1, 2},
     R"([0 4 1 9 2 1 3 1 4 3 5 3 6 1 7 2 8 6 9 4 0 9 1 1 2])",
     R"(array([0, 4, 1, 9, 2, 1, 3, 1, 4, 3, 5, 3, 6, 1, 7, 2, 8, 6, 9, 4, 0, 9,
       1, 1, 2], dtype=uint8))"},
    {"probabilities_of_the_tutorial", DType::float32, Shape{1, 10}, {2.8813774e-09, 3.8345047e-10, 0.00011818415, 2.0551306e-06, 2.2122413e-11, 1.798634e-09, 1.0651025e-13, 0.9998796, 1.7287803e-08, 1.0190855e-07},
     R"([[2.8813774e-09 3.8345047e-10 1.1818415e-04 2.0551306e-06 2.2122413e-11
  1.7986340e-09 1.0651025e-13 9.9987960e-01 1.7287803e-08 1.0190855e-07]])",
     R"(array([[2.8813774e-09, 3.8345047e-10, 1.1818415e-04, 2.0551306e-06,
        2.2122413e-11, 1.7986340e-09, 1.0651025e-13, 9.9987960e-01,
        1.7287803e-08, 1.0190855e-07]], dtype=float32))"},
    {"rounded_probabilities", DType::float32, Shape{3, 10}, {0.0, 0.0, 0.0, 0.01, 0.0, 0.99, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.01, 0.0, 0.99, 0.0, 0.0, 0.0, 0.0, 0.0},
     R"([[0.   0.   0.   0.01 0.   0.99 0.   0.   0.   0.  ]
 [1.   0.   0.   0.   0.   0.   0.   0.   0.   0.  ]
 [0.   0.   0.01 0.   0.99 0.   0.   0.   0.   0.  ]])",
     R"(array([[0.  , 0.  , 0.  , 0.01, 0.  , 0.99, 0.  , 0.  , 0.  , 0.  ],
       [1.  , 0.  , 0.  , 0.  , 0.  , 0.  , 0.  , 0.  , 0.  , 0.  ],
       [0.  , 0.  , 0.01, 0.  , 0.99, 0.  , 0.  , 0.  , 0.  , 0.  ]],
      dtype=float32))"},
    {"largest_probabilities", DType::float32, Shape{10}, {0.99, 1.0, 0.99, 1.0, 0.99, 1.0, 1.0, 1.0, 1.0, 1.0},
     R"([0.99 1.   0.99 1.   0.99 1.   1.   1.   1.   1.  ])",
     R"(array([0.99, 1.  , 0.99, 1.  , 0.99, 1.  , 1.  , 1.  , 1.  , 1.  ],
      dtype=float32))"},
    {"classes", DType::int64, Shape{10}, {5, 0, 4, 1, 9, 2, 1, 3, 1, 4},
     R"([5 0 4 1 9 2 1 3 1 4])",
     R"(array([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]))"},
    {"one_hot", DType::float32, Shape{3, 3}, {1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0},
     R"([[1. 0. 0.]
 [0. 1. 0.]
 [0. 0. 1.]])",
     R"(array([[1., 0., 0.],
       [0., 1., 0.],
       [0., 0., 1.]], dtype=float32))"},
    {"signs", DType::float32, Shape{2, 2}, {-1.5, 0.25, -0.0, 100.0},
     R"([[ -1.5    0.25]
 [ -0.   100.  ]])",
     R"(array([[ -1.5 ,   0.25],
       [ -0.  , 100.  ]], dtype=float32))"},
    {"not_finite", DType::float32, Shape{4}, {1.5, kNan, kInf, -kInf},
     R"([ 1.5  nan  inf -inf])",
     R"(array([ 1.5,  nan,  inf, -inf], dtype=float32))"},
    {"only_nan", DType::float64, Shape{2}, {kNan, kNan},
     R"([nan nan])",
     R"(array([nan, nan]))"},
    {"exponents_of_three_digits", DType::float64, Shape{3}, {1e-300, 1.5, -2.25e+100},
     R"([ 1.00e-300  1.50e+000 -2.25e+100])",
     R"(array([ 1.00e-300,  1.50e+000, -2.25e+100]))"},
    {"whole_exponents", DType::float64, Shape{2}, {1e-05, 2e-05},
     R"([1.e-05 2.e-05])",
     R"(array([1.e-05, 2.e-05]))"},
    {"float32_just_positional", DType::float32, Shape{2}, {999999.0, 1000.0},
     R"([999999.   1000.])",
     R"(array([999999.,   1000.], dtype=float32))"},
    {"float32_large", DType::float32, Shape{2}, {1e+06, 1000.0},
     R"([1.e+06 1.e+03])",
     R"(array([1.e+06, 1.e+03], dtype=float32))"},
    {"float64_just_positional", DType::float64, Shape{2}, {12345678.9, 99999999.0},
     R"([12345678.9 99999999. ])",
     R"(array([12345678.9, 99999999. ]))"},
    {"spread_of_1000", DType::float64, Shape{2}, {0.001, 1.0},
     R"([0.001 1.   ])",
     R"(array([0.001, 1.   ]))"},
    {"spread_over_1000", DType::float64, Shape{2}, {0.0009, 1.0},
     R"([9.e-04 1.e+00])",
     R"(array([9.e-04, 1.e+00]))"},
    {"a_third", DType::float64, Shape{3}, {0.3333333333333333, 0.6666666666666666, 1.0},
     R"([0.33333333 0.66666667 1.        ])",
     R"(array([0.33333333, 0.66666667, 1.        ]))"},
    {"a_third_float32", DType::float32, Shape{3}, {0.33333334, 0.6666667, 1.0},
     R"([0.33333334 0.6666667  1.        ])",
     R"(array([0.33333334, 0.6666667 , 1.        ], dtype=float32))"},
    {"ties_at_the_eighth_digit", DType::float64, Shape{2}, {0.5036379788070917, 0.005859375},
     R"([0.50363798 0.00585938])",
     R"(array([0.50363798, 0.00585938]))"},
    {"integers", DType::int32, Shape{2, 2}, {-1, 20, 300, -4000},
     R"([[   -1    20]
 [  300 -4000]])",
     R"(array([[   -1,    20],
       [  300, -4000]], dtype=int32))"},
    {"integer_ends", DType::int64, Shape{2}, {-9007199254740992, 9007199254740992},
     R"([-9007199254740992  9007199254740992])",
     R"(array([-9007199254740992,  9007199254740992]))"},
    {"scalar_float32", DType::float32, Shape{}, {1.5},
     R"(1.5)",
     R"(array(1.5, dtype=float32))"},
    {"scalar_small", DType::float32, Shape{}, {1e-04},
     R"(1e-04)",
     R"(array(0.0001, dtype=float32))"},
    {"scalar_large", DType::float64, Shape{}, {1e+16},
     R"(1e+16)",
     R"(array(1.e+16))"},
    {"scalar_int", DType::int64, Shape{}, {7},
     R"(7)",
     R"(array(7))"},
    {"empty", DType::float32, Shape{0}, {},
     R"([])",
     R"(array([], dtype=float32))"},
    {"empty_rows", DType::uint8, Shape{0, 3}, {},
     R"([])",
     R"(array([], shape=(0, 3), dtype=uint8))"},
    {"three_axes", DType::float32, Shape{2, 3, 2}, {0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0, 2.25, 2.5, 2.75},
     R"([[[0.   0.25]
  [0.5  0.75]
  [1.   1.25]]

 [[1.5  1.75]
  [2.   2.25]
  [2.5  2.75]]])",
     R"(array([[[0.  , 0.25],
        [0.5 , 0.75],
        [1.  , 1.25]],

       [[1.5 , 1.75],
        [2.  , 2.25],
        [2.5 , 2.75]]], dtype=float32))"},
    {"wrapped_lines", DType::float64, Shape{30}, {-1.0, -0.875, -0.75, -0.625, -0.5, -0.375, -0.25, -0.125, 0.0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1.0, 1.125, 1.25, 1.375, 1.5, 1.625, 1.75, 1.875, 2.0, 2.125, 2.25, 2.375, 2.5, 2.625},
     R"([-1.    -0.875 -0.75  -0.625 -0.5   -0.375 -0.25  -0.125  0.     0.125
  0.25   0.375  0.5    0.625  0.75   0.875  1.     1.125  1.25   1.375
  1.5    1.625  1.75   1.875  2.     2.125  2.25   2.375  2.5    2.625])",
     R"(array([-1.   , -0.875, -0.75 , -0.625, -0.5  , -0.375, -0.25 , -0.125,
        0.   ,  0.125,  0.25 ,  0.375,  0.5  ,  0.625,  0.75 ,  0.875,
        1.   ,  1.125,  1.25 ,  1.375,  1.5  ,  1.625,  1.75 ,  1.875,
        2.   ,  2.125,  2.25 ,  2.375,  2.5  ,  2.625]))"},
    {"summarised", DType::int64, Shape{1001}, ramp(1001, 1),
     R"([ 0  1  2 ... 28 29 30])",
     R"(array([ 0,  1,  2, ..., 28, 29, 30], shape=(1001,)))"},
    {"summarised_rows", DType::uint8, Shape{60, 28, 28}, ramp(47040, 1),
     R"([[[ 0  1  2 ... 25 26 27]
  [28 29 30 ... 53 54 55]
  [56 57 58 ... 81 82 83]
  ...
  [21 22 23 ... 46 47 48]
  [49 50 51 ... 74 75 76]
  [77 78 79 ...  5  6  7]]

 [[ 8  9 10 ... 33 34 35]
  [36 37 38 ... 61 62 63]
  [64 65 66 ... 89 90 91]
  ...
  [29 30 31 ... 54 55 56]
  [57 58 59 ... 82 83 84]
  [85 86 87 ... 13 14 15]]

 [[16 17 18 ... 41 42 43]
  [44 45 46 ... 69 70 71]
  [72 73 74 ...  0  1  2]
  ...
  [37 38 39 ... 62 63 64]
  [65 66 67 ... 90 91 92]
  [93 94 95 ... 21 22 23]]

 ...

 [[68 69 70 ... 93 94 95]
  [96  0  1 ... 24 25 26]
  [27 28 29 ... 52 53 54]
  ...
  [89 90 91 ... 17 18 19]
  [20 21 22 ... 45 46 47]
  [48 49 50 ... 73 74 75]]

 [[76 77 78 ...  4  5  6]
  [ 7  8  9 ... 32 33 34]
  [35 36 37 ... 60 61 62]
  ...
  [ 0  1  2 ... 25 26 27]
  [28 29 30 ... 53 54 55]
  [56 57 58 ... 81 82 83]]

 [[84 85 86 ... 12 13 14]
  [15 16 17 ... 40 41 42]
  [43 44 45 ... 68 69 70]
  ...
  [ 8  9 10 ... 33 34 35]
  [36 37 38 ... 61 62 63]
  [64 65 66 ... 89 90 91]]])",
     R"(array([[[ 0,  1,  2, ..., 25, 26, 27],
        [28, 29, 30, ..., 53, 54, 55],
        [56, 57, 58, ..., 81, 82, 83],
        ...,
        [21, 22, 23, ..., 46, 47, 48],
        [49, 50, 51, ..., 74, 75, 76],
        [77, 78, 79, ...,  5,  6,  7]],

       [[ 8,  9, 10, ..., 33, 34, 35],
        [36, 37, 38, ..., 61, 62, 63],
        [64, 65, 66, ..., 89, 90, 91],
        ...,
        [29, 30, 31, ..., 54, 55, 56],
        [57, 58, 59, ..., 82, 83, 84],
        [85, 86, 87, ..., 13, 14, 15]],

       [[16, 17, 18, ..., 41, 42, 43],
        [44, 45, 46, ..., 69, 70, 71],
        [72, 73, 74, ...,  0,  1,  2],
        ...,
        [37, 38, 39, ..., 62, 63, 64],
        [65, 66, 67, ..., 90, 91, 92],
        [93, 94, 95, ..., 21, 22, 23]],

       ...,

       [[68, 69, 70, ..., 93, 94, 95],
        [96,  0,  1, ..., 24, 25, 26],
        [27, 28, 29, ..., 52, 53, 54],
        ...,
        [89, 90, 91, ..., 17, 18, 19],
        [20, 21, 22, ..., 45, 46, 47],
        [48, 49, 50, ..., 73, 74, 75]],

       [[76, 77, 78, ...,  4,  5,  6],
        [ 7,  8,  9, ..., 32, 33, 34],
        [35, 36, 37, ..., 60, 61, 62],
        ...,
        [ 0,  1,  2, ..., 25, 26, 27],
        [28, 29, 30, ..., 53, 54, 55],
        [56, 57, 58, ..., 81, 82, 83]],

       [[84, 85, 86, ..., 12, 13, 14],
        [15, 16, 17, ..., 40, 41, 42],
        [43, 44, 45, ..., 68, 69, 70],
        ...,
        [ 8,  9, 10, ..., 33, 34, 35],
        [36, 37, 38, ..., 61, 62, 63],
        [64, 65, 66, ..., 89, 90, 91]]], shape=(60, 28, 28), dtype=uint8))"},
    {"summarised_floats", DType::float32, Shape{40, 30}, ramp(1200, 0.125),
     R"([[ 0.     0.125  0.25  ...  3.375  3.5    3.625]
 [ 3.75   3.875  4.    ...  7.125  7.25   7.375]
 [ 7.5    7.625  7.75  ... 10.875 11.    11.125]
 ...
 [ 5.375  5.5    5.625 ...  8.75   8.875  9.   ]
 [ 9.125  9.25   9.375 ...  0.375  0.5    0.625]
 [ 0.75   0.875  1.    ...  4.125  4.25   4.375]])",
     R"(array([[ 0.   ,  0.125,  0.25 , ...,  3.375,  3.5  ,  3.625],
       [ 3.75 ,  3.875,  4.   , ...,  7.125,  7.25 ,  7.375],
       [ 7.5  ,  7.625,  7.75 , ..., 10.875, 11.   , 11.125],
       ...,
       [ 5.375,  5.5  ,  5.625, ...,  8.75 ,  8.875,  9.   ],
       [ 9.125,  9.25 ,  9.375, ...,  0.375,  0.5  ,  0.625],
       [ 0.75 ,  0.875,  1.   , ...,  4.125,  4.25 ,  4.375]],
      shape=(40, 30), dtype=float32))"},
    {"just_not_summarised", DType::uint8, Shape{2, 30}, ramp(60, 1),
     R"([[ 0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15 16 17 18 19 20 21 22 23
  24 25 26 27 28 29]
 [30 31 32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53
  54 55 56 57 58 59]])",
     R"(array([[ 0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14, 15,
        16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29],
       [30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45,
        46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59]],
      dtype=uint8))"},
  };
  return table;
}
// clang-format on

TEST(Print, ReadsAsNumPy) {
  for (const Golden& golden : goldens()) {
    const Tensor tensor = tensor_of(golden.dtype, golden.shape, golden.values);
    EXPECT_EQ(to_string(tensor), golden.str) << golden.name;
    EXPECT_EQ(repr(tensor), golden.repr) << golden.name;
  }
}

TEST(Print, KeepsEveryDigitOfLargeIntegers) {
  const std::vector<int64_t> ends = {std::numeric_limits<int64_t>::min(),
                                     std::numeric_limits<int64_t>::max()};
  EXPECT_EQ(repr(std::span<const int64_t>(ends)),
            "array([-9223372036854775808,  9223372036854775807])");
}

TEST(Print, WritesTensorsAndViewsToStreams) {
  const Tensor tensor = tensor_of(DType::float32, {2}, {0.5, 1});
  std::ostringstream out;
  out << tensor << ' ' << tensor.view();
  EXPECT_EQ(out.str(), "[0.5 1. ] [0.5 1. ]");
}

TEST(Print, ObeysItsOptions) {
  const Tensor tensor = tensor_of(DType::float64, {8}, ramp(8, 1 / 3.0));
  EXPECT_EQ(to_string(tensor, {.precision = 2}), "[0.   0.33 0.67 1.   1.33 1.67 2.   2.33]");
  EXPECT_EQ(to_string(tensor, {.precision = 0}), "[0. 0. 1. 1. 1. 2. 2. 2.]");
  EXPECT_EQ(to_string(tensor, {.precision = 1, .threshold = 7, .edgeitems = 1}), "[0.  ... 2.3]");
  EXPECT_EQ(to_string(tensor, {.precision = 1, .linewidth = 17}),
            "[0.  0.3 0.7 1.\n 1.3 1.7 2.  2.3]");
}

}  // namespace print_test
}  // namespace cornu
