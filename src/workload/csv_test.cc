#include "workload/csv.h"

#include <gtest/gtest.h>

namespace sm2::workload {
namespace {

using Strings = std::vector<std::string>;

Csv good(std::string_view text) {
  auto csv = Csv::parse(text, "a.csv");
  EXPECT_TRUE(csv) << csv.error().message;
  return csv ? *csv : Csv();
}

std::string wrong(std::string_view text) {
  const auto csv = Csv::parse(text, "a.csv");
  EXPECT_FALSE(csv);
  return csv ? "" : csv.error().message;
}

TEST(Csv, RowsFollowAHeader) {
  const Csv csv = good("x,y\n1,two\n,\n");
  EXPECT_EQ(csv.columns(), (Strings{"x", "y"}));
  ASSERT_EQ(csv.rows().size(), 2u);
  EXPECT_EQ(csv.rows()[0].fields, (Strings{"1", "two"}));
  EXPECT_EQ(csv.rows()[1].fields, (Strings{"", ""}));
}

TEST(Csv, OtherLineEndsBlankLinesAndAByteOrderMarkDoNotMatter) {
  const Csv csv = good("\xEF\xBB\xBFx, y\r\n\r\n1,2\r\n 3 ,4");
  EXPECT_EQ(csv.columns(), (Strings{"x", "y"}));
  ASSERT_EQ(csv.rows().size(), 2u);
  EXPECT_EQ(csv.rows()[0].fields, (Strings{"1", "2"}));
  EXPECT_EQ(csv.rows()[1].fields, (Strings{"3", "4"}));
  EXPECT_EQ(csv.rows()[1].line, 4u);
}

TEST(Csv, QuotedFieldsHoldCommasQuotesAndLines) {
  const Csv csv = good("x,y\n\"a, \"\"b\"\"\nc\" ,\"\"\n1,2\n");
  ASSERT_EQ(csv.rows().size(), 2u);
  EXPECT_EQ(csv.rows()[0].fields, (Strings{"a, \"b\"\nc", ""}));
  EXPECT_EQ(csv.rows()[1].line, 4u) << "a quoted line end counts";
}

TEST(Csv, ErrorsSayFileAndLine) {
  EXPECT_EQ(wrong("x,y\n1,2\n3\n"), "a.csv:3: 1 fields where the header has 2; give one for each column");
  EXPECT_EQ(wrong("x,x\n"), "a.csv:1: two columns are called 'x'; give each a name of its own");
  EXPECT_EQ(wrong("x\n\"a\nb\n"),
            "a.csv:2: a quoted field that begins here never ends; close it with a quote");
  EXPECT_TRUE(wrong("x\n\"a\" b\n").starts_with("a.csv:2: text follows a closing quote"));
  EXPECT_TRUE(wrong("x\na\"b\n").starts_with("a.csv:2: a quote inside an unquoted field"));
  EXPECT_TRUE(wrong("").starts_with("a.csv:1: the file is empty"));
  EXPECT_TRUE(wrong("\n\n").starts_with("a.csv:1: the file is empty"));
}

TEST(Csv, FilesThatCannotBeReadAreErrors) {
  EXPECT_EQ(Csv::read("/no/such.csv").error().message,
            "/no/such.csv: cannot be read: No such file or directory; give a CSV file");
  EXPECT_EQ(Csv::read("/").error().message, "/: is a folder; give a CSV file");
}

TEST(Csv, ColumnsAreFoundByName) {
  const Csv csv = good("x,y,z\n");
  EXPECT_EQ(csv.find({"z", "x"}).value(), (std::vector<std::size_t>{2, 0}));
  EXPECT_EQ(csv.find({"x", "w"}).error().message,
            "a.csv:1: no column is called 'w'; the columns are x, y, z");
}

std::string refused(const std::string& field, void (*ask)(Fields&)) {
  const Csv csv = good("x,y\n\"" + field + "\",\n");
  Fields fields(csv, csv.rows()[0]);
  ask(fields);
  return fields.error() ? fields.error()->message : "";
}

TEST(Fields, AreWhatTheyHaveToBe) {
  const auto number = [](Fields& fields) { fields.number(0); };
  const auto positive = [](Fields& fields) { fields.positive(0); };
  const auto whole = [](Fields& fields) { fields.whole(0); };
  const auto known = [](Fields& fields) { fields.known(0); };
  const auto text = [](Fields& fields) { fields.text(0); };
  for (const auto* fine : {"-1.5", "1e-3", "0"}) EXPECT_EQ(refused(fine, number), "");
  for (const auto* bad : {"nan", "inf", "1,5", "0x1", "abc", "1 W"})
    EXPECT_NE(refused(bad, number), "") << bad;
  for (const auto* bad : {"0", "-1", "nan", "inf"}) EXPECT_NE(refused(bad, positive), "") << bad;
  for (const auto* fine : {"3", "3.0", "1e3"}) EXPECT_EQ(refused(fine, whole), "");
  for (const auto* bad : {"0", "-3", "3.5", "1e300", "nan"}) EXPECT_NE(refused(bad, whole), "") << bad;
  for (const auto* fine : {"nan", "NaN", "3"}) EXPECT_EQ(refused(fine, known), "");
  EXPECT_NE(refused("never", known), "");
  EXPECT_EQ(refused("", text), "a.csv:2: x is empty; it must be a name");
  EXPECT_EQ(refused("-3", positive),
            "a.csv:2: x is '-3'; it must be a number above zero, and no larger than 1e15");
}

TEST(Fields, RememberTheFirstError) {
  const Csv csv = good("x,y\na,b\n");
  Fields fields(csv, csv.rows()[0]);
  EXPECT_FALSE(fields.error());
  fields.number(0);
  fields.number(1);
  fields.refuse("something else");
  EXPECT_EQ(fields.error()->message, "a.csv:2: x is 'a'; it must be a number, and no larger than 1e15");
}

}  // namespace
}  // namespace sm2::workload
