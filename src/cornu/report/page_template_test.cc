#include "cornu/report/page_template.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cornu/core/error_of_test.h"
#include "cornu/formats/json.h"

namespace cornu::inline v0 {
namespace page_template_test {

using ::testing::HasSubstr;

std::string filled(const std::string& text, const Value& data) {
  return filled_template("page", data, [&](std::string_view name) -> std::string_view {
    return name == "page" ? std::string_view(text) : "[{{name}}]\n";
  });
}

TEST(PageTemplate, EscapesValuesUnlessTheyAreHtml) {
  const Value data = Value::Map{{"name", "<b>\"A\" & 'B'"}, {"count", 3}};
  EXPECT_EQ(filled("{{name}} {{{name}}} {{count}}", data),
            "&lt;b&gt;&quot;A&quot; &amp; &#39;B&#39; <b>\"A\" & 'B' 3");
}

TEST(PageTemplate, RepeatsSectionsAndLeavesOutEmptyOnes) {
  const Value data =
      Value::Map{{"rows", Value::List{Value::Map{{"name", "a"}}, Value::Map{{"name", "b"}}}},
                 {"none", Value::List{}},
                 {"empty", ""},
                 {"no", false},
                 {"words", Value::List{"x", "y"}},
                 {"one", Value::Map{{"name", "c"}}},
                 {"name", "outer"}};
  EXPECT_EQ(filled("{{#rows}}<{{name}}>{{/rows}}", data), "<a><b>");
  EXPECT_EQ(
      filled("{{#none}}x{{/none}}{{#empty}}x{{/empty}}{{#no}}x{{/no}}{{#other}}x{{/other}}", data),
      "");
  EXPECT_EQ(filled("{{^none}}a{{/none}}{{^rows}}b{{/rows}}", data), "a");
  EXPECT_EQ(filled("{{#words}}{{.}},{{/words}}", data), "x,y,");
  EXPECT_EQ(filled("{{#one}}{{name}}{{/one}} {{name}}", data), "c outer");
}

TEST(PageTemplate, SectionsOfOneNameMayLieInEachOther) {
  const Value inner = Value::Map{{"rows", Value::List{"1", "2"}}};
  EXPECT_EQ(filled("{{#rows}}({{#rows}}{{.}}{{/rows}}){{/rows}}",
                   Value::Map{{"rows", Value::List{inner, inner}}}),
            "(12)(12)");
}

TEST(PageTemplate, TakesOtherTemplatesAndTextsAsTheyAre) {
  const Value data = Value::Map{{"name", "n"}};
  EXPECT_EQ(filled("{{> other}} {{< other}}", data), "[n] [{{name}}]");
}

TEST(PageTemplate, NamesWhatIsWrong) {
  const auto error = [](const std::string& text) {
    return error_of([&] { filled(text, Value::Map{}); });
  };
  EXPECT_THAT(error("{{name}}"), HasSubstr("template page: there is no value \"name\""));
  EXPECT_THAT(error("{{#a}}"), HasSubstr("the section \"a\" has no end"));
  EXPECT_THAT(error("{{/a}}"), HasSubstr("the section \"a\" has no beginning"));
  EXPECT_THAT(error("{{a"), HasSubstr("a tag has no end"));
}

TEST(EscapedHtml, ReplacesWhatIsNoText) {
  EXPECT_EQ(escaped_html("Zürich\n"), "Zürich\n");
  EXPECT_EQ(escaped_html(std::string("a\x01\xff\0", 4)), "a\uFFFD\uFFFD\uFFFD");
}

TEST(ScriptJson, EndsNoElementAndReadsBackTheSame) {
  const Value value = Value::Map{{"</script><!--", "a & <b>"}};
  const std::string text = script_json(value);
  for (const char each : {'<', '>', '&'}) EXPECT_EQ(text.find(each), text.npos);
  EXPECT_EQ(formats::read_json(text, "text"), value);
}

}  // namespace page_template_test
}  // namespace cornu::inline v0
