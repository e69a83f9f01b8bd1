#pragma once

#include <string>
#include <string_view>

#include "cornu/core/value.h"
#include "cornu/report/pixels_internal.h"
#include "cornu/report/report_page.h"

namespace cornu::inline v0 {

// Each gives the data of a part of the page for its template, or null where it makes no sense.
Value results_section(const RunReport& report);
Value curves_section(const RunReport& report);
Value confusion_section(const ValidationResults& validation);
Value classes_section(const ValidationResults& validation);
Value mistakes_section(const RunReport& report);
Value numbers_section(const ValidationResults& validation);
Value calibration_section(const ValidationResults& validation);
Value weights_section(const RunReport& report);
Value::List run_facts(const RunReport& report);

/// The history as the page's script draws it.
Value chart_data(const History& history);

/// 0.97234 -> "97.23 %".
std::string percent_text(double fraction);
/// Four digits, or a whole number: "0.09723", "123,457", "1.5e9"; "–" for what is not a number.
std::string number_text(double value);
/// "42.1 ms", "1.01 s", "3,600 s".
std::string duration_text(double seconds);
/// "1 sample", "10,000 samples".
std::string counted(int64_t count, const std::string& noun);
/// A place in a drawing, in tenths of a pixel.
std::string place_text(double pixels);

std::string class_name(const ValidationResults& validation, int64_t number);

/// Whether a sample (height, width) or (height, width, 1 or 3) is a picture.
bool is_picture(const Shape& sample);
/// A picture as PNG in base64.
std::string png_base64(const Pixels& pixels);

}  // namespace cornu::inline v0
