// The dashboard of a store: pages, API, metrics and streams, behind one gate, on one address.
#pragma once

#include <memory>

#include "base/result.h"
#include "dashboard/api.h"
#include "dashboard/assets.h"
#include "dashboard/control.h"
#include "dashboard/endpoint.h"
#include "dashboard/gate.h"
#include "dashboard/limits.h"
#include "dashboard/studies.h"

namespace sm2::dashboard {

struct Options {
  Endpoint endpoint;
  std::vector<std::string> hosts;    // see Admission
  std::optional<std::string> token;  // needed where the endpoint is no loopback address
  Source source;
  TrialsFolder trials_folder;
  Limits limits;
  Ask ask = {};  // none: it only shows; so does a server without a token
};

class Router;
class Server;

// What it answers, without a network.
std::unique_ptr<Router> make_router(Studies& studies, const TrialsFolder& trials_folder, Assets assets,
                                    Admission admission, const Ask& ask = {});

class Dashboard {
 public:
  // Reads the store, and serves from here on, to its own end. Fails where it cannot listen there, or read the store.
  static base::Result<std::unique_ptr<Dashboard>> open(Options options);
  ~Dashboard();

  std::uint16_t port() const { return port_; }

 private:
  Dashboard(Options options, std::uint16_t port);
  void serve(base::Descriptor listening, const Limits& limits);

  std::uint16_t port_;
  Studies studies_;
  std::unique_ptr<Router> router_;
  std::unique_ptr<Server> server_;
};

}  // namespace sm2::dashboard
