// sm2-serve, the program behind sm2 serve: a store in the browser, for programs and for Prometheus, until a signal ends it.
#include <unistd.h>

#include <exception>

#include "base/host_name.h"
#include "cli/interrupts.h"
#include "cli/output.h"
#include "cli/reading.h"
#include "cli/serve_options.h"
#include "cli/usage.h"
#include "dashboard/dashboard.h"
#include "dashboard/secret.h"
#include "journal/stores.h"
#include "report/printable.h"
#include "study/lock.h"

namespace sm2::cli {
namespace {

dashboard::Source source(const std::string& store) {
  const auto tuner_here = [store](const std::string& study) {
    return study::tuner_alive(journal::trials_folder(store, study));
  };
  return {journal::shown_store(store), [store] { return journal::open_store(store); }, tuner_here};
}

// A tuner that works on it has the store at this version.
dashboard::Ask ask(const std::string& store) {
  return
      [store](const std::string& study, const trial::Request& request) -> base::Result<journal::RequestId> {
        const auto opened = journal::open_store(store, journal::Access::kWrite);
        if (!opened) return tl::unexpected(opened.error());
        const auto requests = (*opened)->requests(study);
        if (!requests) return tl::unexpected(requests.error());
        return (*requests)->ask(request);
      };
}

base::Result<dashboard::Options> options(const std::string& store, const Serving& serving) {
  auto endpoint = dashboard::parse_endpoint(serving.listen);
  if (!endpoint) return base::fail("--listen: {}", endpoint.error().message);
  if (!endpoint->loopback && serving.token_file.empty()) {
    return base::fail(
        "--listen: {} can be reached by other machines; add --token-file FILE, which is made where there is "
        "none",
        endpoint->host);
  }
  dashboard::Options options{*std::move(endpoint), serving.hosts, {}, source(store), {}, {}, ask(store)};
  options.trials_folder = [store](const std::string& study) { return journal::trials_folder(store, study); };
  if (serving.token_file.empty()) return options;
  auto token = dashboard::read_or_make_token(serving.token_file);
  if (!token) return base::fail("--token-file: {}", token.error().message);
  options.token = *std::move(token);
  return options;
}

// The link with the token is for a terminal, which its user alone sees; elsewhere output is kept.
std::string welcome(const dashboard::Options& options, std::uint16_t port, const Serving& serving) {
  const std::string& host = options.endpoint.host;
  const bool any = host == "0.0.0.0" || host == "[::]";
  std::string text = fmt::format("http://{}:{}/", any ? base::host_name() : host, port);
  if (!options.token) return text + "\n";
  if (isatty(STDOUT_FILENO) != 0) return text + "login?token=" + *options.token + "\n";
  return text +
         fmt::format("login?token=TOKEN  with the token in {}\n", report::printable(serving.token_file));
}

int serve(const Serving& serving) {
  Interrupts interrupts;
  const auto chosen = options(serving.reading->store, serving);
  if (!chosen) return fail("serve", chosen.error().message);
  const auto dashboard = dashboard::Dashboard::open(*chosen);
  if (!dashboard) return fail("serve", dashboard.error().message);
  put(stdout, welcome(*chosen, (*dashboard)->port(), serving));
  while (interrupts.count() == 0) interrupts.sleep(base::Seconds(3600));
  return 0;
}

}  // namespace
}  // namespace sm2::cli

int main(int argc, char** argv) {
  CLI::App app(sm2::cli::kServeHelp, "sm2 serve");
  sm2::cli::Serving serving;
  sm2::cli::add_serve_options(app, serving);
  try {
    app.parse(argc, argv);
    return sm2::cli::serve(serving);
  } catch (const CLI::ParseError& error) {
    return error.get_exit_code() == 0 ? app.exit(error) : sm2::cli::fail_usage(error.what());
  } catch (const std::exception& error) {
    return sm2::cli::fail("serve", error.what());
  }
}
