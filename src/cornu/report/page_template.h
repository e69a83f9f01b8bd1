#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "cornu/core/export.h"
#include "cornu/core/value.h"

namespace cornu::inline v0 {

/// The text of a template by its name.
using PageTemplates = std::function<std::string_view(std::string_view name)>;

/// Fills the template `name` with data, in Mustache's words: {{name}} is a value as text, escaped
/// for HTML; {{{name}}} a value that is HTML itself; {{#name}} … {{/name}} is repeated for each
/// item of a list, or written once if the value is there, not false and not empty, and inside a map
/// its keys are known; {{^name}} … {{/name}} is written if it is not; {{.}} is the item itself;
/// {{> name}} is another template, with the same data, and {{< name}} a text as it is. Error for a
/// value that is not there.
CORNU_API std::string filled_template(std::string_view name, const Value& data,
                                      const PageTemplates& templates);

/// Text as content of an element or as an attribute in quotes. What is not UTF-8 becomes U+FFFD.
CORNU_API std::string escaped_html(std::string_view text);

/// JSON that may stand in a <script>: no text in it ends the element.
CORNU_API std::string script_json(const Value& value);

}  // namespace cornu::inline v0
