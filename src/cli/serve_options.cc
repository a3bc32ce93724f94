#include "cli/serve_options.h"

namespace sm2::cli {

void add_serve_options(CLI::App& app, Serving& serving) {
  serving.reading = add_reading(app, false, false);
  app.add_option("--listen", serving.listen,
                 "Where: an address of this machine, and a port (0: any that is free)")
      ->type_name("ADDRESS:PORT")
      ->capture_default_str();
  app.add_option("--token-file", serving.token_file,
                 "Who has the token in it may look, and pause, resume and stop, nobody else; made where "
                 "there is none. Needed where other machines can reach the address")
      ->type_name("FILE");
  app.add_option(
         "--allow-host", serving.hosts,
         "A name besides localhost that this may be asked by, as that of a proxy before it; may be repeated")
      ->type_name("NAME[:PORT]");
}

}  // namespace sm2::cli
