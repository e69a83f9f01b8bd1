#include "cornu/formats/decimal_column.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <string_view>

#include "cornu/formats/decimal_product.h"
#include "cornu/formats/eight_digits.h"
#include "cornu/formats/quick_decimal.h"

namespace cornu::inline v0::formats {
namespace {

// The cells of a column mostly have one form. A loop over them reads this form alone, without a
// branch on signs and lengths, and leaves the others.
enum class DecimalForm : uint8_t { integer, short_fraction, long_fraction, any };

constexpr uint64_t kPointDigit = '.' ^ '0';
constexpr uint64_t kHighestBits = kEachOfEight << 7;
constexpr std::array<double, 8> kExactTens = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7};

// The number with its sign; NaN, of which all bits are set, where there are faults. Bits are
// counted instead of truths, since these became branches.
double signed_number(double number, uint64_t is_negative, uint64_t faults) {
  const uint64_t none = 0 - uint64_t{faults != 0};
  return std::bit_cast<double>((std::bit_cast<uint64_t>(number) ^ is_negative << 63) | none);
}

// 0 for a count from 1 to 8.
uint64_t fault_of_count(size_t count) {
  return (count - 1) >> 3;
}

double exact(uint64_t digits) {
  return static_cast<double>(static_cast<int64_t>(digits));
}

// The highest bit of the first byte that is a point; 0 if there is none.
uint64_t first_point(uint64_t digits) {
  const uint64_t others = digits ^ (kEachOfEight * kPointDigit);
  const uint64_t points = (others - kEachOfEight) & ~others & kHighestBits;
  return points & (0 - points);
}

// All forms return whether it is a number of the form; `number` is NaN if not.

// At most eight digits after a sign or none.
struct Integer {
  [[gnu::always_inline]] static bool read(const char* at, size_t size, double& number) {
    const uint64_t is_negative = *at == '-' ? 1 : 0;
    const size_t count = size - is_negative;
    const uint64_t eight = last_of_eight(digits_at(at + is_negative), count & 15);
    const uint64_t faults = not_digits(eight) | fault_of_count(count);
    number = signed_number(exact(number_of_eight(eight)), is_negative, faults);
    return faults == 0;
  }
};

// At most eight characters after a sign or none: digits, and a point or none.
struct ShortFraction {
  [[gnu::always_inline]] static bool read(const char* at, size_t size, double& number) {
    const uint64_t is_negative = *at == '-' ? 1 : 0;
    const size_t count = size - is_negative;
    const uint64_t text = last_of_eight(digits_at(at + is_negative), count & 15);
    const uint64_t point = first_point(text);
    const uint64_t has_point = point != 0 ? 1 : 0;
    // What stands before the point moves to its place.
    const uint64_t before = text & ((point >> 7) - 1);
    const uint64_t behind = text & (0 - (point << 1));
    const uint64_t eight = before << 8 * has_point | behind;
    const uint64_t faults =
        not_digits(eight) | fault_of_count(count) | fault_of_count(count - has_point);
    // Of the bytes of this number, the point's place has the number of those behind it.
    const uint64_t places = (point >> 7) * 0x0706050403020100 >> 56;
    // Both are exact, so their quotient is the nearest float64.
    number = signed_number(exact(number_of_eight(eight)) / kExactTens[places], is_negative, faults);
    return faults == 0;
  }
};

// The digits behind a point in three words, by how many there are: a table, since comparisons would
// be branches.
struct ThreeWords {
  std::array<uint8_t, 3> counts;  // in each word
  uint64_t limit;                 // of what is before the second word, so that all fit in 64 bits
};

constexpr size_t kMostPlaces = 24;

constexpr std::array<ThreeWords, 32> three_words() {
  std::array<ThreeWords, 32> all{};
  for (size_t places = 0; places < all.size(); ++places) {
    size_t left = std::min(places, kMostPlaces);
    for (uint8_t& count : all[places].counts) {
      count = static_cast<uint8_t>(std::min<size_t>(left, 8));
      left -= count;
    }
    all[places].limit = 1;
    for (size_t i = std::max<size_t>(std::min(places, kMostPlaces), 8) - 8; i < 19; ++i) {
      all[places].limit *= 10;
    }
  }
  return all;
}
constexpr std::array<ThreeWords, 32> kThreeWords = three_words();

// At most seven digits before a point and 24 behind it.
struct LongFraction {
  [[gnu::always_inline]] static bool read(const char* at, size_t size, double& number) {
    const uint64_t is_negative = *at == '-' ? 1 : 0;
    at += is_negative;
    size -= is_negative;
    const uint64_t begin = digits_at(at);
    const uint64_t point = first_point(begin);
    const auto whole = static_cast<size_t>(std::countr_zero(point | uint64_t{1} << 63)) / 8;
    const size_t places = size - whole - 1;
    const ThreeWords& words = kThreeWords[places & 31];
    uint64_t eight = last_of_eight(begin, whole);
    uint64_t faults = not_digits(eight);
    uint64_t digits = number_of_eight(eight);
    at += whole + 1;
    for (const size_t i : {0, 1, 2}) {
      eight = last_of_eight(digits_at(at + 8 * i), words.counts[i]);
      faults |= not_digits(eight);
      digits = digits * kTens[words.counts[i]] + number_of_eight(eight);
      if (i == 0) faults |= digits < words.limit ? 0 : 1;
    }
    faults |= uint64_t{point == 0} | uint64_t{size < 2} | uint64_t{places > kMostPlaces};
    number = 0;
    if (faults == 0 && digits != 0 && !decimal_product(digits, -static_cast<int>(places), number)) {
      number = std::nan("");
      return false;
    }
    number = signed_number(number, is_negative, faults);
    return faults == 0;
  }
};

// Whatever quick_decimal() reads, one character after the other.
struct AnyDecimal {
  static bool read(const char* at, size_t size, double& number) {
    const bool is_number = quick_decimal(at, number) == at + size;
    if (!is_number) number = std::nan("");
    return is_number;
  }
};

// Returns how many are left.
template <class Form>
size_t read_all(const CsvRows& rows, size_t field, double* numbers) {
  size_t left = rows.size();
  const CsvPlace* place = rows.places.data() + field;
  for (double* const end = numbers + rows.size(); numbers < end; place += rows.fields) {
    left -= Form::read(rows.text + place->begin, place->size, *numbers++) ? 1 : 0;
  }
  return left;
}

size_t read_all(DecimalForm form, const CsvRows& rows, size_t field, double* numbers) {
  if (form == DecimalForm::integer) return read_all<Integer>(rows, field, numbers);
  if (form == DecimalForm::short_fraction) return read_all<ShortFraction>(rows, field, numbers);
  if (form == DecimalForm::long_fraction) return read_all<LongFraction>(rows, field, numbers);
  return read_all<AnyDecimal>(rows, field, numbers);
}

size_t empty_cells(const CsvRows& rows, size_t field) {
  size_t count = 0;
  for (size_t row = 0; row < rows.size(); ++row) count += rows.place(row, field).size == 0 ? 1 : 0;
  return count;
}

DecimalForm form_of(std::string_view text) {
  if (text.find_first_of("eE") != text.npos) return DecimalForm::any;
  if (text.find('.') == text.npos) return DecimalForm::integer;
  const size_t most = text.starts_with('-') ? 9 : 8;
  return text.size() <= most ? DecimalForm::short_fraction : DecimalForm::long_fraction;
}

}  // namespace

size_t read_decimals(const CsvRows& rows, size_t field, double* numbers) {
  if (rows.size() == 0) return 0;
  DecimalForm form = form_of(rows.field(0, field));
  size_t left = read_all(form, rows, field, numbers);
  if (left == 0) return 0;
  const size_t empty = empty_cells(rows, field);
  while (left > empty + rows.size() / 8 && form != DecimalForm::any) {
    form = static_cast<DecimalForm>(static_cast<uint8_t>(form) + 1);
    left = read_all(form, rows, field, numbers);
  }
  if (left == empty || form == DecimalForm::any) return left;
  for (size_t row = 0; row < rows.size(); ++row) {
    if (!std::isnan(numbers[row])) continue;
    const std::string_view text = rows.field(row, field);
    left -= AnyDecimal::read(text.data(), text.size(), numbers[row]) ? 1 : 0;
  }
  return left;
}

}  // namespace cornu::inline v0::formats
