// Which trials of a study to list, in which order, with which columns; in the words of the user, checked.
//
//   sort     "KEY,-KEY,...": by the first, of equal ones by the next; "-" turns the order. Trials of which the key is
//            unknown come last, either way.
//   filter   "KEY OP VALUE", OP one of = != < <= > >=; a trial of which the key is unknown passes none but "KEY!=VALUE".
//            "KEY=" are those of which it is unknown or empty, "KEY!=" the others. Of joules and seconds the value may have a
//            unit: "energy<1.5 kJ". Texts are compared as they are, and only by = and !=.
//   columns  "KEY,KEY,..."
//
// Keys are those of trial_field.h.
#pragma once

#include <string>
#include <vector>

#include "report/trial_field.h"

namespace sm2::report {

struct TrialQuery {
  struct Order {
    TrialField field;
    bool descending = false;
  };
  struct Filter {
    TrialField field;
    std::string relation;  // "=", "!=", "<", "<=", ">", ">="
    FieldValue value;      // unknown: of "KEY=" and "KEY!="
    std::string text;      // as written, for what is a text
  };
  std::vector<Order> order;
  std::vector<Filter> filters;      // all must hold
  std::vector<TrialField> columns;  // empty: those that each output has of itself
};

// Errors name the option.
base::Result<TrialQuery> parse_query(const Study& study, const std::string& sort,
                                     const std::vector<std::string>& filters, const std::string& columns);

std::vector<const journal::Trial*> select(const Study& study, const TrialQuery& query);

}  // namespace sm2::report
