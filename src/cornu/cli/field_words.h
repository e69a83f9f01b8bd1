#pragma once

#include <string>
#include <string_view>

namespace cornu::inline v0::cli {

/// What users of other software look for under a word that Cornu has not: a sentence that leads to
/// the thing, or says that it is not there and what is. Empty where nothing is known of the word.
std::string verb_hint(std::string_view word);
std::string option_hint(std::string_view verb, std::string_view word);
std::string dataset_hint(std::string_view word);

}  // namespace cornu::inline v0::cli
