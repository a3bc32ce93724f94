// Names beside points of a chart, placed one after the other where they cover neither an earlier name nor a
// point that was announced with keep_free(); one for which there is no room near its point is left out.
#pragma once

#include <string>
#include <vector>

namespace sm2::report::html {

struct Box {
  double left, top, right, bottom;
};

class Labels {
 public:
  explicit Labels(Box room) : room_(room) {}
  void keep_free(double x, double y);
  void place(double x, double y, const std::string& text, const std::string& look);  // text is escaped
  const std::string& svg() const { return svg_; }

 private:
  bool free(const Box& box) const;

  Box room_;
  std::vector<Box> taken_;
  std::string svg_;
};

}  // namespace sm2::report::html
