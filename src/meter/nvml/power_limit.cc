#include "meter/nvml/power_limit.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "base/units.h"

namespace sm2::meter::nvml {
namespace {

namespace fs = std::filesystem;

using base::Watts;

constexpr double kMilli = 1e-3;

std::string words(unsigned milliwatts) { return base::format(Watts(kMilli * milliwatts)); }

Answer<unsigned> limit_now(Device& device) {
  return device.ask([](Library& library, Handle handle) { return library.power_limit_mw(handle); });
}

Answer<> set_limit(Device& device, unsigned milliwatts) {
  return device.ask(
      [=](Library& library, Handle handle) { return library.set_power_limit_mw(handle, milliwatts); });
}

base::Result<std::unique_ptr<Device>> find(std::shared_ptr<Library> library, const std::string& uuid) {
  const auto handle = library->by_uuid(uuid);
  if (!handle)
    return base::fail("GPU {}: {}; remedy: {}", uuid, reason(handle.error()), remedy(handle.error()));
  return std::make_unique<Device>(std::move(library), *handle, uuid);
}

base::Error refused(const std::string& uuid, unsigned milliwatts, Code code) {
  const std::string what =
      code == Code::kNoPermission
          ? fmt::format("run as root, or: sudo nvidia-smi -i {} -pl {:g}", uuid, kMilli * milliwatts)
          : remedy(code);
  return {fmt::format("GPU {}: its power limit cannot be set to {}: {}; remedy: {}", uuid, words(milliwatts),
                      reason(code), what)};
}

base::Result<> check_range(Device& device, unsigned milliwatts) {
  const auto range =
      device.ask([](Library& library, Handle handle) { return library.power_limit_range(handle); });
  if (!range) return tl::unexpected(refused(device.uuid(), milliwatts, range.error()));
  if (milliwatts >= range->min_mw && milliwatts <= range->max_mw) return {};
  return base::fail("GPU {}: a power limit of {} is not possible; it must be between {} and {}",
                    device.uuid(), words(milliwatts), words(range->min_mw), words(range->max_mw));
}

base::Result<unsigned> milliwatts(const std::string& uuid, Watts limit) {
  if (std::isfinite(limit.value) && limit > Watts(0) && limit < Watts(1e6))
    return static_cast<unsigned>(std::lround(limit.value / kMilli));
  return base::fail("GPU {}: {:g} W is no power limit", uuid, limit.value);
}

struct Undone {
  std::string line;            // what was done, for people; empty where there was nothing to do
  bool changed_since = false;  // by somebody else, and left so
};

base::Result<Undone> to_default(Device& device, const std::string& why) {
  const auto normal =
      device.ask([](Library& library, Handle handle) { return library.default_power_limit_mw(handle); });
  if (!normal)
    return base::fail("GPU {}: {}, and its default limit: {}", device.uuid(), why, reason(normal.error()));
  if (const auto done = set_limit(device, *normal); !done)
    return tl::unexpected(refused(device.uuid(), *normal, done.error()));
  return Undone{
      fmt::format("GPU {}: {}; its power limit is its default now, {}", device.uuid(), why, words(*normal))};
}

base::Result<Undone> undo(Device& device, const LimitState& state) {
  const Undone again{
      fmt::format("GPU {}: its power limit is {} again", state.uuid, words(state.previous_mw))};
  const auto now = limit_now(device);
  if (!now) return base::fail("GPU {}: its power limit cannot be read: {}", state.uuid, reason(now.error()));
  if (*now == state.previous_mw) return again;
  if (*now != state.set_mw) {
    return Undone{
        fmt::format("GPU {}: its power limit is {}, not the {} that was set: somebody has changed it since, "
                    "and it is left so",
                    state.uuid, words(*now), words(state.set_mw)),
        true};
  }
  const auto done = set_limit(device, state.previous_mw);
  if (done) return again;
  if (done.error() == Code::kInvalidArgument)
    return to_default(device,
                      fmt::format("the earlier power limit of {} is refused", words(state.previous_mw)));
  return tl::unexpected(refused(state.uuid, state.previous_mw, done.error()));
}

base::Result<Undone> undo(Device& device, const LimitFile& file) {
  const auto state = file.read();
  if (!state) return to_default(device, state.error().message);
  if (!*state) return Undone{};
  return undo(device, **state);
}

// The line to show; empty where the owner lives, or where there is nothing to say.
std::string undo_one(const std::shared_ptr<Library>& library, const fs::path& path) {
  auto file = LimitFile::open(path, LimitFile::Missing::kFail);
  if (!file) return file.error().message;
  if (!*file) return {};
  const auto device = find(library, path.stem());
  if (!device) return device.error().message;
  const auto done = undo(**device, **file);
  if (!done) return done.error().message + "; the next start tries again";
  (*file)->remove();
  return done->line;
}

base::Error busy(const std::string& uuid) {
  return {fmt::format("GPU {}: another sm2 holds its power limit; wait for it, or end it first", uuid)};
}

}  // namespace

fs::path default_state_folder() {
  const auto absolute = [](const char* name) -> fs::path {
    const char* value = std::getenv(name);
    return value && *value == '/' ? value : "";
  };
  if (const fs::path state = absolute("XDG_STATE_HOME"); !state.empty()) return state / "sm2";
  if (const fs::path home = absolute("HOME"); !home.empty()) return home / ".local/state/sm2";
  return fmt::format("/var/tmp/sm2-{}", ::geteuid());
}

base::Result<PowerLimit> PowerLimit::set(std::shared_ptr<Library> library, const std::string& uuid,
                                         Watts limit, const fs::path& state_folder) {
  const auto wanted = milliwatts(uuid, limit);
  if (!wanted) return tl::unexpected(wanted.error());
  auto device = find(std::move(library), uuid);
  if (!device) return tl::unexpected(device.error());
  if (auto possible = check_range(**device, *wanted); !possible) return tl::unexpected(possible.error());

  const auto path = LimitFile::path(state_folder, uuid);
  if (!path) return tl::unexpected(path.error());
  auto file = LimitFile::open(*path, LimitFile::Missing::kMake);
  if (!file) return tl::unexpected(file.error());
  if (!*file) return tl::unexpected(busy(uuid));
  if (const auto left = undo(**device, **file); !left) return tl::unexpected(left.error());

  const auto previous = limit_now(**device);
  if (!previous) return tl::unexpected(refused(uuid, *wanted, previous.error()));
  PowerLimit owned(*std::move(device), *std::move(*file), {uuid, *previous, *wanted});
  if (auto done = owned.apply(); !done) return tl::unexpected(done.error());
  return owned;
}

PowerLimit::PowerLimit(std::unique_ptr<Device> device, LimitFile file, LimitState state)
    : device_(std::move(device)), file_(std::move(file)), state_(std::move(state)) {}

PowerLimit::~PowerLimit() {
  if (device_) (void)restore();
}

Watts PowerLimit::previous() const { return Watts(kMilli * state_.previous_mw); }

// First the file, then the limit; then, where the driver has rounded it, the file again.
base::Result<> PowerLimit::apply() {
  if (auto kept = file_->write(state_); !kept) return kept;
  if (const auto done = set_limit(*device_, state_.set_mw); !done)
    return tl::unexpected(refused(state_.uuid, state_.set_mw, done.error()));
  const auto now = limit_now(*device_);
  if (!now || *now == state_.set_mw) return {};
  state_.set_mw = *now;
  return file_->write(state_);
}

base::Result<> PowerLimit::restore() {
  if (!device_ || !file_) return {};
  const auto done = undo(*device_, state_);
  if (done) file_->remove();
  file_.reset();
  if (!done) return base::fail("{}; the next start tries again", done.error().message);
  if (done->changed_since) return base::fail("{}", done->line);
  return {};
}

std::vector<std::string> undo_left_over(std::shared_ptr<Library> library, const fs::path& state_folder) {
  std::error_code none;
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(state_folder, none)) {
    if (entry.path().extension() == ".json") paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  std::vector<std::string> lines;
  for (const fs::path& path : paths) {
    if (std::string line = undo_one(library, path); !line.empty()) lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace sm2::meter::nvml
