#include "sm2/client.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cmath>
#include <thread>

#include "base/descriptor.h"
#include "tests/fuzz/folder.h"
#include "tests/fuzz/targets.h"

namespace sm2::fuzz {
namespace {

// A tuner that says the same whatever it is told, to the one program that connects.
class Tuner {
 public:
  Tuner(const std::string& path, std::string_view says)
      : listener_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    std::filesystem::remove(path);
    const auto* generic = reinterpret_cast<const sockaddr*>(&address);
    require(::bind(listener_.get(), generic, sizeof address) == 0 && ::listen(listener_.get(), 1) == 0,
            "the target's own socket works");
    thread_ = std::thread([this, says] { serve(says); });
  }
  ~Tuner() {
    ::shutdown(listener_.get(), SHUT_RDWR);  // where nobody connected
    thread_.join();
  }
  Tuner(const Tuner&) = delete;
  Tuner& operator=(const Tuner&) = delete;

 private:
  void serve(std::string_view says) const {
    const base::Descriptor program(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    while (!says.empty()) {
      const ssize_t sent = ::send(program.get(), says.data(), says.size(), MSG_NOSIGNAL);
      if (sent <= 0) break;
      says.remove_prefix(static_cast<std::size_t>(sent));
    }
    ::shutdown(program.get(), SHUT_WR);
    char heard[4096];
    while (::recv(program.get(), heard, sizeof heard, 0) > 0) continue;
  }

  base::Descriptor listener_;
  std::thread thread_;
};

template <class Value>
void read_parameter(const Trial& trial, const std::string& name, Value otherwise) {
  try {
    trial.parameter(name, otherwise);
  } catch (const std::invalid_argument&) {  // as documented, of another type
  }
}

void train(Trial trial) {
  for (const auto& [name, value] : trial.parameters()) {
    read_parameter(trial, name, std::int8_t{0});
    read_parameter(trial, name, std::uint64_t{0});
    read_parameter(trial, name, 0.5);
    read_parameter(trial, name, true);
    read_parameter(trial, name, std::string());
  }
  for (const std::int64_t step : {0, 1, 1000}) trial.learning_rate(step, 0.1);
  trial.resume();
  trial.report({1, 2, 0.5, NAN, INFINITY, {}});
  const Action asked = trial.evaluate(1, {{"accuracy", NAN}});
  trial.checkpoint("epoch-1", 1);
  trial.report({2, 4});
  require(trial.action() >= asked, "an action never weakens");
}

void join() {
  try {
    train(Trial::join({10}));
  } catch (const JoinError&) {  // as documented
  }
}

}  // namespace

void client(std::string_view input) {
  static const Folder folder;
  const std::size_t end = std::min(input.find('\n'), input.size());
  const std::string params(input.substr(0, end));  // an environment holds it up to a NUL
  ::setenv("SM2_PARAMS", params.c_str(), 1);
  ::unsetenv("SM2_SOCKET");
  join();
  const std::string path = folder.path("socket");
  ::setenv("SM2_SOCKET", path.c_str(), 1);
  {
    const Tuner tuner(path, input.substr(std::min(end + 1, input.size())));
    join();
  }
  ::unsetenv("SM2_SOCKET");
  ::unsetenv("SM2_PARAMS");
}

}  // namespace sm2::fuzz
