#include "meter/combined.h"

#include <utility>

namespace sm2::meter {
namespace {

class CombinedWindow final : public Window {
 public:
  explicit CombinedWindow(std::vector<std::unique_ptr<Window>> windows) : windows_(std::move(windows)) {}

  trial::Energy read() override {
    trial::Energy energy;
    for (const auto& window : windows_) {
      for (trial::Reading& reading : window->read()) energy.push_back(std::move(reading));
    }
    return energy;
  }

 private:
  std::vector<std::unique_ptr<Window>> windows_;
};

}  // namespace

std::unique_ptr<Window> Combined::open(Load load) {
  std::vector<std::unique_ptr<Window>> windows;
  for (const auto& meter : meters_) windows.push_back(meter->open(load));
  return std::make_unique<CombinedWindow>(std::move(windows));
}

std::vector<Source> Combined::sources() const {
  std::vector<Source> sources;
  for (const auto& meter : meters_) {
    for (Source& source : meter->sources()) sources.push_back(std::move(source));
  }
  return sources;
}

}  // namespace sm2::meter
