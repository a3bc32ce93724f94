#include "cli/app.h"

namespace sm2::cli {

std::unique_ptr<CLI::App> make_app(int& status) {
  auto app = std::make_unique<CLI::App>(
      "SM2 finds the batch size, learning rate and other hyperparameters of a training program, and spends "
      "as few "
      "joules as possible doing it.",
      "sm2");
  app->set_version_flag("--version", "sm2 " SM2_VERSION);
  app->require_subcommand(1);
  add_init(*app, status);
  add_tune(*app, status);
  add_worker(*app, status);
  add_control(*app, status);
  add_measure(*app, status);
  add_devices(*app, status);
  add_compare(*app, status);
  add_list(*app, status);
  add_show(*app, status);
  add_trials(*app, status);
  add_best(*app, status);
  add_report(*app, status);
  add_serve(*app, status);
  add_export(*app, status);
  add_check(*app, status);
  add_backup(*app, status);
  return app;
}

}  // namespace sm2::cli
