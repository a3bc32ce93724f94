#include "dashboard/dashboard.h"

#include "dashboard/events.h"
#include "dashboard/http.h"
#include "dashboard/metrics.h"
#include "dashboard/pages.h"
#include "dashboard/router.h"
#include "dashboard/server.h"

namespace sm2::dashboard {

std::unique_ptr<Router> make_router(Studies& studies, const TrialsFolder& trials_folder, Assets assets,
                                    Admission admission, const Ask& ask) {
  std::vector<Route> routes;
  const bool controls = admission.token && ask;
  for (auto& some :
       {page_routes(studies, assets, controls), api_routes(studies, trials_folder), event_routes(studies),
        metrics_routes(studies), controls ? control_routes(studies, ask) : std::vector<Route>()})
    routes.insert(routes.end(), some.begin(), some.end());
  return std::make_unique<Router>(Gate(std::move(admission)), std::move(routes), refusal_page);
}

base::Result<std::unique_ptr<Dashboard>> Dashboard::open(Options options) {
  if (!options.endpoint.loopback && !options.token)
    return base::fail("{} can be reached by other machines, and needs a token", options.endpoint.host);
  auto listening = listen_on(options.endpoint);
  if (!listening) return tl::unexpected(listening.error());
  const Limits limits = options.limits;
  std::unique_ptr<Dashboard> dashboard(new Dashboard(std::move(options), listening->port));
  if (const auto rows = dashboard->studies_.rows(); !rows) return tl::unexpected(rows.error());
  dashboard->serve(std::move(listening->socket), limits);
  return dashboard;
}

Dashboard::Dashboard(Options options, std::uint16_t port) : port_(port), studies_(std::move(options.source)) {
  Admission admission{port, options.endpoint.loopback, std::move(options.hosts), std::move(options.token)};
  router_ = make_router(studies_, options.trials_folder, kAssets, std::move(admission), options.ask);
}

void Dashboard::serve(base::Descriptor listening, const Limits& limits) {
  const auto answer = [this](const std::string& head) {
    return reply_to(head, [this](const Request& request) { return router_->answer(request); });
  };
  server_ = std::make_unique<Server>(std::move(listening), answer, limits);
}

Dashboard::~Dashboard() = default;

}  // namespace sm2::dashboard
