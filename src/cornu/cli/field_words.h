#pragma once

#include <string>
#include <string_view>

namespace cornu::inline v0::cli {

/// The hint for a word of other software that Cornu does not use: a sentence that names Cornu's
/// word, or says that the feature is missing and names an alternative. Empty for an unknown word.
std::string verb_hint(std::string_view word);
std::string option_hint(std::string_view verb, std::string_view word);
std::string dataset_hint(std::string_view word);

}  // namespace cornu::inline v0::cli
